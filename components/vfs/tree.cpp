// SPDX-License-Identifier: MIT
/// Walks: the first name of a path picks the mount, the others are looked up one after the other.
#include "components/vfs/tree.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <utility>

namespace vfs {

void Tree::mount(std::string name, FileSystem& file_system) {
    auto const place = std::ranges::lower_bound(mounts_, name, {}, &Mount::name);
    mounts_.insert(place, {.name = std::move(name), .file_system = &file_system});
}

auto Tree::find(std::string_view path) const -> Result<Location> {
    auto const parsed = TRY(parse_path(path));
    auto const found = TRY(walk(parsed.names));
    if (parsed.names_directory && stat(found).kind != Kind::Directory) {
        return std::unexpected(Error::NotDirectory);
    }
    return found;
}

auto Tree::find_or_create(std::string_view path) -> Result<FoundFile> {
    auto const found = find(path);
    if (found) return FoundFile{.location = *found, .is_new = false};
    if (found.error() != Error::NotFound) return std::unexpected(found.error());
    auto const parsed = TRY(parse_path(path));
    auto const target = TRY(leaf(parsed));
    if (target.names_directory) return std::unexpected(Error::IsDirectory);
    auto const node = TRY(target.file_system->create(target.place.directory, target.place.name, Kind::File));
    return FoundFile{.location = {.file_system = target.file_system, .node = node}, .is_new = true};
}

auto Tree::create_directory(std::string_view path) -> Result<void> {
    if (find(path)) return std::unexpected(Error::Exists);
    auto const parsed = TRY(parse_path(path));
    auto const target = TRY(leaf(parsed));
    (void)TRY(target.file_system->create(target.place.directory, target.place.name, Kind::Directory));
    return {};
}

auto Tree::remove(std::string_view path) -> Result<void> {
    auto const parsed = TRY(parse_path(path));
    TRY(find(path));
    auto const target = TRY(leaf(parsed));
    return target.file_system->remove(target.place.directory, target.place.name);
}

auto Tree::rename(std::string_view from, std::string_view to) -> Result<void> {
    auto const parsed_from = TRY(parse_path(from));
    auto const parsed_to = TRY(parse_path(to));
    auto const found = TRY(find(from));
    auto const source = TRY(leaf(parsed_from));
    auto const target = TRY(leaf(parsed_to));
    if (target.names_directory && stat(found).kind != Kind::Directory) {
        return std::unexpected(Error::NotDirectory);
    }
    if (source.file_system != target.file_system) return std::unexpected(Error::OtherFileSystem);
    return source.file_system->rename(source.place, target.place);
}

auto Tree::stat(Location location) const -> Stat {
    if (location.file_system != nullptr) return location.file_system->stat(location.node);
    return {.size = mounts_.size(), .modified = 0, .kind = Kind::Directory, .writable = false};
}

auto Tree::entry(Location directory, std::size_t index) const -> Result<std::optional<DirectoryEntry>> {
    if (directory.file_system != nullptr) return directory.file_system->entry(directory.node, index);
    if (index >= mounts_.size()) return std::optional<DirectoryEntry>{};
    auto const& mount = mounts_[index];
    return DirectoryEntry{.name = mount.name, .stat = mount.file_system->stat(mount.file_system->root())};
}

auto Tree::walk(std::span<std::string_view const> names) const -> Result<Location> {
    if (names.empty()) return Location{};
    auto const mount = std::ranges::find(mounts_, names.front(), &Mount::name);
    if (mount == mounts_.end()) return std::unexpected(Error::NotFound);
    Location location{.file_system = mount->file_system, .node = mount->file_system->root()};
    for (auto const name : names.subspan(1)) {
        location.node = TRY(location.file_system->lookup(location.node, name));
    }
    return location;
}

/// Errors: ReadOnly when the name is the root's or one of its entries: those never change.
auto Tree::leaf(Path const& path) const -> Result<Leaf> {
    if (path.ends_in_dots) return std::unexpected(Error::BadPath);
    if (path.names.size() < 2) return std::unexpected(Error::ReadOnly);
    auto const names = std::span{path.names};
    auto const parent = TRY(walk(names.first(names.size() - 1)));
    if (stat(parent).kind != Kind::Directory) return std::unexpected(Error::NotDirectory);
    return Leaf{.file_system = parent.file_system,
                .place = {.directory = parent.node, .name = names.back()},
                .names_directory = path.names_directory};
}

} // namespace vfs
