// SPDX-License-Identifier: MIT
/// Reads the start-up page of `os/startup_info.hpp`, with every offset checked.
#pragma once

#include "os/startup_info.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace os {

/// A start-up page whose header and tables lie within it. Texts and lists are checked when they are read: one
/// that is not within the page is empty.
class StartupView {
public:
    static constexpr std::size_t kMaxSize = 16384;

    /// Nothing if `page` does not begin with a sound StartupInfo. `page` is 8-byte aligned and outlives the
    /// view.
    [[nodiscard]] static auto create(std::span<std::byte const> page) -> std::optional<StartupView>;

    [[nodiscard]] auto info() const -> StartupInfo const&;

    [[nodiscard]] auto used_ports() const { return table<UsedPort>(info().used_ports); }
    [[nodiscard]] auto provided_ports() const { return table<std::uint32_t>(info().provided_ports); }
    [[nodiscard]] auto sessions() const { return table<Session>(info().sessions); }
    [[nodiscard]] auto devices() const { return table<DeviceInfo>(info().devices); }
    [[nodiscard]] auto parameters() const { return table<Parameter>(info().parameters); }
    [[nodiscard]] auto arguments() const { return table<std::uint32_t>(info().arguments); }

    /// The text at `offset`; empty for 0.
    [[nodiscard]] auto text(std::uint64_t offset) const -> std::string_view;

    /// Text number `index` of the list at `offset`; nothing behind the last.
    [[nodiscard]] auto list_text(std::uint64_t offset, std::size_t index) const
        -> std::optional<std::string_view>;

private:
    explicit StartupView(std::span<std::byte const> bytes) : bytes_{bytes} {}

    template <typename Entry>
    [[nodiscard]] auto holds(Table const& table) const -> bool {
        return table.offset % alignof(Entry) == 0 && table.offset <= bytes_.size() &&
               table.count <= (bytes_.size() - table.offset) / sizeof(Entry);
    }

    template <typename Entry>
    [[nodiscard]] auto table(Table const& table) const -> std::span<Entry const> {
        if (table.count == 0) {
            return {};
        }
        // `create` has checked bounds and alignment, and the entries are plain numbers.
        void const* const first = bytes_.data() + table.offset;
        return {static_cast<Entry const*>(first), table.count};
    }

    std::span<std::byte const> bytes_; ///< exactly StartupInfo::size bytes
};

} // namespace os
