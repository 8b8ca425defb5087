// SPDX-License-Identifier: MIT
/// Frames of each size that fits into the arena: the order of refusals, contents over remapping, stale
/// translations, execution. And what the operations on caches do to them.
#include "home.hpp"
#include "instructions.hpp"
#include "kernel/abi/fault.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <algorithm>
#include <array>

namespace suite {

namespace {

constexpr std::array<unsigned, 2> kSizes{abi::kSmallFrameBits, abi::kLargeFrameBits};
constexpr std::uint8_t kCached = 0;
constexpr std::uint8_t kUncached = 1;
/// At 1 GiB from kFreeAddress: nothing there has page tables.
constexpr std::uint64_t kWithoutTables = kFreeAddress + (1ULL << 30U);

auto word_at(std::uint64_t address) -> std::uint64_t volatile& {
    return *reinterpret_cast<std::uint64_t volatile*>(address);
}

auto map(CPtr frame, std::uint64_t address, std::uint8_t rights = kReadWrite,
         std::uint8_t attributes = kCached) -> Error {
    return refusal(object::Frame{frame}.map(rights, attributes, kOwnSpace, address));
}

auto unmap(CPtr frame) -> Outcome { return must(object::Frame{frame}.unmap()); }

/// Words spread over the frame, the first and the last among them.
auto fill(std::uint64_t address, unsigned bits, std::uint64_t seed) -> void {
    std::uint64_t const size = 1ULL << bits;
    for (std::uint64_t offset = 0; offset < size; offset += size / 16) {
        word_at(address + offset) = seed + offset;
    }
    word_at(address + size - 8) = seed;
}

auto is_filled(std::uint64_t address, unsigned bits, std::uint64_t seed) -> bool {
    std::uint64_t const size = 1ULL << bits;
    for (std::uint64_t offset = 0; offset < size; offset += size / 16) {
        if (word_at(address + offset) != seed + offset) {
            return false;
        }
    }
    return word_at(address + size - 8) == seed;
}

auto mapping_rules_hold(Rig& rig, unsigned bits) -> Outcome {
    std::uint64_t const size = 1ULL << bits;
    std::uint64_t const here = kFreeAddress + 4 * (1ULL << abi::kLargeFrameBits);
    CPtr const frame = TRY(rig.make(ObjectType::Frame, bits));
    REQUIRE(map(frame, kWithoutTables) == Error::FailedLookup);
    TRY(rig.map(frame, here, kReadWrite));
    fill(here, bits, 0xAB00);
    CPtr const other = TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits));
    CPtr const copy = TRY(rig.mint(frame, 0));
    REQUIRE(map(copy, here + size + 8) == Error::AlignmentError);
    REQUIRE(map(copy, here + size + size / 2) == Error::AlignmentError);
    REQUIRE(map(copy, here) == Error::DeleteFirst);
    REQUIRE(map(other, here) == Error::DeleteFirst);
    REQUIRE(map(frame, here + size) == Error::InvalidArgument);
    REQUIRE(map(frame, here, kReadWrite, 2) == Error::InvalidArgument); // no such attribute
    REQUIRE(map(copy, kWithoutTables) == Error::FailedLookup);
    REQUIRE(TRY(must(object::Frame{frame}.info())).mapped_address == here);
    REQUIRE(TRY(must(object::Frame{copy}.info())).mapped_address == 0 && is_filled(here, bits, 0xAB00));
    // At its own address again: that changes the rights only.
    REQUIRE(map(frame, here, kReadOnly) == Error::None && is_filled(here, bits, 0xAB00));
    REQUIRE(map(copy, here + size) == Error::None && is_filled(here + size, bits, 0xAB00));
    TRY(unmap(frame));
    REQUIRE(map(frame, here) == Error::None && is_filled(here, bits, 0xAB00));
    return {};
}

auto small_pages_follow_the_rules(Rig& rig) -> Outcome {
    return mapping_rules_hold(rig, abi::kSmallFrameBits);
}
auto large_pages_follow_the_rules(Rig& rig) -> Outcome {
    return mapping_rules_hold(rig, abi::kLargeFrameBits);
}

auto a_page_table_can_move(Rig& rig) -> Outcome {
    CPtr const frame = TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits));
    object::PageTable const upper{TRY(rig.make(ObjectType::PageTable))};
    object::PageTable const lower{TRY(rig.make(ObjectType::PageTable))};
    TRY(must(upper.map(kOwnSpace, kFreeAddress)));
    for (std::uint64_t round = 0; round < 8; ++round) {
        std::uint64_t const address = kFreeAddress + (round << abi::kLargeFrameBits);
        TRY(must(lower.map(kOwnSpace, address)));
        REQUIRE(map(frame, address) == Error::None);
        REQUIRE(round == 0 || is_filled(address, abi::kSmallFrameBits, round - 1));
        fill(address, abi::kSmallFrameBits, round);
        TRY(unmap(frame));
        TRY(must(lower.unmap()));
        REQUIRE(map(frame, address) == Error::FailedLookup);
    }
    return {};
}

