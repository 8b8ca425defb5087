// SPDX-License-Identifier: MIT
/// What the sessions of the service may do: paths, and files and directories that they have open, by handle.
#pragma once

#include "components/vfs/tree.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>

namespace vfs {

using Session = std::uint16_t;

/// Names something that a session has open. Never given out twice, and below 2^40.
using Handle = std::uint64_t;

/// As the flags of the interface.
namespace open_flag {
inline constexpr std::uint32_t kRead = 1;
inline constexpr std::uint32_t kWrite = 2;
inline constexpr std::uint32_t kCreate = 4;
inline constexpr std::uint32_t kTruncate = 8;
inline constexpr std::uint32_t kAppend = 16;
} // namespace open_flag

class FileServer {
public:
    static constexpr std::size_t kOpenPerSession = 16;

    explicit FileServer(Tree& tree) : tree_{tree} {}

    [[nodiscard]] auto stat(std::string_view path) const -> Result<Stat>;
    /// Needs `kRead` or `kWrite`; the other flags need `kWrite`. Errors: IsDirectory, ReadOnly, Denied (flags
    /// that make no sense), TooMany, and those of `Tree`.
    [[nodiscard]] auto open(Session session, std::string_view path, std::uint32_t how) -> Result<Handle>;
    /// Errors: NotDirectory, TooMany, and those of `Tree`.
    [[nodiscard]] auto open_directory(Session session, std::string_view path) -> Result<Handle>;
    [[nodiscard]] auto create_directory(std::string_view path) -> Result<void> {
        return tree_.create_directory(path);
    }
    [[nodiscard]] auto remove(std::string_view path) -> Result<void> { return tree_.remove(path); }
    [[nodiscard]] auto rename(std::string_view from, std::string_view to) -> Result<void> {
        return tree_.rename(from, to);
    }

    // All below: Denied for a handle that this session does not have open, or has not opened for this.
    [[nodiscard]] auto read(Session session, Handle file, std::uint64_t offset, std::span<std::byte> into)
        -> Result<std::size_t>;
    /// A file opened with `kAppend` is written at its end, whatever the offset.
    [[nodiscard]] auto write(Session session, Handle file, std::uint64_t offset,
                             std::span<std::byte const> from) -> Result<std::size_t>;
    [[nodiscard]] auto stat(Session session, Handle file) const -> Result<Stat>;
    [[nodiscard]] auto truncate(Session session, Handle file, std::uint64_t size) -> Result<void>;
    [[nodiscard]] auto entry(Session session, Handle directory, std::size_t index) const
        -> Result<std::optional<DirectoryEntry>>;
    /// A handle that is not open is not an error.
    void close(Session session, Handle handle);
    /// Closes everything that the session has open.
    void close_all(Session session);

private:
    struct OpenNode {
        Session session;
        std::uint32_t how; ///< `open_flag`; 0: a directory
        Location location;
    };

    static constexpr Handle kHandleLimit = Handle{1} << 40U;

    [[nodiscard]] auto add(OpenNode node) -> Result<Handle>;
    [[nodiscard]] auto open_count(Session session) const -> std::size_t;
    /// The node behind a handle, open with any of `how`; a directory for 0.
    [[nodiscard]] auto held(Session session, Handle handle, std::uint32_t how) const -> Result<OpenNode>;

    Tree& tree_;
    std::map<Handle, OpenNode> open_{};
    Handle next_{1};
};

} // namespace vfs
