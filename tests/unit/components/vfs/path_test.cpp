// SPDX-License-Identifier: MIT
/// Paths: dots, slashes, bounds.
#include "components/vfs/path.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace {

using vfs::Error;
using vfs::parse_path;

auto joined(std::string_view text) -> std::string {
    auto const path = parse_path(text);
    if (!path) return "bad";
    std::string result;
    for (auto const name : path->names) {
        result.append("/").append(name);
    }
    return result.empty() ? "/" : result;
}

TEST(Path, DotsAndSlashes) {
    EXPECT_EQ(joined("/"), "/");
    EXPECT_EQ(joined("/a/b"), "/a/b");
    EXPECT_EQ(joined("//a///b/"), "/a/b");
    EXPECT_EQ(joined("/./a/./b/."), "/a/b");
    EXPECT_EQ(joined("/a/../b"), "/b");
    EXPECT_EQ(joined("/a/b/../../c/.."), "/");
    EXPECT_EQ(joined("/../../.."), "/");
    EXPECT_EQ(joined("/..."), "/...");
    EXPECT_EQ(joined("/.a/b."), "/.a/b.");
}

TEST(Path, SaysWhenItNamesADirectory) {
    EXPECT_FALSE(parse_path("/a/b")->names_directory);
    EXPECT_TRUE(parse_path("/a/b/")->names_directory);
    EXPECT_TRUE(parse_path("/a/.")->names_directory);
    EXPECT_TRUE(parse_path("/a/..")->names_directory);
    EXPECT_TRUE(parse_path("/")->names_directory);
    EXPECT_TRUE(parse_path("/a/./")->ends_in_dots);
    EXPECT_TRUE(parse_path("/a/..")->ends_in_dots);
    EXPECT_FALSE(parse_path("/a/../b")->ends_in_dots);
}

TEST(Path, Bounds) {
    EXPECT_EQ(parse_path("").error(), Error::BadPath);
    EXPECT_EQ(parse_path("a").error(), Error::BadPath);
    EXPECT_EQ(parse_path(std::string_view{"/a\0b", 4}).error(), Error::BadPath);
    EXPECT_TRUE(parse_path("/" + std::string(255, 'n')).has_value());
    EXPECT_EQ(parse_path("/" + std::string(256, 'n')).error(), Error::BadPath);
    EXPECT_EQ(parse_path("/" + std::string(256, 'n') + "/..").error(), Error::BadPath);
    EXPECT_TRUE(parse_path(std::string(1024, '/')).has_value());
    EXPECT_EQ(parse_path(std::string(1025, '/')).error(), Error::BadPath);
}

TEST(Path, RandomTextNeverLeavesTheRoot) {
    std::mt19937 random{5};
    constexpr std::string_view letters = "/..ab";
    for (int count = 0; count < 50'000; ++count) {
        std::string text = "/";
        for (auto length = random() % 40; length > 0; --length) {
            text += letters[random() % letters.size()];
        }
        auto const path = parse_path(text);
        ASSERT_TRUE(path.has_value());
        for (auto const name : path->names) {
            ASSERT_FALSE(name.empty() || name == "." || name == "..");
            ASSERT_EQ(name.find('/'), std::string_view::npos);
        }
    }
}

} // namespace
