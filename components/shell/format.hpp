// SPDX-License-Identifier: MIT
/// Numbers, times and tables for people to read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shell {

/// `123 B`, `4 KiB`, `1.5 MiB`: at most one decimal, and none when it would be zero.
[[nodiscard]] auto format_size(std::uint64_t bytes) -> std::string;

/// `3.120 s`, `2 min 3.1 s`, `1 h 2 min 3 s`, `2 d 1 h 0 min`.
[[nodiscard]] auto format_duration(std::uint64_t nanoseconds) -> std::string;

/// Seconds with an optional fraction, as in `1.5`, to nanoseconds; nothing if it is no such number, or above
/// a hundred years.
[[nodiscard]] auto parse_seconds(std::string_view text) -> std::optional<std::uint64_t>;

/// A number in decimal digits; nothing for anything else.
[[nodiscard]] auto parse_number(std::string_view text) -> std::optional<std::uint64_t>;

/// Rows of cells; each column is as wide as its widest cell.
class Table {
public:
    enum class Align : std::uint8_t { Left, Right };

    explicit Table(std::vector<Align> columns) : columns_{std::move(columns)} {}

    /// A row with a cell for each column.
    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

    /// Columns are two blanks apart; no row ends in a blank.
    [[nodiscard]] auto text() const -> std::string;

private:
    std::vector<Align> columns_;
    std::vector<std::vector<std::string>> rows_{};
};

/// Names in one row of at most `width` characters if they fit, otherwise in columns, read from top to bottom.
[[nodiscard]] auto format_columns(std::vector<std::string> const& names, std::size_t width) -> std::string;

} // namespace shell
