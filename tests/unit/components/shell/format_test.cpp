// SPDX-License-Identifier: MIT
/// Sizes, times and tables as people read them.
#include "components/shell/format.hpp"

#include <gtest/gtest.h>

namespace {

using namespace shell;

TEST(Format, Sizes) {
    EXPECT_EQ(format_size(0), "0 B");
    EXPECT_EQ(format_size(1023), "1023 B");
    EXPECT_EQ(format_size(1024), "1 KiB");
    EXPECT_EQ(format_size(1536), "1.5 KiB");
    EXPECT_EQ(format_size(2 * 1024 * 1024), "2 MiB");
    EXPECT_EQ(format_size(~0ULL), "15.9 EiB");
}

TEST(Format, Durations) {
    EXPECT_EQ(format_duration(0), "0.000 s");
    EXPECT_EQ(format_duration(3'120'999'999), "3.120 s");
    EXPECT_EQ(format_duration(123'100'000'000), "2 min 3.1 s");
    EXPECT_EQ(format_duration(3'723'000'000'000), "1 h 2 min 3 s");
    EXPECT_EQ(format_duration(90'000'000'000'000), "1 d 1 h 0 min");
}

TEST(Format, Seconds) {
    EXPECT_EQ(parse_seconds("2"), 2'000'000'000U);
    EXPECT_EQ(parse_seconds("0.5"), 500'000'000U);
    EXPECT_EQ(parse_seconds("1.0000000019"), 1'000'000'001U);
    for (auto const* const text : {"", ".", "1.", ".5", "-1", "1e3", "1.x", "x", "99999999999", "1.2.3"}) {
        EXPECT_FALSE(parse_seconds(text).has_value()) << text;
    }
}

TEST(Format, Numbers) {
    EXPECT_EQ(parse_number("18446744073709551615"), ~0ULL);
    EXPECT_FALSE(parse_number("18446744073709551616").has_value());
    EXPECT_FALSE(parse_number("1 ").has_value());
}

TEST(Format, Tables) {
    Table table{{Table::Align::Left, Table::Align::Right}};
    table.add({"NAME", "SIZE"});
    table.add({"a", "12"});
    table.add({"longer", ""});
    EXPECT_EQ(table.text(), "NAME    SIZE\na         12\nlonger\n");
}

TEST(Format, ColumnsAreFilledFromTopToBottom) {
    EXPECT_EQ(format_columns({"a", "bb", "c", "d", "e"}, 7), "a   d\nbb  e\nc\n");
    EXPECT_EQ(format_columns({"a", "b"}, 0), "a\nb\n");
    EXPECT_EQ(format_columns({}, 80), "");
}

} // namespace
