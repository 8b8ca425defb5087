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
    /// Characters, zero-terminated, padded.
    void text_property(std::string const& name, std::string value) {
        auto const size = value.size() + 1;
        value.resize((size + 3) / 4 * 4);
        std::vector<std::uint32_t> cells(value.size() / 4);
        for (std::size_t at = 0; at < value.size(); ++at) {
            cells[at / 4] = cells[at / 4] << 8U | static_cast<unsigned char>(value[at]);
        }
        property(name, cells);
    }
    /// An entry of the reservation block.
    void reserve(std::uint64_t base, std::uint64_t size) {
        for (std::uint64_t const value : {base, size}) {
            word(reservations_, static_cast<std::uint32_t>(value >> 32U));
            word(reservations_, static_cast<std::uint32_t>(value));
        }
    }
    auto finish() -> std::vector<std::byte> {
        word(structure_, 9);
        reserve(0, 0);
        constexpr std::size_t kHeader = DeviceTree::kHeaderSize;
        std::vector<std::byte> tree;
        auto const structure = kHeader + reservations_.size();
        auto const strings = structure + structure_.size();
        for (std::size_t const value :
             {std::size_t{0xD00D'FEED}, strings + strings_.size(), structure, strings, kHeader,
              std::size_t{17}, std::size_t{16}, std::size_t{0}, strings_.size(), structure_.size()}) {
            word(tree, static_cast<std::uint32_t>(value));
        }
        tree.insert(tree.end(), reservations_.begin(), reservations_.end());
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

    std::vector<std::byte> reservations_;
    std::vector<std::byte> structure_;
    std::vector<std::byte> strings_;
};

struct Hart {
    std::uint32_t number;
    std::string mmu;
    std::string status{"okay"};
};

/// As in the tree of a RISC-V machine.
void write_processors(Writer& writer, std::vector<Hart> const& harts) {
    writer.begin("cpus");
    writer.property("#address-cells", {1});
    writer.property("#size-cells", {0});
    writer.property("timebase-frequency", {12'345'678});
    for (auto const& hart : harts) {
        writer.begin("cpu@" + std::to_string(hart.number));
        writer.text_property("status", hart.status);
        writer.property("reg", {hart.number});
        if (!hart.mmu.empty()) {
            writer.text_property("mmu-type", hart.mmu);
        }
        writer.begin("interrupt-controller");
        writer.property("reg", {77});
        writer.text_property("status", "disabled");
        writer.end();
        writer.end();
    }
    writer.begin("cpu-map");
    writer.begin("cluster0");
    writer.property("reg", {99});
    writer.end();
    writer.end();
    writer.end();
}

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
    write_processors(writer, {{0, "riscv,sv48"}, {1, ""}});
    writer.end();
    return writer.finish();
}

