// SPDX-License-Identifier: MIT
/// Checks on the start-up page.
#include "os/startup.hpp"

#include "base/bits.hpp"

#include <cstring>

namespace os {

auto StartupView::create(std::span<std::byte const> page) -> std::optional<StartupView> {
    if (page.size() < sizeof(StartupInfo)) {
        return std::nullopt;
    }
    StartupInfo info{};
    std::memcpy(&info, page.data(), sizeof info);
    if (info.magic != StartupInfo::kMagic || info.version != StartupInfo::kVersion) {
        return std::nullopt;
    }
    if (info.size < sizeof(StartupInfo) || info.size > kMaxSize || info.size > page.size()) {
        return std::nullopt;
    }
    StartupView const view{page.first(info.size)};
    auto const sound = view.holds<UsedPort>(info.used_ports) &&
                       view.holds<std::uint32_t>(info.provided_ports) && view.holds<Session>(info.sessions) &&
                       view.holds<DeviceInfo>(info.devices) && view.holds<Parameter>(info.parameters) &&
                       view.holds<std::uint32_t>(info.arguments) && info.first_free_slot <= info.end_of_slots;
    if (!sound) {
        return std::nullopt;
    }
    return view;
}

auto StartupView::info() const -> StartupInfo const& {
    // `create` has checked the size; the page is aligned and holds plain numbers.
    void const* const page = bytes_.data();
    return *static_cast<StartupInfo const*>(page);
}

auto StartupView::text(std::uint64_t offset) const -> std::string_view {
    if (offset == 0 || offset >= bytes_.size()) {
        return {};
    }
    // Characters are bytes.
    auto const* const first = reinterpret_cast<char const*>(bytes_.data() + offset);
    std::string_view const rest{first, bytes_.size() - offset};
    auto const end = rest.find('\0');
    return end == std::string_view::npos ? std::string_view{} : rest.substr(0, end);
}

auto StartupView::list_text(std::uint64_t offset, std::size_t index) const
    -> std::optional<std::string_view> {
    for (std::size_t position = 0;; ++position) {
        if (!base::fits(offset, (position + 1) * sizeof(std::uint64_t), bytes_.size())) {
            return std::nullopt;
        }
        std::uint64_t entry = 0;
        std::memcpy(&entry, bytes_.data() + offset + position * sizeof entry, sizeof entry);
        if (entry == 0) {
            return std::nullopt;
        }
        if (position == index) {
            return text(entry);
        }
    }
}

} // namespace os
