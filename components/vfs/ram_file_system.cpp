// SPDX-License-Identifier: MIT
/// Each change is charged first, then made; making it cannot fail.
#include "components/vfs/ram_file_system.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace vfs {
namespace {

constexpr std::uint64_t kBlockPointerCost = sizeof(std::unique_ptr<int>);

auto blocks_for(std::uint64_t bytes) -> std::size_t {
    return (bytes + RamFileSystem::kBlockSize - 1) / RamFileSystem::kBlockSize;
}

} // namespace

RamFileSystem::RamFileSystem(std::uint64_t limit, Clock clock) : limit_{limit}, clock_{std::move(clock)} {
    nodes_[new_node(Kind::Directory)].linked = true;
}

auto RamFileSystem::stat(NodeId node) const -> Stat {
    auto const& found = nodes_.at(node);
    auto const size = found.kind == Kind::Directory ? found.names.size() : found.size;
    return {.size = size, .modified = found.modified, .kind = found.kind, .writable = true};
}

auto RamFileSystem::lookup(NodeId directory, std::string_view name) const -> Result<NodeId> {
    TRY(require_directory(directory));
    auto const found = find(nodes_.at(directory), name);
    if (!found) return std::unexpected(Error::NotFound);
    return *found;
}

auto RamFileSystem::entry(NodeId directory, std::size_t index) const
    -> Result<std::optional<DirectoryEntry>> {
    TRY(require_directory(directory));
    auto const& names = nodes_.at(directory).names;
    if (index >= names.size()) return std::optional<DirectoryEntry>{};
    return DirectoryEntry{.name = names[index].text, .stat = stat(names[index].node)};
}

auto RamFileSystem::read(NodeId file, std::uint64_t offset, std::span<std::byte> into)
    -> Result<std::size_t> {
    TRY(require_file(file));
    auto const& node = nodes_.at(file);
    if (offset >= node.size) return 0;
    into = into.first(std::min<std::uint64_t>(into.size(), node.size - offset));
    for (std::size_t done = 0; done < into.size();) {
        auto const in_block = (offset + done) % kBlockSize;
        auto const count = std::min(kBlockSize - in_block, into.size() - done);
        auto const part = into.subspan(done, count);
        if (auto const& block = node.blocks[(offset + done) / kBlockSize]; block != nullptr) {
            std::ranges::copy(std::span{*block}.subspan(in_block, count), part.begin());
        } else {
            std::ranges::fill(part, std::byte{0});
        }
        done += count;
    }
    return into.size();
}

auto RamFileSystem::write(NodeId file, std::uint64_t offset, std::span<std::byte const> from)
    -> Result<std::size_t> {
    TRY(require_file(file));
    if (from.empty()) return 0;
    if (offset >= limit_) return std::unexpected(Error::NoSpace);
    auto& node = nodes_.at(file);
    from = from.first(std::min<std::uint64_t>(from.size(), limit_ - offset));
    auto const blocks_before = node.blocks.size();
    if (!set_block_count(node, std::max(blocks_before, blocks_for(offset + from.size())))) {
        return std::unexpected(Error::NoSpace);
    }
    std::size_t done = 0;
    while (done < from.size()) {
        auto const in_block = (offset + done) % kBlockSize;
        auto const count = std::min(kBlockSize - in_block, from.size() - done);
        auto* const block = block_for_writing(node, (offset + done) / kBlockSize);
        if (block == nullptr) break;
        std::ranges::copy(from.subspan(done, count), block->begin() + static_cast<std::ptrdiff_t>(in_block));
        done += count;
    }
    if (done > 0) {
        node.size = std::max(node.size, offset + done);
        node.modified = clock_();
    }
    (void)set_block_count(node, blocks_for(node.size)); // fewer than there are: cannot fail
    if (done == 0) return std::unexpected(Error::NoSpace);
    return done;
}

auto RamFileSystem::truncate(NodeId file, std::uint64_t size) -> Result<void> {
    TRY(require_file(file));
    auto& node = nodes_.at(file);
    if (size > limit_ || !set_block_count(node, blocks_for(size))) return std::unexpected(Error::NoSpace);
    auto const in_last = size % kBlockSize;
    if (size < node.size && in_last != 0 && node.blocks.back() != nullptr) {
        // What lies behind the end must read as zero when the file grows again.
        std::ranges::fill(std::span{*node.blocks.back()}.subspan(in_last), std::byte{0});
    }
    node.size = size;
    node.modified = clock_();
    return {};
}

auto RamFileSystem::create(NodeId directory, std::string_view name, Kind kind) -> Result<NodeId> {
    TRY(require_directory(directory));
    if (find(nodes_.at(directory), name)) return std::unexpected(Error::Exists);
    if (!nodes_.at(directory).linked) return std::unexpected(Error::NotFound); // removed, and still open
    if (!charge(kNodeCost + cost_of_name(name))) return std::unexpected(Error::NoSpace);
    auto const node = new_node(kind);
    link(directory, name, node);
    return node;
}

auto RamFileSystem::remove(NodeId directory, std::string_view name) -> Result<void> {
    auto const node = TRY(lookup(directory, name));
    if (!nodes_.at(node).names.empty()) return std::unexpected(Error::NotEmpty);
    unlink(directory, name);
    free_if_unused(node);
    return {};
}

