// SPDX-License-Identifier: MIT
/// The files of a cpio archive, read-only. Directories that the archive only implies are there as well.
#pragma once

#include "base/cpio.hpp"
#include "components/vfs/file_system.hpp"

#include <map>
#include <vector>

namespace vfs {

class BootFileSystem final : public FileSystem {
public:
    /// The archive stays where it is, unchanged, as long as this lives. Of a damaged archive the entries
    /// before the damage are seen; entries with names that are no plain paths are not.
    explicit BootFileSystem(base::CpioArchive archive);

    [[nodiscard]] auto root() const -> NodeId override { return kRoot; }
    [[nodiscard]] auto stat(NodeId node) const -> Stat override;
    [[nodiscard]] auto lookup(NodeId directory, std::string_view name) const -> Result<NodeId> override;
    [[nodiscard]] auto entry(NodeId directory, std::size_t index) const
        -> Result<std::optional<DirectoryEntry>> override;
    [[nodiscard]] auto read(NodeId file, std::uint64_t offset, std::span<std::byte> into)
        -> Result<std::size_t> override;

private:
    struct Node {
        Kind kind;
        std::span<std::byte const> data;
        std::map<std::string_view, NodeId> names;
    };

    static constexpr NodeId kRoot = 0;

    void add(base::CpioEntry const& entry);
    [[nodiscard]] auto enter(NodeId directory, std::string_view name) -> std::optional<NodeId>;

    std::vector<Node> nodes_{};
};

} // namespace vfs
