// SPDX-License-Identifier: MIT
/// A start-up page for tests, put together as the composer does it.
#pragma once

#include "os/startup.hpp"

#include <cstring>
#include <string_view>
#include <vector>

namespace test {

class StartupPage {
public:
    StartupPage() : bytes_(sizeof(os::StartupInfo)) {
        info_.magic = os::StartupInfo::kMagic;
        info_.version = os::StartupInfo::kVersion;
        info_.first_free_slot = 100;
        info_.end_of_slots = 200;
    }

    /// Appends a text; its offset.
    auto text(std::string_view text) -> std::uint32_t {
        auto const offset = append(text.data(), text.size());
        bytes_.push_back(std::byte{0});
        return offset;
    }

    template <typename Entry>
    auto table(std::vector<Entry> const& entries) -> os::Table {
        auto const offset = append(entries.data(), entries.size() * sizeof(Entry));
        return {.offset = offset, .count = static_cast<std::uint32_t>(entries.size())};
    }

    auto info() -> os::StartupInfo& { return info_; }

    /// The finished page; what was finished before is gone.
    auto finish() -> std::span<std::byte const> {
        info_.size = static_cast<std::uint32_t>(bytes_.size());
        std::memcpy(bytes_.data(), &info_, sizeof info_);
        return bytes_;
    }

    [[nodiscard]] auto size() const -> std::size_t { return bytes_.size(); }

private:
    auto append(void const* data, std::size_t size) -> std::uint32_t {
        bytes_.resize((bytes_.size() + 7) / 8 * 8);
        auto const offset = bytes_.size();
        bytes_.resize(offset + size);
        if (size != 0) {
            std::memcpy(bytes_.data() + offset, data, size);
        }
        return static_cast<std::uint32_t>(offset);
    }

    os::StartupInfo info_{};
    std::vector<std::byte> bytes_;
};

} // namespace test
