// SPDX-License-Identifier: MIT
/// Paths as text: absolute, with `.` and `..` taken out.
#pragma once

#include "components/vfs/file_system.hpp"

#include <string_view>
#include <vector>

namespace vfs {

inline constexpr std::size_t kMaxPath = 1024; ///< bytes
inline constexpr std::size_t kMaxName = 255;  ///< bytes of one component

/// A path that has been taken apart. The views point into the text it came from.
struct Path {
    std::vector<std::string_view> names; ///< from the root; empty: the root
    bool names_directory;                ///< it ends in `/`, `.` or `..`: only a directory will do
    bool ends_in_dots;                   ///< it ends in `.` or `..`: not a name to create or remove
};

/// `..` takes back the name before it, whether or not that exists; above the root is the root.
/// Errors: BadPath (empty, relative, too long, a name too long, a zero byte).
[[nodiscard]] auto parse_path(std::string_view text) -> Result<Path>;

} // namespace vfs
