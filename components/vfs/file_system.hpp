// SPDX-License-Identifier: MIT
/// What the tree of files is made of: a file system holds nodes; a node is a file, a directory or a device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vfs {

/// As in `FsError` of the interface, with the same numbers.
enum class Error : std::uint8_t {
    NotFound = 1,
    Exists = 2,
    NotDirectory = 3,
    IsDirectory = 4,
    NotEmpty = 5,
    ReadOnly = 6,
    NoSpace = 7,
    BadPath = 8,
    TooMany = 9,
    Denied = 10,
    Io = 11,
    OtherFileSystem = 12,
};

template <typename T>
using Result = std::expected<T, Error>;

enum class Kind : std::uint8_t { File = 1, Directory = 2, Device = 3 };

struct Stat {
    std::uint64_t size;     ///< bytes; of a directory: entries
    std::uint64_t modified; ///< nanoseconds since the machine started
    Kind kind;
    bool writable;
    auto operator==(Stat const&) const -> bool = default;
};

struct DirectoryEntry {
    std::string name;
    Stat stat;
};

/// Names a node within its file system.
using NodeId = std::uint32_t;

/// The operations below take nodes that exist and names that are single components, neither `.` nor `..`; the
/// tree sees to that. What a file system does not override, it refuses.
class FileSystem {
public:
    FileSystem() = default;
    FileSystem(FileSystem const&) = delete;
    auto operator=(FileSystem const&) -> FileSystem& = delete;
    virtual ~FileSystem() = default;

    [[nodiscard]] virtual auto root() const -> NodeId = 0;
    [[nodiscard]] virtual auto stat(NodeId node) const -> Stat = 0;

    /// Errors: NotFound, NotDirectory.
    [[nodiscard]] virtual auto lookup(NodeId directory, std::string_view name) const -> Result<NodeId> = 0;
    /// The entry at `index` in the order of names; nothing behind the last. Errors: NotDirectory.
    [[nodiscard]] virtual auto entry(NodeId directory, std::size_t index) const
        -> Result<std::optional<DirectoryEntry>> = 0;

    /// Reads up to `into.size()` bytes; fewer at the end of the file. Errors: IsDirectory, Denied, Io.
    [[nodiscard]] virtual auto read(NodeId file, std::uint64_t offset, std::span<std::byte> into)
        -> Result<std::size_t> = 0;

    /// Writes; fewer bytes than given when the space ended. Errors: NoSpace (not one byte), and as `read`.
    [[nodiscard]] virtual auto write(NodeId /*file*/, std::uint64_t /*offset*/,
                                     std::span<std::byte const> /*from*/) -> Result<std::size_t> {
        return std::unexpected(Error::ReadOnly);
    }
    /// Errors: IsDirectory, NoSpace.
    [[nodiscard]] virtual auto truncate(NodeId /*file*/, std::uint64_t /*size*/) -> Result<void> {
        return std::unexpected(Error::ReadOnly);
    }
    /// A new file or directory. Errors: Exists, NotDirectory, NoSpace.
    [[nodiscard]] virtual auto create(NodeId /*directory*/, std::string_view /*name*/, Kind /*kind*/)
        -> Result<NodeId> {
        return std::unexpected(Error::ReadOnly);
    }
    /// Errors: NotFound, NotEmpty.
    [[nodiscard]] virtual auto remove(NodeId /*directory*/, std::string_view /*name*/) -> Result<void> {
        return std::unexpected(Error::ReadOnly);
    }

    struct Place {
        NodeId directory{};
        std::string_view name{};
    };
    /// Moves a node; a file, or an empty directory in the way of a directory, is replaced.
    /// Errors: NotFound, IsDirectory, NotDirectory, NotEmpty, BadPath (a directory into itself), NoSpace.
    [[nodiscard]] virtual auto rename(Place /*from*/, Place /*to*/) -> Result<void> {
        return std::unexpected(Error::ReadOnly);
    }

    /// An open file keeps its node, even when it is removed, from `retain` to `release`.
    virtual void retain(NodeId /*node*/) {}
    virtual void release(NodeId /*node*/) {}
};

} // namespace vfs
