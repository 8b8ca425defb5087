// SPDX-License-Identifier: MIT
/// Files in memory, within a limit: everything a node costs counts against it, and what does not fit is
/// refused before anything has changed.
#pragma once

#include "components/vfs/file_system.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace vfs {

class RamFileSystem final : public FileSystem {
public:
    static constexpr std::size_t kBlockSize = 4096;
    static constexpr std::uint64_t kNodeCost = 192; ///< bytes that a node counts as, beside names and blocks

    using Clock = std::function<std::uint64_t()>;

    /// At most `limit` bytes. `clock` says what time it is, for `Stat::modified`.
    RamFileSystem(std::uint64_t limit, Clock clock);

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
    [[nodiscard]] auto create(NodeId directory, std::string_view name, Kind kind) -> Result<NodeId> override;
    [[nodiscard]] auto remove(NodeId directory, std::string_view name) -> Result<void> override;
    [[nodiscard]] auto rename(Place from, Place to) -> Result<void> override;
    void retain(NodeId node) override;
    void release(NodeId node) override;

    /// Bytes counted against the limit.
    [[nodiscard]] auto used() const -> std::uint64_t { return used_; }

private:
    using Block = std::array<std::byte, kBlockSize>;

    struct Name {
        std::string text;
        NodeId node;
    };

    struct Node {
        Kind kind{Kind::File};
        bool linked{};         ///< some directory has a name for it
        NodeId parent{};       ///< of a directory
        std::uint32_t opens{}; ///< `retain` without `release`
        std::uint64_t size{};  ///< of a file, bytes
        std::uint64_t modified{};
        std::vector<Name> names{};                    ///< of a directory, sorted
        std::vector<std::unique_ptr<Block>> blocks{}; ///< of a file; null: all zero
    };

    static constexpr NodeId kRoot = 0;

    [[nodiscard]] static auto cost_of_name(std::string_view name) -> std::uint64_t {
        return sizeof(Name) + name.size() + 1;
    }
    [[nodiscard]] auto charge(std::uint64_t bytes) -> bool;
    [[nodiscard]] auto require_directory(NodeId node) const -> Result<void>;
    [[nodiscard]] auto require_file(NodeId node) const -> Result<void>;
    [[nodiscard]] static auto position(Node const& directory, std::string_view name) -> std::size_t;
    [[nodiscard]] static auto find(Node const& directory, std::string_view name) -> std::optional<NodeId>;

    auto new_node(Kind kind) -> NodeId;
    void link(NodeId directory, std::string_view name, NodeId node);
    void unlink(NodeId directory, std::string_view name);
    void free_if_unused(NodeId node);
    [[nodiscard]] auto set_block_count(Node& file, std::size_t count) -> bool;
    [[nodiscard]] auto block_for_writing(Node& file, std::size_t index) -> Block*;
    [[nodiscard]] auto may_replace(NodeId moved, NodeId in_the_way) const -> Result<void>;
    [[nodiscard]] auto is_inside(NodeId directory, NodeId ancestor) const -> bool;

    std::uint64_t limit_;
    Clock clock_;
    // used_ <= limit_ at all times.
    std::uint64_t used_{};
    std::vector<Node> nodes_{};
    std::vector<NodeId> free_nodes_{};
};

} // namespace vfs