TEST(DeviceTree, FindsEveryRangeOfMemory) {
    auto const tree = ordinary_tree();
    EXPECT_EQ(DeviceTree::stated_size(tree), tree.size());
    auto const memory = DeviceTree{tree}.contents()->memory;
    ASSERT_EQ(memory.ranges().size(), 2U);
    EXPECT_EQ(memory.ranges()[0].base, 0x4000'0000U);
    EXPECT_EQ(memory.ranges()[0].size, 0x2000'0000U);
    EXPECT_EQ(memory.ranges()[1].base, 0x1'0000'0000U);
}

/// A tree with one device two nodes below the root, as buses have them.
auto tree_with_device(std::string const& node, std::string const& names) -> std::vector<std::byte> {
    Writer writer;
    writer.begin("");
    writer.begin("soc");
    writer.property("#address-cells", {2});
    writer.begin(node);
    writer.text_property("compatible", names);
    writer.end();
    writer.text_property("compatible", "simple-bus");
    writer.end();
    writer.end();
    return writer.finish();
}

auto has_controller(std::vector<std::byte> const& tree) -> bool {
    return DeviceTree{tree}
        .contents({.address = 0xC00'0000, .names = {"first,name", "second"}})
        ->has_expected;
}

TEST(DeviceTree, FindsAnExpectedDeviceByItsAddressAndOneOfItsNames) {
    using namespace std::string_literals;
    EXPECT_TRUE(has_controller(tree_with_device("plic@c000000", "first,name")));
    EXPECT_TRUE(has_controller(tree_with_device("interrupt-controller@c000000", "other\0second"s)));
    EXPECT_FALSE(has_controller(tree_with_device("aplic@c000000", "other")));
    EXPECT_FALSE(has_controller(tree_with_device("plic@c000000", "first"))); // a part of the name
    EXPECT_FALSE(has_controller(tree_with_device("plic@c000000", "")));
    EXPECT_FALSE(has_controller(tree_with_device("plic@d000000", "first,name")));
    EXPECT_FALSE(has_controller(tree_with_device("plic", "first,name")));
    EXPECT_FALSE(has_controller(tree_with_device("plic@", "first,name")));
    EXPECT_FALSE(has_controller(tree_with_device("plic@c000000,0", "first,name")));
    EXPECT_FALSE(has_controller(tree_with_device("plic@10000000c000000ff", "first,name")));
    EXPECT_FALSE(has_controller(tree_with_device("plic@10000000000c000000", "first,name"))); // too long
    EXPECT_FALSE(DeviceTree{ordinary_tree()}.contents()->has_expected);
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
    auto const tree = writer.finish();
    auto const memory = DeviceTree{tree}.contents()->memory;
    ASSERT_EQ(memory.ranges().size(), 1U);
    EXPECT_EQ(memory.ranges()[0].base, 0x1000U);
}

TEST(DeviceTree, FindsTheProcessors) {
    auto const tree = ordinary_tree();
    auto const processors = DeviceTree{tree}.contents()->processors;
    EXPECT_EQ(processors.timer_frequency, 12'345'678U);
    ASSERT_EQ(processors.count, 2U);
    EXPECT_EQ(processors.all[0].number, 0U);
    EXPECT_EQ(processors.all[0].translation, "riscv,sv48");
    EXPECT_EQ(processors.all[1].number, 1U);
    EXPECT_EQ(processors.all[1].translation, "");
}

auto tree_of(std::vector<Hart> const& harts) -> std::vector<std::byte> {
    Writer writer;
    writer.begin("");
    write_processors(writer, harts);
    writer.end();
    return writer.finish();
}

TEST(DeviceTree, LeavesOutProcessorsThatAreDisabled) {
    auto const tree = tree_of({{3, "riscv,sv39"}, {5, "riscv,none", "disabled"}, {8, "riscv,sv57", "ok"}});
    auto const processors = DeviceTree{tree}.contents()->processors;
    ASSERT_EQ(processors.count, 2U);
    EXPECT_EQ(processors.all[0].number, 3U);
    EXPECT_EQ(processors.all[1].number, 8U);
    EXPECT_EQ(processors.all[1].translation, "riscv,sv57");
}

TEST(DeviceTree, KeepsAsManyProcessorsAsThereIsRoomFor) {
    std::vector<Hart> harts;
    for (std::uint32_t number = 0; number < 100; ++number) {
        harts.push_back({number, ""});
    }
    auto const tree = tree_of(harts);
    auto const processors = DeviceTree{tree}.contents()->processors;
    EXPECT_EQ(processors.count, arch::kMaxCores);
    EXPECT_EQ(processors.all.back().number, arch::kMaxCores - 1);
}

TEST(DeviceTree, TakesFrequenciesOfTwoCells) {
    Writer writer;
    writer.begin("");
    writer.begin("cpus");
    writer.property("timebase-frequency", {1, 0});
    writer.begin("cpu@0");
    writer.property("reg", {0, 7});
    writer.end();
    writer.end();
    writer.end();
    auto const tree = writer.finish();
    auto const processors = DeviceTree{tree}.contents()->processors;
    EXPECT_EQ(processors.timer_frequency, 1ULL << 32U);
    EXPECT_EQ(processors.all[0].number, 7U) << "two cells, where nothing is said";
}

TEST(DeviceTree, IsRefusedAsAWholeWhenAProcessorIsDamaged) {
    for (auto const* const property : {"reg", "mmu-type", "status"}) {
        Writer writer;
        writer.begin("");
        writer.begin("memory");
        writer.property("reg", {0, 0x1000, 0x2000});
        writer.end();
        writer.begin("cpus");
        writer.begin("cpu@0");
        writer.property(property, {});
        writer.end();
        writer.end();
        writer.end();
        auto const tree = writer.finish();
        EXPECT_FALSE(DeviceTree{tree}.contents().has_value()) << property;
    }
}

TEST(DeviceTree, FindsWhatFirmwareKeeps) {
    Writer writer;
    writer.reserve(0x4000'0000, 0x1000);
    writer.reserve(0x1'0000'0000, 0x20'0000);
    writer.begin("");
    writer.property("#address-cells", {2});
    writer.property("#size-cells", {2});
    writer.begin("reserved-memory");
    writer.property("ranges", {});
    writer.begin("mmode_resv0@80000000");
    writer.property("reg", {0, 0x8000'0000, 0, 0x8'0000, 0, 0x9000'0000, 0, 0x1000});
    writer.begin("inner");
    writer.property("reg", {0, 0xA000'0000, 0, 0x1000});
    writer.end();
    writer.end();
    writer.begin("allocated-later");
    writer.property("size", {0, 0x1000});
    writer.end();
    writer.end();
    writer.end();
    auto const tree = writer.finish();
    auto const contents = DeviceTree{tree}.contents();
    ASSERT_TRUE(contents.has_value());
    EXPECT_EQ(contents->memory.ranges().size(), 0U);
    auto const reserved = contents->reserved.ranges();
    ASSERT_EQ(reserved.size(), 4U);
    EXPECT_EQ(reserved[0].base, 0x4000'0000U);
    EXPECT_EQ(reserved[1].base, 0x8000'0000U);
    EXPECT_EQ(reserved[1].size, 0x8'0000U);
    EXPECT_EQ(reserved[2].base, 0x9000'0000U);
    EXPECT_EQ(reserved[3].base, 0x1'0000'0000U);
    EXPECT_EQ(reserved[3].size, 0x20'0000U);
}

TEST(DeviceTree, ReservationsHaveCellsOfTheirOwn) {
    Writer writer;
    writer.begin("");
    writer.begin("reserved-memory");
    writer.property("#size-cells", {2});
    writer.property("#address-cells", {1});
    writer.begin("firmware@1000");
    writer.property("reg", {0x1000, 1, 0x2000});
    writer.end();
    writer.end();
    writer.end();
    auto const tree = writer.finish();
    auto const contents = DeviceTree{tree}.contents();
    ASSERT_TRUE(contents.has_value());
    ASSERT_EQ(contents->reserved.ranges().size(), 1U);
    EXPECT_EQ(contents->reserved.ranges()[0].base, 0x1000U);
    EXPECT_EQ(contents->reserved.ranges()[0].size, 0x1'0000'2000U);
}

TEST(DeviceTree, IsRefusedWhenMoreIsReservedThanCanBeKept) {
    for (std::uint64_t const count : {RangeSet::kCapacity / 2, 2 * RangeSet::kCapacity}) {
        Writer writer;
        for (std::uint64_t index = 1; index <= count; ++index) {
            writer.reserve(index * 0x1'0000, 0x1000);
        }
        auto const tree = writer.finish();
        EXPECT_EQ(DeviceTree{tree}.contents().has_value(), count < RangeSet::kCapacity);
    }
}

TEST(DeviceTree, EndsBehindItsLastNode) {
    Writer writer;
    writer.begin("");
    writer.begin("memory");
    writer.property("reg", {0, 0x1000, 0x2000});
    auto const tree = writer.finish();
    EXPECT_FALSE(DeviceTree{tree}.contents().has_value()) << "two nodes are open";
}

TEST(DeviceTree, LooksForTheEndOfAShortNameOnly) {
    for (auto const& [length, is_read] : {std::pair{255, true}, std::pair{256, false}}) {
        Writer writer;
        writer.begin("");
        writer.begin(std::string(static_cast<std::size_t>(length), 'n'));
        writer.end();
        writer.end();
        auto const tree = writer.finish();
        EXPECT_EQ(DeviceTree{tree}.contents().has_value(), is_read) << length;
    }
}

TEST(DeviceTree, ReadsNothingFromWhatIsNone) {
    std::vector<std::byte> const zeroes(64);
    EXPECT_EQ(DeviceTree::stated_size(zeroes), 0U);
    EXPECT_FALSE(DeviceTree{zeroes}.contents().has_value());
    EXPECT_EQ(DeviceTree::stated_size({}), 0U);
}

TEST(DeviceTree, SurvivesBeingCutOff) {
    auto const tree = ordinary_tree();
    for (std::size_t size = 0; size < tree.size(); ++size) {
        std::vector<std::byte> const part(tree.begin(), tree.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(DeviceTree{part}.contents().has_value()) << size;
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
        (void)DeviceTree{damaged}.contents(); // the sanitizers look on
    }
}

} // namespace
} // namespace kernel::boot