auto no_translation_is_stale(Rig& rig) -> Outcome {
    for (unsigned const bits : kSizes) {
        CPtr const first = TRY(rig.make(ObjectType::Frame, bits));
        CPtr const second = TRY(rig.make(ObjectType::Frame, bits));
        std::uint64_t const last = kFreeAddress + (1ULL << bits) - 8;
        TRY(rig.map(first, kFreeAddress, kReadWrite));
        word_at(kFreeAddress) = 1;
        word_at(last) = 1;
        for (int round = 0; round < 20; ++round) {
            TRY(unmap(first));
            REQUIRE(map(second, kFreeAddress) == Error::None);
            std::uint64_t const expected = round == 0 ? 0 : 2;
            REQUIRE(word_at(kFreeAddress) == expected && word_at(last) == expected);
            word_at(kFreeAddress) = 2;
            word_at(last) = 2;
            TRY(unmap(second));
            REQUIRE(map(first, kFreeAddress) == Error::None);
            REQUIRE(word_at(kFreeAddress) == 1 && word_at(last) == 1);
        }
        TRY(rig.tear_down());
    }
    return {};
}

auto contents_survive_remapping(Rig& rig) -> Outcome {
    for (unsigned const bits : kSizes) {
        CPtr const frame = TRY(rig.make(ObjectType::Frame, bits));
        REQUIRE(TRY(must(object::Frame{frame}.info())).size_bits == bits);
        for (std::uint64_t round = 0; round < 4; ++round) {
            std::uint64_t const address = kFreeAddress + (round << abi::kLargeFrameBits);
            TRY(rig.map(frame, address, kReadWrite));
            REQUIRE(round == 0 || is_filled(address, bits, round - 1));
            fill(address, bits, round);
            TRY(unmap(frame));
        }
        TRY(rig.tear_down());
    }
    return {};
}

struct Runner {
    std::uint64_t address;
    std::atomic<unsigned> returned;
};

void run_it(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Runner*>(argument);
    reinterpret_cast<void (*)()>(self.address)();
    ++self.returned;
    rest();
}

/// A page with one instruction runs as long as it is executable.
auto execution_follows_the_right(Rig& rig, unsigned bits) -> Outcome {
    CPtr const frame = TRY(rig.make(ObjectType::Frame, bits));
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    TRY(rig.map(frame, kFreeAddress, kReadWrite));
    *reinterpret_cast<std::uint32_t volatile*>(kFreeAddress) = instruction::kReturn;
    TRY(rig.map(frame, kFreeAddress, kReadExecute));
    TRY(must(object::Frame{frame}.unify(0, 64)));
    Runner runner{.address = kFreeAddress, .returned = {}};
    auto const argument = reinterpret_cast<std::uint64_t>(&runner);
    TRY(rig.start({.run = run_it, .argument = argument}));
    REQUIRE(runner.returned == 1);
    TRY(rig.map(frame, kFreeAddress, kReadOnly));
    Thread const thread = TRY(rig.start({.run = run_it, .argument = argument, .fault_endpoint = faults}));
    auto const fault = os::try_receive(faults).message;
    REQUIRE(fault.tag.label() == static_cast<std::uint64_t>(abi::FaultKind::VirtualMemory));
    REQUIRE(fault.words[0] == kFreeAddress && fault.words[1] == kFreeAddress);
    REQUIRE(fault.words[2] == abi::fault_access::kInstruction && runner.returned == 1);
    // Executable again, it goes on.
    TRY(rig.map(frame, kFreeAddress, kReadExecute));
    os::reply(message(0));
    REQUIRE(runner.returned == 2 && thread.state() == state::kSending);
    return {};
}

auto small_pages_run_if_executable(Rig& rig) -> Outcome {
    return execution_follows_the_right(rig, abi::kSmallFrameBits);
}
auto large_pages_run_if_executable(Rig& rig) -> Outcome {
    return execution_follows_the_right(rig, abi::kLargeFrameBits);
}

/// A frame seen through the cache and past it.
struct Aliases {
    object::Frame cached;
    object::Frame uncached;
    std::uint64_t through;
    std::uint64_t past;
};

auto aliases(Rig& rig, unsigned bits) -> Got<Aliases> {
    CPtr const frame = TRY(rig.make(ObjectType::Frame, bits));
    CPtr const copy = TRY(rig.mint(frame, 0));
    std::uint64_t const past = kFreeAddress + 4 * (1ULL << abi::kLargeFrameBits);
    TRY(rig.map(frame, kFreeAddress, kReadWrite));
    TRY(rig.map(copy, past, kReadWrite)); // makes the tables
    TRY(unmap(copy));
    TRY(must(object::Frame{copy}.map(kReadWrite, kUncached, kOwnSpace, past)));
    return Aliases{object::Frame{frame}, object::Frame{copy}, kFreeAddress, past};
}

