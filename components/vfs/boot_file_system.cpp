// SPDX-License-Identifier: MIT
/// The archive is read once, at the start; names and contents are views into it.
#include "components/vfs/boot_file_system.hpp"

#include "components/vfs/path.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace vfs {

BootFileSystem::BootFileSystem(base::CpioArchive archive) {
    nodes_.push_back({.kind = Kind::Directory, .data = {}, .names = {}});
    auto cursor = archive.first();
    while (auto const entry = cursor.next()) {
        add(*entry);
    }
}

void BootFileSystem::add(base::CpioEntry const& entry) {
    if (!entry.is_file() && !entry.is_directory()) return;
    NodeId directory = kRoot;
    auto rest = entry.name;
    while (true) {
        auto const slash = rest.find('/');
        auto const name = rest.substr(0, slash);
        if (name.empty() || name == "." || name == ".." || name.size() > kMaxName) return;
        if (slash == std::string_view::npos && entry.is_file()) {
            // The first of two entries with one name counts.
            bool const is_new =
                nodes_[directory].names.emplace(name, static_cast<NodeId>(nodes_.size())).second;
            if (is_new) nodes_.push_back({.kind = Kind::File, .data = entry.data, .names = {}});
            return;
        }
        auto const next = enter(directory, name);
        if (!next || slash == std::string_view::npos) return;
        directory = *next;
        rest.remove_prefix(slash + 1);
    }
}

/// The directory `name` in `directory`, made if it is not there; nothing when a file has the name.
auto BootFileSystem::enter(NodeId directory, std::string_view name) -> std::optional<NodeId> {
    auto const fresh = static_cast<NodeId>(nodes_.size());
    auto const [place, is_new] = nodes_[directory].names.emplace(name, fresh);
    auto const found = place->second;
    if (is_new) nodes_.push_back({.kind = Kind::Directory, .data = {}, .names = {}});
    if (nodes_[found].kind != Kind::Directory) return std::nullopt;
    return found;
}

auto BootFileSystem::stat(NodeId node) const -> Stat {
    auto const& found = nodes_.at(node);
    auto const size = found.kind == Kind::Directory ? found.names.size() : found.data.size();
    return {.size = size, .modified = 0, .kind = found.kind, .writable = false};
}

auto BootFileSystem::lookup(NodeId directory, std::string_view name) const -> Result<NodeId> {
    auto const& node = nodes_.at(directory);
    if (node.kind != Kind::Directory) return std::unexpected(Error::NotDirectory);
    auto const found = node.names.find(name);
    if (found == node.names.end()) return std::unexpected(Error::NotFound);
    return found->second;
}

auto BootFileSystem::entry(NodeId directory, std::size_t index) const
    -> Result<std::optional<DirectoryEntry>> {
    auto const& node = nodes_.at(directory);
    if (node.kind != Kind::Directory) return std::unexpected(Error::NotDirectory);
    if (index >= node.names.size()) return std::optional<DirectoryEntry>{};
    auto const& [name, child] = *std::next(node.names.begin(), static_cast<std::ptrdiff_t>(index));
    return DirectoryEntry{.name = std::string{name}, .stat = stat(child)};
}

auto BootFileSystem::read(NodeId file, std::uint64_t offset, std::span<std::byte> into)
    -> Result<std::size_t> {
    auto const& node = nodes_.at(file);
    if (node.kind == Kind::Directory) return std::unexpected(Error::IsDirectory);
    if (offset >= node.data.size()) return 0;
    auto const count = std::min<std::uint64_t>(into.size(), node.data.size() - offset);
    std::ranges::copy(node.data.subspan(offset, count), into.begin());
    return count;
}

} // namespace vfs
