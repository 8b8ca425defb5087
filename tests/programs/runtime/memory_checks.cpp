// SPDX-License-Identifier: MIT
/// Memory: heap, stack, objects, mappings, the C library.
#include "check.hpp"

#include "os/memory.hpp"
#include "os/startup_info.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace runtime {
namespace {

std::string const made_at_start = "a text that is too long to be kept inside a string";

auto static_objects_are_made() -> Outcome {
    CHECK(made_at_start.size() == 50);
    return nullptr;
}

auto containers_work() -> Outcome {
    std::map<int, std::string> numbers;
    for (int number = 0; number < 500; ++number) {
        numbers[number] = "number " + std::to_string(number);
    }
    for (int number = 0; number < 500; number += 2) {
        numbers.erase(number);
    }
    CHECK(numbers.size() == 250);
    CHECK(numbers.at(499) == "number 499");
    std::vector<std::unique_ptr<int>> owners;
    for (int number = 0; number < 500; ++number) {
        owners.push_back(std::make_unique<int>(number));
    }
    CHECK(*owners[250] == 250);
    return nullptr;
}

auto heap_memory_is_reused() -> Outcome {
    auto const before = os::memory_left();
    for (int round = 0; round < 200; ++round) {
        std::vector<std::byte> const large(100'000);
        CHECK(large[99'999] == std::byte{0});
    }
    CHECK(before.heap - os::memory_left().heap <= 200'000);
    return nullptr;
}

auto heap_says_when_it_is_full() -> Outcome {
    std::size_t const volatile huge = std::size_t{1} << 40U; // the compiler would warn of what it can see
    CHECK(std::malloc(huge) == nullptr);
    CHECK(std::calloc(huge, huge) == nullptr);
    CHECK(std::malloc(os::memory_left().heap + 65536) == nullptr);
    auto const too_much = os::memory_left().heap + 65536;
    CHECK(::operator new(too_much, std::nothrow) == nullptr);
    CHECK(::operator new(too_much, std::align_val_t{256}, std::nothrow) == nullptr);
    return nullptr;
}

auto alignment_is_kept() -> Outcome {
    struct alignas(256) Wide {
        std::array<std::byte, 256> bytes;
    };
    std::vector<std::unique_ptr<Wide>> all;
    for (int count = 0; count < 20; ++count) {
        all.push_back(std::make_unique<Wide>());
        CHECK(reinterpret_cast<std::uintptr_t>(all.back().get()) % 256 == 0);
    }
    return nullptr;
}

/// Half a page of stack in each call, used after the next has returned.
[[gnu::noinline]] auto dig(unsigned depth) -> unsigned {
    std::array<std::uint8_t, 2048> room{};
    std::uint8_t volatile& used = room.at(depth % room.size());
    used = 1;
    return depth == 0 ? 0 : dig(depth - 1) + used;
}

auto stack_grows() -> Outcome {
    CHECK(dig(50) == 50);
    return nullptr;
}

auto printing_works() -> Outcome {
    std::array<char, 40> text{};
    CHECK(std::snprintf(text.data(), text.size(), "%d %s %x %.2f", -5, "five", 0x55U, 2.5) == 15);
    CHECK(std::strcmp(text.data(), "-5 five 55 2.50") == 0);
    return nullptr;
}

auto objects_come_and_go() -> Outcome {
    auto const before = os::memory_left().slots;
    for (int round = 0; round < 300; ++round) {
        auto const endpoint = os::make_object<os::object::Endpoint>();
        auto const frame = os::make_object<os::object::Frame>(abi::kSmallFrameBits);
        CHECK(endpoint.has_value());
        CHECK(frame.has_value());
    }
    CHECK(before - os::memory_left().slots <= 4); // for blocks that stay
    return nullptr;
}

auto memory_comes_to_an_end() -> Outcome {
    // Slots are plenty, so it is memory that ends.
    std::vector<os::Cap<os::object::Frame>> frames;
    auto made = os::make_object<os::object::Frame>(abi::kSmallFrameBits);
    frames.reserve(2048);
    while (made.has_value()) {
        frames.push_back(std::move(*made));
        made = os::make_object<os::object::Frame>(abi::kSmallFrameBits);
    }
    CHECK(made.error() == abi::Error::NotEnoughMemory || made.error() == abi::Error::RangeError);
    CHECK(frames.size() > 20);
    frames.clear();
    CHECK(os::make_object<os::object::Frame>(abi::kSmallFrameBits).has_value());
    return nullptr;
}

auto more_memory_is_used() -> Outcome {
    // What another component would give is taken from our own here.
    constexpr unsigned kBits = 15;
    auto more = os::make_object<os::object::Untyped>(kBits);
    CHECK(more.has_value());
    auto const slot = more->slot();
    CHECK(os::add_memory(std::move(*more), kBits).has_value());
    auto const frame = os::make_object<os::object::Frame>(abi::kSmallFrameBits);
    CHECK(frame.has_value());
    // Something was made of it: it has children, so it cannot be copied.
    auto const copy = os::allocate_slot();
    CHECK(copy.has_value());
    auto const copied = os::object::CNode{os::slot::kCNode}.copy(
        os::kSlotDepth, os::kSlotDepth, abi::rights::kAll, *copy, os::slot::kCNode, slot);
    os::free_slot(*copy);
    CHECK(!copied.has_value() && copied.error() == abi::Error::RevokeFirst);
    return nullptr;
}

auto mappings_are_zero_and_private() -> Outcome {
    for (int round = 0; round < 20; ++round) {
        auto first = os::Mapping::allocate(10'000);
        auto second = os::Mapping::allocate(4096);
        CHECK(first.has_value() && second.has_value());
        CHECK(first->size() == 12'288);
        for (auto const byte : first->bytes()) {
            CHECK(byte == std::byte{0});
        }
        std::memset(first->bytes().data(), 0xAB, first->size());
        std::memset(second->bytes().data(), 0xCD, second->size());
        CHECK(first->bytes()[12'287] == std::byte{0xAB});
    }
    return nullptr;
}

auto frames_of_others_are_mapped() -> Outcome {
    auto frame = os::make_object<os::object::Frame>(abi::kSmallFrameBits);
    CHECK(frame.has_value());
    auto const copy_slot = os::allocate_slot();
    CHECK(copy_slot.has_value());
    auto const copied = os::object::CNode{os::slot::kCNode}.copy(
        os::kSlotDepth, os::kSlotDepth, abi::rights::kAll, *copy_slot, os::slot::kCNode, frame->slot());
    CHECK(copied.has_value());
    auto const writable = os::Mapping::of(std::move(*frame), abi::rights::kRead | abi::rights::kWrite);
    auto const readable = os::Mapping::of(os::Cap<os::object::Frame>{*copy_slot}, abi::rights::kRead);
    CHECK(writable.has_value() && readable.has_value());
    writable->bytes()[100] = std::byte{42};
    CHECK(readable->bytes()[100] == std::byte{42});
    return nullptr;
}

constexpr Check kChecks[] = {
    {"static_objects_are_made", static_objects_are_made},
    {"containers_work", containers_work},
    {"heap_memory_is_reused", heap_memory_is_reused},
    {"heap_says_when_it_is_full", heap_says_when_it_is_full},
    {"alignment_is_kept", alignment_is_kept},
    {"stack_grows", stack_grows},
    {"printing_works", printing_works},
    {"objects_come_and_go", objects_come_and_go},
    {"memory_comes_to_an_end", memory_comes_to_an_end},
    {"more_memory_is_used", more_memory_is_used},
    {"mappings_are_zero_and_private", mappings_are_zero_and_private},
    {"frames_of_others_are_mapped", frames_of_others_are_mapped},
};

} // namespace

auto memory_checks() -> std::span<Check const> { return kChecks; }

} // namespace runtime
