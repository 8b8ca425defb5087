// SPDX-License-Identifier: MIT
/// From what a generated client says went wrong to what the shell says.
#pragma once

#include "components/shell/system.hpp"
#include "generated/vfs_types.hpp"
#include "os/failure.hpp"

#include <expected>
#include <type_traits>

namespace shell {

[[nodiscard]] constexpr auto to_problem(os::Transport transport) -> Problem {
    switch (transport) {
    case os::Transport::PeerDied: return Problem::PeerDied;
    case os::Transport::Denied: return Problem::Denied;
    case os::Transport::TooLong: return Problem::TooLong;
    case os::Transport::Busy:
    case os::Transport::NoSlot: return Problem::TooMany;
    case os::Transport::BadRequest:
    case os::Transport::Unsupported:
    case os::Transport::BadReply: break;
    }
    return Problem::BadAnswer;
}

[[nodiscard]] constexpr auto to_problem(idl::vfs::FsError error) -> Problem {
    using idl::vfs::FsError;
    switch (error) {
    case FsError::NotFound: return Problem::NotFound;
    case FsError::Exists: return Problem::Exists;
    case FsError::NotDirectory: return Problem::NotDirectory;
    case FsError::IsDirectory: return Problem::IsDirectory;
    case FsError::NotEmpty: return Problem::NotEmpty;
    case FsError::ReadOnly: return Problem::ReadOnly;
    case FsError::NoSpace: return Problem::NoSpace;
    case FsError::BadPath: return Problem::BadPath;
    case FsError::TooMany: return Problem::TooMany;
    case FsError::Denied: return Problem::Denied;
    case FsError::Io: return Problem::InputOutput;
    case FsError::OtherFileSystem: return Problem::OtherFileSystem;
    }
    return Problem::InputOutput;
}

/// Errors that only a mistake of the shell itself can cause.
template <typename Error>
[[nodiscard]] constexpr auto to_problem(Error /*error*/) -> Problem {
    return Problem::BadAnswer;
}

/// The result of a call with the failure in the shell's terms.
template <typename T, typename Error>
[[nodiscard]] auto checked(std::expected<T, os::Failure<Error>> result) -> Result<T> {
    if (result) {
        if constexpr (std::is_void_v<T>) {
            return {};
        } else {
            return *std::move(result);
        }
    }
    auto const error = result.error().error();
    auto const transport = result.error().transport();
    return std::unexpected(error ? to_problem(*error) : to_problem(*transport));
}

} // namespace shell
