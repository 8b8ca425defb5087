// SPDX-License-Identifier: MIT
/// Devices as files: one directory of them, fixed when it is made.
#pragma once

#include "components/vfs/file_system.hpp"

#include <memory>
#include <string>
#include <vector>

namespace vfs {

/// A stream of bytes without a size: offsets mean nothing to it.
class Device {
public:
    Device() = default;
    Device(Device const&) = delete;
    auto operator=(Device const&) -> Device& = delete;
    virtual ~Device() = default;

    /// Must not wait for a person or a client.
    [[nodiscard]] virtual auto read(std::span<std::byte> into) -> Result<std::size_t> = 0;
    [[nodiscard]] virtual auto write(std::span<std::byte const> from) -> Result<std::size_t> = 0;
};

/// Swallows what is written; is always at its end.
class NullDevice final : public Device {
public:
    [[nodiscard]] auto read(std::span<std::byte> into) -> Result<std::size_t> override;
    [[nodiscard]] auto write(std::span<std::byte const> from) -> Result<std::size_t> override;
};

/// Swallows what is written; zeros without end.
class ZeroDevice final : public Device {
public:
    [[nodiscard]] auto read(std::span<std::byte> into) -> Result<std::size_t> override;
    [[nodiscard]] auto write(std::span<std::byte const> from) -> Result<std::size_t> override;
};

class DeviceFileSystem final : public FileSystem {
public:
    /// Adds a device; to be called before the first use, in the order of names.
    void add(std::string name, std::unique_ptr<Device> device);

    [[nodiscard]] auto root() const -> NodeId override { return kRoot; }
    [[nodiscard]] auto stat(NodeId node) const -> Stat override;
    [[nodiscard]] auto lookup(NodeId directory, std::string_view name) const -> Result<NodeId> override;
    [[nodiscard]] auto entry(NodeId directory, std::size_t index) const
        -> Result<std::optional<DirectoryEntry>> override;
    [[nodiscard]] auto read(NodeId file, std::uint64_t offset, std::span<std::byte> into)
        -> Result<std::size_t> override;
    [[nodiscard]] auto write(NodeId file, std::uint64_t offset, std::span<std::byte const> from)
        -> Result<std::size_t> override;
    [[nodiscard]] auto truncate(NodeId file, std::uint64_t size) -> Result<void> override;

private:
    struct NamedDevice {
        std::string name;
        std::unique_ptr<Device> device;
    };

    /// Devices are the nodes from 1 on.
    static constexpr NodeId kRoot = 0;

    std::vector<NamedDevice> devices_{};
};

} // namespace vfs
