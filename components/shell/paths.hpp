// SPDX-License-Identifier: MIT
/// Paths as people type them, relative to where they are.
#pragma once

#include <string>
#include <string_view>

namespace shell {

/// The absolute path, without `.`, `..` and doubled slashes, that `path` names from the directory `from`.
[[nodiscard]] auto absolute(std::string_view from, std::string_view path) -> std::string;

/// `name` in the directory `directory`.
[[nodiscard]] auto join(std::string_view directory, std::string_view name) -> std::string;

/// The last name of an absolute path; empty for the root.
[[nodiscard]] auto last_name(std::string_view path) -> std::string_view;

} // namespace shell