/// What each operation promises for the bytes `[first, end)`, through both capabilities.
auto caches_are_kept(Aliases const& alias, std::uint64_t first, std::uint64_t end) -> Outcome {
    for (object::Frame const frame : {alias.cached, alias.uncached}) {
        for (std::uint64_t const offset : {first, (first + end) / 16 * 8, end - 8}) {
            word_at(alias.through + offset) = offset + 1;
            TRY(must(frame.clean(first, end)));
            REQUIRE(word_at(alias.past + offset) == offset + 1);
            word_at(alias.past + offset) = offset + 2;
            TRY(must(frame.invalidate(first, end)));
            REQUIRE(word_at(alias.through + offset) == offset + 2);
            word_at(alias.through + offset) = offset + 3;
            TRY(must(frame.clean_invalidate(first, end)));
            REQUIRE(word_at(alias.past + offset) == offset + 3);
            word_at(alias.past + offset) = offset + 4;
            REQUIRE(word_at(alias.through + offset) == offset + 4);
            TRY(must(frame.unify(first, end)));
        }
    }
    return {};
}

auto a_page_is_the_same_past_the_cache(Rig& rig) -> Outcome {
    return caches_are_kept(TRY(aliases(rig, abi::kSmallFrameBits)), 0, 1ULL << abi::kSmallFrameBits);
}

auto a_range_is_the_same_past_the_cache(Rig& rig) -> Outcome {
    auto const alias = TRY(aliases(rig, abi::kSmallFrameBits));
    TRY(caches_are_kept(alias, 64, 128));
    TRY(caches_are_kept(alias, 8, 16)); // a part of a line
    return caches_are_kept(alias, 4096 - 72, 4096);
}

auto every_size_is_the_same_past_the_cache(Rig& rig) -> Outcome {
    for (unsigned const bits : kSizes) {
        auto const alias = TRY(aliases(rig, bits));
        std::uint64_t const size = 1ULL << bits;
        TRY(caches_are_kept(alias, 0, size));
        TRY(caches_are_kept(alias, 0, size / 2));
        TRY(caches_are_kept(alias, size / 2 + 8, size - 8));
        for (std::uint64_t const past : {size + 1, ~std::uint64_t{0}}) {
            REQUIRE(refusal(alias.cached.clean(0, past)) == Error::RangeError);
            REQUIRE(refusal(alias.cached.invalidate(0, past)) == Error::RangeError);
            REQUIRE(refusal(alias.cached.clean_invalidate(0, past)) == Error::RangeError);
            REQUIRE(refusal(alias.cached.unify(0, past)) == Error::RangeError);
        }
        TRY(rig.tear_down());
    }
    return {};
}

auto new_memory_is_zero_past_the_cache(Rig& rig) -> Outcome {
    for (unsigned const bits : kSizes) {
        CPtr const block = TRY(rig.make(ObjectType::Untyped, bits));
        CPtr const frame = rig.slot();
        for (int round = 0; round < 3; ++round) {
            TRY(must(object::Untyped{block}.retype(static_cast<std::uint8_t>(ObjectType::Frame),
                                                   static_cast<std::uint8_t>(bits), 0, 1, kRoot, 0, frame)));
            TRY(rig.map(frame, kFreeAddress, kReadWrite)); // makes the tables
            TRY(unmap(frame));
            REQUIRE(map(frame, kFreeAddress, kReadWrite, kUncached) == Error::None);
            std::span<std::uint64_t const> const words{reinterpret_cast<std::uint64_t*>(kFreeAddress),
                                                       (1ULL << bits) / 8};
            REQUIRE(std::ranges::all_of(words, [](std::uint64_t word) { return word == 0; }));
            TRY(unmap(frame));
            REQUIRE(map(frame, kFreeAddress) == Error::None);
            fill(kFreeAddress, bits, ~0ULL);
            TRY(must(rig.root().revoke(kDepth, block)));
        }
        TRY(rig.tear_down());
    }
    return {};
}

constexpr std::array kTests{
    Test{"small_pages_follow_the_rules", small_pages_follow_the_rules, "PT0001"},
    Test{"large_pages_follow_the_rules", large_pages_follow_the_rules, "PT0001"},
    Test{"a_page_table_can_move", a_page_table_can_move, "PT0001"},
    Test{"no_translation_is_stale", no_translation_is_stale, "PT0002"},
    Test{"contents_survive_remapping", contents_survive_remapping, "FRAMEEXPORTS0001"},
    Test{"small_pages_run_if_executable", small_pages_run_if_executable, "FRAMEXN0001"},
    Test{"large_pages_run_if_executable", large_pages_run_if_executable, "FRAMEXN0002"},
    Test{"a_page_is_the_same_past_the_cache", a_page_is_the_same_past_the_cache, "CACHEFLUSH0001"},
    Test{"a_range_is_the_same_past_the_cache", a_range_is_the_same_past_the_cache, "CACHEFLUSH0002"},
    Test{"every_size_is_the_same_past_the_cache", every_size_is_the_same_past_the_cache, "CACHEFLUSH0003"},
    Test{"new_memory_is_zero_past_the_cache", new_memory_is_zero_past_the_cache, "CACHEFLUSH0004"},
};

} // namespace

auto page_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