auto RamFileSystem::rename(Place from, Place to) -> Result<void> {
    auto const moved = TRY(lookup(from.directory, from.name));
    TRY(require_directory(to.directory));
    auto const in_the_way = find(nodes_.at(to.directory), to.name);
    if (in_the_way == moved) return {};
    if (is_inside(to.directory, moved)) return std::unexpected(Error::BadPath);
    if (in_the_way) TRY(may_replace(moved, *in_the_way));
    // The new name is charged before the old one is given back: a rename into a full file system may fail.
    if (!charge(cost_of_name(to.name))) return std::unexpected(Error::NoSpace);
    if (in_the_way) {
        unlink(to.directory, to.name);
        free_if_unused(*in_the_way);
    }
    unlink(from.directory, from.name);
    link(to.directory, to.name, moved);
    return {};
}

auto RamFileSystem::may_replace(NodeId moved, NodeId in_the_way) const -> Result<void> {
    bool const moves_directory = nodes_.at(moved).kind == Kind::Directory;
    auto const& target = nodes_.at(in_the_way);
    if (target.kind == Kind::Directory && !moves_directory) return std::unexpected(Error::IsDirectory);
    if (target.kind != Kind::Directory && moves_directory) return std::unexpected(Error::NotDirectory);
    if (!target.names.empty()) return std::unexpected(Error::NotEmpty);
    return {};
}

auto RamFileSystem::is_inside(NodeId directory, NodeId ancestor) const -> bool {
    while (directory != ancestor) {
        if (directory == kRoot) return false;
        directory = nodes_.at(directory).parent;
    }
    return true;
}

void RamFileSystem::retain(NodeId node) { ++nodes_.at(node).opens; }

void RamFileSystem::release(NodeId node) {
    --nodes_.at(node).opens;
    free_if_unused(node);
}

auto RamFileSystem::charge(std::uint64_t bytes) -> bool {
    if (bytes > limit_ - used_) return false;
    used_ += bytes;
    return true;
}

auto RamFileSystem::require_directory(NodeId node) const -> Result<void> {
    if (nodes_.at(node).kind != Kind::Directory) return std::unexpected(Error::NotDirectory);
    return {};
}

auto RamFileSystem::require_file(NodeId node) const -> Result<void> {
    if (nodes_.at(node).kind == Kind::Directory) return std::unexpected(Error::IsDirectory);
    return {};
}

auto RamFileSystem::position(Node const& directory, std::string_view name) -> std::size_t {
    auto const place = std::ranges::lower_bound(
        directory.names, name, {}, [](Name const& entry) { return std::string_view{entry.text}; });
    return static_cast<std::size_t>(place - directory.names.begin());
}

auto RamFileSystem::find(Node const& directory, std::string_view name) -> std::optional<NodeId> {
    auto const index = position(directory, name);
    if (index == directory.names.size() || directory.names[index].text != name) return std::nullopt;
    return directory.names[index].node;
}

auto RamFileSystem::new_node(Kind kind) -> NodeId {
    Node fresh;
    fresh.kind = kind;
    fresh.modified = clock_();
    if (free_nodes_.empty()) {
        nodes_.push_back(std::move(fresh));
        return static_cast<NodeId>(nodes_.size() - 1);
    }
    auto const node = free_nodes_.back();
    free_nodes_.pop_back();
    nodes_[node] = std::move(fresh);
    return node;
}

void RamFileSystem::link(NodeId directory, std::string_view name, NodeId node) {
    auto& names = nodes_.at(directory).names;
    auto const index = position(nodes_.at(directory), name);
    names.insert(names.begin() + static_cast<std::ptrdiff_t>(index), Name{std::string{name}, node});
    nodes_.at(directory).modified = clock_();
    nodes_.at(node).linked = true;
    nodes_.at(node).parent = directory;
}

void RamFileSystem::unlink(NodeId directory, std::string_view name) {
    auto& parent = nodes_.at(directory);
    auto const index = position(parent, name);
    nodes_.at(parent.names[index].node).linked = false;
    parent.names.erase(parent.names.begin() + static_cast<std::ptrdiff_t>(index));
    parent.modified = clock_();
    used_ -= cost_of_name(name);
}

void RamFileSystem::free_if_unused(NodeId node) {
    auto& unused = nodes_.at(node);
    if (unused.linked || unused.opens > 0) return;
    (void)set_block_count(unused, 0); // fewer than there are: cannot fail
    unused = Node{};
    free_nodes_.push_back(node);
    used_ -= kNodeCost;
}

auto RamFileSystem::set_block_count(Node& file, std::size_t count) -> bool {
    auto const before = file.blocks.size();
    if (count > before) {
        if (!charge((count - before) * kBlockPointerCost)) return false;
    } else {
        auto const dropped = std::span{file.blocks}.subspan(count);
        auto const held = std::ranges::count_if(dropped, [](auto const& block) { return block != nullptr; });
        used_ -= (before - count) * kBlockPointerCost + static_cast<std::uint64_t>(held) * kBlockSize;
    }
    file.blocks.resize(count);
    return true;
}

auto RamFileSystem::block_for_writing(Node& file, std::size_t index) -> Block* {
    auto& block = file.blocks[index];
    if (block != nullptr) return block.get();
    if (!charge(kBlockSize)) return nullptr;
    block.reset(new (std::nothrow) Block{});
    if (block == nullptr) used_ -= kBlockSize;
    return block.get();
}

} // namespace vfs
