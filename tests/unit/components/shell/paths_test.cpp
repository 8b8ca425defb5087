// SPDX-License-Identifier: MIT
/// Relative paths and their parts.
#include "components/shell/paths.hpp"

#include <gtest/gtest.h>

namespace {

using namespace shell;

TEST(Paths, Absolute) {
    EXPECT_EQ(absolute("/", "tmp"), "/tmp");
    EXPECT_EQ(absolute("/tmp", "a/b"), "/tmp/a/b");
    EXPECT_EQ(absolute("/tmp", "/boot"), "/boot");
    EXPECT_EQ(absolute("/tmp/a", ".."), "/tmp");
    EXPECT_EQ(absolute("/tmp/a", "../../../.."), "/");
    EXPECT_EQ(absolute("/tmp", "./b//./c/"), "/tmp/b/c");
    EXPECT_EQ(absolute("/tmp", ""), "/tmp");
}

TEST(Paths, JoinAndLastName) {
    EXPECT_EQ(join("/", "a"), "/a");
    EXPECT_EQ(join("/tmp", "a"), "/tmp/a");
    EXPECT_EQ(last_name("/tmp/a"), "a");
    EXPECT_EQ(last_name("/"), "");
}

} // namespace
