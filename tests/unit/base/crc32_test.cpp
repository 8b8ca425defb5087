// SPDX-License-Identifier: MIT
/// Tests of the checksum against its published check value.
#include "base/crc32.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace {

TEST(Crc32, HasThePublishedCheckValue) {
    std::string_view const digits = "123456789";
    EXPECT_EQ(base::crc32(std::as_bytes(std::span{digits})), 0xCBF43926U);
    EXPECT_EQ(base::crc32({}), 0U);
}

TEST(Crc32, IsTheSameInPieces) {
    std::string_view const digits = "123456789";
    base::Crc32 checksum;
    checksum.add(std::as_bytes(std::span{digits}.first(4)));
    checksum.add(std::as_bytes(std::span{digits}.subspan(4)));
    EXPECT_EQ(checksum.value(), 0xCBF43926U);
}

} // namespace
