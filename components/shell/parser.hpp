// SPDX-License-Identifier: MIT
/// From the line a person has typed to words and a redirection.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shell {

struct Redirection {
    std::string path;
    bool append;
    auto operator==(Redirection const&) const -> bool = default;
};

struct ParsedLine {
    std::vector<std::string> words; ///< empty: nothing to do
    std::optional<Redirection> output{};
};

/// Words are separated by blanks. 'single quotes' keep everything, "double quotes" everything but `\"` and
/// `\\`, a backslash the next character. `#` at the start of a word begins a comment. `>` and `>>` redirect
/// the output. What other shells give a meaning to, and this one does not, is refused rather than taken as
/// text. The error is a message for the person.
[[nodiscard]] auto parse_line(std::string_view line) -> std::expected<ParsedLine, std::string>;

} // namespace shell
