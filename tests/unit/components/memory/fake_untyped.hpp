// SPDX-License-Identifier: MIT
/// A model of untyped memory: addresses instead of capabilities, and the kernel's rules.
#pragma once

#include "components/memory/untyped.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace memory::test {

class FakeUntyped final : public UntypedOperations {
public:
    std::size_t slots_left = 1'000'000;

    /// A block that nothing is made of; its slot.
    auto add(std::uint64_t address, unsigned bits) -> Slot {
        blocks_[next_] = {address, bits, {}};
        return next_++;
    }

    auto split(Slot whole, unsigned bits) -> std::expected<Slot, Refusal> override {
        EXPECT_EQ(blocks_.at(whole).bits, bits + 1);
        EXPECT_TRUE(blocks_.at(whole).children.empty());
        if (slots_left < 2) {
            return std::unexpected{Refusal::Exhausted};
        }
        slots_left -= 2;
        Slot const first = add(blocks_.at(whole).address, bits);
        Slot const second = add(blocks_.at(whole).address + (std::uint64_t{1} << bits), bits);
        blocks_.at(whole).children = {first, second};
        return first;
    }

    void merge(Slot whole, Slot first) override {
        EXPECT_EQ(blocks_.at(whole).children, (std::set<Slot>{first, first + 1}));
        for (Slot const half : {first, first + 1}) {
            EXPECT_TRUE(blocks_.at(half).children.empty());
            blocks_.erase(half);
        }
        blocks_.at(whole).children.clear();
        slots_left += 2;
    }

    auto make(Slot whole, Kind, unsigned bits) -> std::expected<Slot, Refusal> override {
        EXPECT_EQ(blocks_.at(whole).bits, bits);
        EXPECT_TRUE(blocks_.at(whole).children.empty());
        if (slots_left < 1) {
            return std::unexpected{Refusal::Exhausted};
        }
        --slots_left;
        Slot const object = next_++;
        blocks_.at(whole).children = {object};
        return object;
    }

    void destroy(Slot whole, Slot object) override {
        EXPECT_EQ(blocks_.at(whole).children, std::set<Slot>{object});
        blocks_.at(whole).children.clear();
        ++slots_left;
    }

    [[nodiscard]] auto address(Slot slot) const -> std::uint64_t { return blocks_.at(slot).address; }

private:
    struct Block {
        std::uint64_t address;
        unsigned bits;
        std::set<Slot> children;
    };

    std::map<Slot, Block> blocks_;
    Slot next_ = 100;
};

} // namespace memory::test
