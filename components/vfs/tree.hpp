// SPDX-License-Identifier: MIT
/// The one tree made of all file systems: a virtual root whose entries are the mounts.
#pragma once

#include "components/vfs/file_system.hpp"
#include "components/vfs/path.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vfs {

/// A node and the file system it is in. Without a file system: the virtual root.
struct Location {
    FileSystem* file_system{};
    NodeId node{};
};

class Tree {
public:
    /// Puts a file system at `/name`. To be called before the first use; the tree does not own it.
    void mount(std::string name, FileSystem& file_system);

    /// Errors of all: BadPath, NotFound, NotDirectory.
    [[nodiscard]] auto find(std::string_view path) const -> Result<Location>;
    /// A file; `is_new` when `create` has made it. Errors: ReadOnly, IsDirectory, NoSpace.
    struct FoundFile {
        Location location{};
        bool is_new{};
    };
    [[nodiscard]] auto find_or_create(std::string_view path) -> Result<FoundFile>;
    /// Errors: Exists, ReadOnly, NoSpace.
    [[nodiscard]] auto create_directory(std::string_view path) -> Result<void>;
    /// Errors: NotEmpty, ReadOnly.
    [[nodiscard]] auto remove(std::string_view path) -> Result<void>;
    /// Errors: OtherFileSystem, and those of `FileSystem::rename`.
    [[nodiscard]] auto rename(std::string_view from, std::string_view to) -> Result<void>;

    [[nodiscard]] auto stat(Location location) const -> Stat;
    [[nodiscard]] auto entry(Location directory, std::size_t index) const
        -> Result<std::optional<DirectoryEntry>>;

private:
    struct Mount {
        std::string name;
        FileSystem* file_system;
    };
    /// A directory and a name in it, which may or may not exist.
    struct Leaf {
        FileSystem* file_system{};
        FileSystem::Place place{};
        bool names_directory{};
    };

    [[nodiscard]] auto walk(std::span<std::string_view const> names) const -> Result<Location>;
    [[nodiscard]] auto leaf(Path const& path) const -> Result<Leaf>;

    std::vector<Mount> mounts_{}; ///< sorted by name
};

} // namespace vfs
