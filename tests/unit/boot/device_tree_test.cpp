// SPDX-License-Identifier: MIT
/// The reader of device trees, with good trees and with damaged ones.
#include "kernel/boot/device_tree.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace kernel::boot {
namespace {

/// Writes flattened trees, as far as the tests need them.
class Writer {
public:
    void begin(std::string const& name) {
        word(structure_, 1);
        text(name);
    }
    void end() { word(structure_, 2); }
    void property(std::string const& name, std::vector<std::uint32_t> const& cells) {
        word(structure_, 3);
        word(structure_, static_cast<std::uint32_t>(cells.size() * 4));
        word(structure_, static_cast<std::uint32_t>(strings_.size()));
        for (char const character : name) {
            strings_.push_back(static_cast<std::byte>(character));
        }
        strings_.push_back(std::byte{0});
        for (std::uint32_t const cell : cells) {
            word(structure_, cell);
        }
    }
    auto finish() -> std::vector<std::byte> {
        word(structure_, 9);
        constexpr std::size_t kHeader = DeviceTree::kHeaderSize;
        std::vector<std::byte> tree;
        auto const strings = kHeader + structure_.size();
        for (std::size_t const value :
             {std::size_t{0xD00D'FEED}, strings + strings_.size(), kHeader, strings, std::size_t{0},
              std::size_t{17}, std::size_t{16}, std::size_t{0}, strings_.size(), structure_.size()}) {
            word(tree, static_cast<std::uint32_t>(value));
        }
        tree.insert(tree.end(), structure_.begin(), structure_.end());
        tree.insert(tree.end(), strings_.begin(), strings_.end());
        return tree;
    }

private:
    static void word(std::vector<std::byte>& bytes, std::uint32_t value) {
        for (unsigned shift = 32; shift > 0; shift -= 8) {
            bytes.push_back(static_cast<std::byte>(value >> (shift - 8)));
        }
    }
    void text(std::string const& name) {
        for (char const character : name) {
            structure_.push_back(static_cast<std::byte>(character));
        }
        do {
            structure_.push_back(std::byte{0});
        } while (structure_.size() % 4 != 0);
    }

    std::vector<std::byte> structure_;
    std::vector<std::byte> strings_;
};

/// A tree as QEMU's, with another node's `reg` before and after.
auto ordinary_tree() -> std::vector<std::byte> {
    Writer writer;
    writer.begin("");
    writer.property("#address-cells", {2});
    writer.property("#size-cells", {2});
    writer.begin("pl011@9000000");
    writer.property("reg", {0, 0x900'0000, 0, 0x1000});
    writer.end();
    writer.begin("memory@40000000");
    writer.property("device_type", {0x6D65'6D6F});
    writer.property("reg", {0, 0x4000'0000, 0, 0x2000'0000, 1, 0, 0, 0x1000'0000});
    writer.end();
    writer.begin("memory-controller@0");
    writer.property("reg", {0, 0, 0, 0x1000});
    writer.end();
    writer.end();
    return writer.finish();
}

TEST(DeviceTree, FindsEveryRangeOfMemory) {
    auto const tree = ordinary_tree();
    EXPECT_EQ(DeviceTree::stated_size(tree), tree.size());
    auto const memory = DeviceTree{tree}.memory();
    ASSERT_EQ(memory.ranges().size(), 2U);
    EXPECT_EQ(memory.ranges()[0].base, 0x4000'0000U);
    EXPECT_EQ(memory.ranges()[0].size, 0x2000'0000U);
    EXPECT_EQ(memory.ranges()[1].base, 0x1'0000'0000U);
}

TEST(DeviceTree, HeedsTheNumberOfCells) {
    Writer writer;
    writer.begin("");
    writer.property("#address-cells", {1});
    writer.property("#size-cells", {1});
    writer.begin("memory");
    writer.property("reg", {0x1000, 0x2000});
    writer.end();
    writer.end();
    auto const memory = DeviceTree{writer.finish()}.memory();
    ASSERT_EQ(memory.ranges().size(), 1U);
    EXPECT_EQ(memory.ranges()[0].base, 0x1000U);
}

TEST(DeviceTree, ReadsNothingFromWhatIsNone) {
    std::vector<std::byte> const zeroes(64);
    EXPECT_EQ(DeviceTree::stated_size(zeroes), 0U);
    EXPECT_TRUE(DeviceTree{zeroes}.memory().ranges().empty());
    EXPECT_EQ(DeviceTree::stated_size({}), 0U);
}

TEST(DeviceTree, SurvivesBeingCutOff) {
    auto const tree = ordinary_tree();
    for (std::size_t size = 0; size < tree.size(); ++size) {
        std::vector<std::byte> const part(tree.begin(), tree.begin() + static_cast<std::ptrdiff_t>(size));
        (void)DeviceTree{part}.memory(); // the sanitizers look on
    }
}

TEST(DeviceTree, SurvivesDamage) {
    auto const tree = ordinary_tree();
    std::mt19937 random{12345};
    for (int round = 0; round < 50'000; ++round) {
        auto damaged = tree;
        for (int count = 0; count < 4; ++count) {
            damaged[random() % damaged.size()] = static_cast<std::byte>(random());
        }
        (void)DeviceTree{damaged}.memory(); // the sanitizers look on
    }
}

} // namespace
} // namespace kernel::boot
