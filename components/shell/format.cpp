// SPDX-License-Identifier: MIT
/// Integer arithmetic throughout: the same text on every machine.
#include "components/shell/format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace shell {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kMillisecond = 1'000'000;
constexpr std::uint64_t kMinute = 60;
constexpr std::uint64_t kHour = 60 * kMinute;
constexpr std::uint64_t kDay = 24 * kHour;
constexpr std::uint64_t kMostSeconds = 36'600 * kDay;

auto digits(std::uint64_t value, std::size_t count) -> std::string {
    auto const text = std::to_string(value);
    return text.size() < count ? std::string(count - text.size(), '0') + text : text;
}

/// Counts code points: each takes one cell.
auto width(std::string_view text) -> std::size_t {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

auto trimmed(std::string row) -> std::string {
    row.erase(row.find_last_not_of(' ') + 1);
    return row;
}

} // namespace

auto format_size(std::uint64_t bytes) -> std::string {
    constexpr std::array<std::string_view, 7> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    std::size_t unit = 0;
    while (unit + 1 < units.size() && (bytes >> (10 * (unit + 1))) != 0) {
        ++unit;
    }
    auto const shift = 10 * unit;
    auto const whole = bytes >> shift;
    auto const rest = bytes - (whole << shift);
    auto const tenths = unit == 0 ? 0 : (rest >> (shift - 10)) * 10 / 1024;
    auto const fraction = tenths == 0 ? "" : "." + std::to_string(tenths);
    return std::to_string(whole) + fraction + " " + std::string{units.at(unit)};
}

auto format_duration(std::uint64_t nanoseconds) -> std::string {
    auto const seconds = nanoseconds / kSecond;
    auto const milliseconds = nanoseconds % kSecond / kMillisecond;
    auto const minutes = std::to_string(seconds % kHour / kMinute) + " min";
    if (seconds < kMinute) return std::to_string(seconds) + "." + digits(milliseconds, 3) + " s";
    if (seconds < kHour) {
        return minutes + " " + std::to_string(seconds % kMinute) + "." + std::to_string(milliseconds / 100) +
               " s";
    }
    if (seconds < kDay) {
        return std::to_string(seconds / kHour) + " h " + minutes + " " + std::to_string(seconds % kMinute) +
               " s";
    }
    return std::to_string(seconds / kDay) + " d " + std::to_string(seconds % kDay / kHour) + " h " + minutes;
}

auto parse_number(std::string_view text) -> std::optional<std::uint64_t> {
    std::uint64_t value{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

auto parse_seconds(std::string_view text) -> std::optional<std::uint64_t> {
    constexpr std::size_t most_decimals = 9;
    auto const point = std::min(text.find('.'), text.size());
    auto const whole = parse_number(text.substr(0, point));
    if (!whole || *whole > kMostSeconds) return std::nullopt;
    if (point == text.size()) return *whole * kSecond;
    std::string decimals{text.substr(point + 1).substr(0, most_decimals)};
    bool const all_digits =
        std::ranges::all_of(text.substr(point + 1), [](char digit) { return digit >= '0' && digit <= '9'; });
    if (decimals.empty() || !all_digits) return std::nullopt;
    decimals.resize(most_decimals, '0');
    return *whole * kSecond + parse_number(decimals).value_or(0);
}

auto Table::text() const -> std::string {
    std::vector<std::size_t> widths(columns_.size());
    for (auto const& row : rows_) {
        for (std::size_t column = 0; column < columns_.size(); ++column) {
            widths[column] = std::max(widths[column], width(row.at(column)));
        }
    }
    std::string result;
    for (auto const& row : rows_) {
        std::string line;
        for (std::size_t column = 0; column < columns_.size(); ++column) {
            std::string const padding(widths[column] - width(row[column]), ' ');
            bool const right = columns_[column] == Align::Right;
            line += (column == 0 ? "" : "  ") + (right ? padding + row[column] : row[column] + padding);
        }
        result += trimmed(std::move(line)) + "\n";
    }
    return result;
}

auto format_columns(std::vector<std::string> const& names, std::size_t total_width) -> std::string {
    if (names.empty()) return {};
    std::string in_one_row;
    std::size_t widest = 0;
    for (auto const& name : names) {
        in_one_row += (in_one_row.empty() ? "" : "  ") + name;
        widest = std::max(widest, width(name));
    }
    if (width(in_one_row) <= total_width) return in_one_row + "\n";

    auto const column_width = widest + 2;
    auto const columns = std::max<std::size_t>(1, (total_width + 2) / column_width);
    auto const rows = (names.size() + columns - 1) / columns;
    std::string result;
    for (std::size_t row = 0; row < rows; ++row) {
        std::string line;
        for (auto index = row; index < names.size(); index += rows) {
            line += names[index] + std::string(column_width - width(names[index]), ' ');
        }
        result += trimmed(std::move(line)) + "\n";
    }
    return result;
}

} // namespace shell
