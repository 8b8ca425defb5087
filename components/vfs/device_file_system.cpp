// SPDX-License-Identifier: MIT
/// The devices that need nothing from outside, and the directory that holds them all.
#include "components/vfs/device_file_system.hpp"

#include <algorithm>
#include <utility>

namespace vfs {

auto NullDevice::read(std::span<std::byte> /*into*/) -> Result<std::size_t> { return 0; }
auto NullDevice::write(std::span<std::byte const> from) -> Result<std::size_t> { return from.size(); }

auto ZeroDevice::read(std::span<std::byte> into) -> Result<std::size_t> {
    std::ranges::fill(into, std::byte{0});
    return into.size();
}
auto ZeroDevice::write(std::span<std::byte const> from) -> Result<std::size_t> { return from.size(); }

void DeviceFileSystem::add(std::string name, std::unique_ptr<Device> device) {
    devices_.push_back({.name = std::move(name), .device = std::move(device)});
}

auto DeviceFileSystem::stat(NodeId node) const -> Stat {
    if (node == kRoot) {
        return {.size = devices_.size(), .modified = 0, .kind = Kind::Directory, .writable = false};
    }
    return {.size = 0, .modified = 0, .kind = Kind::Device, .writable = true};
}

auto DeviceFileSystem::lookup(NodeId directory, std::string_view name) const -> Result<NodeId> {
    if (directory != kRoot) return std::unexpected(Error::NotDirectory);
    auto const found = std::ranges::find(devices_, name, &NamedDevice::name);
    if (found == devices_.end()) return std::unexpected(Error::NotFound);
    return static_cast<NodeId>(found - devices_.begin() + 1);
}

auto DeviceFileSystem::entry(NodeId directory, std::size_t index) const
    -> Result<std::optional<DirectoryEntry>> {
    if (directory != kRoot) return std::unexpected(Error::NotDirectory);
    if (index >= devices_.size()) return std::optional<DirectoryEntry>{};
    return DirectoryEntry{.name = devices_[index].name, .stat = stat(static_cast<NodeId>(index + 1))};
}

auto DeviceFileSystem::read(NodeId file, std::uint64_t /*offset*/, std::span<std::byte> into)
    -> Result<std::size_t> {
    if (file == kRoot) return std::unexpected(Error::IsDirectory);
    return devices_.at(file - 1).device->read(into);
}

auto DeviceFileSystem::write(NodeId file, std::uint64_t /*offset*/, std::span<std::byte const> from)
    -> Result<std::size_t> {
    if (file == kRoot) return std::unexpected(Error::IsDirectory);
    return devices_.at(file - 1).device->write(from);
}

auto DeviceFileSystem::truncate(NodeId file, std::uint64_t /*size*/) -> Result<void> {
    if (file == kRoot) return std::unexpected(Error::IsDirectory);
    return {};
}

} // namespace vfs
