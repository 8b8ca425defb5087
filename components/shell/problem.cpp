// SPDX-License-Identifier: MIT
/// What people read when something did not work.
#include "components/shell/system.hpp"

namespace shell {

auto describe(Problem problem) -> std::string_view {
    switch (problem) {
    case Problem::NotFound: return "not found";
    case Problem::Exists: return "exists already";
    case Problem::NotDirectory: return "not a directory";
    case Problem::IsDirectory: return "is a directory";
    case Problem::NotEmpty: return "not empty";
    case Problem::ReadOnly: return "read-only";
    case Problem::NoSpace: return "no space left";
    case Problem::BadPath: return "not a path that can be used here";
    case Problem::TooMany: return "too many files are open";
    case Problem::Denied: return "not allowed";
    case Problem::InputOutput: return "the device failed";
    case Problem::OtherFileSystem: return "in another file system";
    case Problem::PeerDied: return "its server has died";
    case Problem::NotConnected: return "not connected in system.yaml";
    case Problem::BadAnswer: return "its server did not understand";
    case Problem::Interrupted: return "interrupted";
    case Problem::TooLong: return "too long";
    }
    return "failed";
}

} // namespace shell
