// SPDX-License-Identifier: MIT
/// Frames, page tables, address spaces.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

constexpr std::uint64_t kPage = 4096;

auto word_at(std::uint64_t address) -> std::uint64_t volatile& {
    return *reinterpret_cast<std::uint64_t volatile*>(address);
}

auto map(CPtr frame, std::uint64_t address, std::uint8_t rights = kReadWrite, CPtr space = kOwnSpace)
    -> Error {
    return refusal(object::Frame{frame}.map(rights, 0, space, address));
}

auto small_frame(Rig& rig) -> Got<CPtr> { return rig.make(ObjectType::Frame, abi::kSmallFrameBits); }

/// Reads `argument`; stops there if it may not.
void read_at(std::uint64_t address) {
    [[maybe_unused]] std::uint64_t const word = word_at(address);
    rest();
}

/// Does a thread that reads at `address` fault there?
auto faults_reading(Rig& rig, std::uint64_t address) -> Got<bool> {
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    TRY(rig.start({.run = read_at, .argument = address, .fault_endpoint = faults}));
    auto const fault = os::try_receive(faults).message;
    os::reply(message(1)); // it stays stopped, and no longer lends its priority
    return fault.words[1] == address;
}

auto map_checks_its_arguments(Rig& rig) -> Outcome {
    CPtr const frame = TRY(small_frame(rig));
    TRY(rig.map(frame, kFreeAddress, kReadWrite));
    CPtr const other = TRY(small_frame(rig));
    REQUIRE(map(other, kFreeAddress + 1) == Error::AlignmentError);
    REQUIRE(map(other, 1ULL << abi::kUserAddressBits) == Error::RangeError);
    REQUIRE(map(other, 0xFFFF'FF80'0000'0000) == Error::RangeError);
    REQUIRE(map(other, kFreeAddress) == Error::DeleteFirst);
    REQUIRE(map(other, kFreeAddress + (1ULL << 30U)) == Error::FailedLookup);
    REQUIRE(map(other, kFreeAddress, kReadWrite, frame) == Error::InvalidCapability);
    REQUIRE(map(frame, kFreeAddress + kPage) == Error::InvalidArgument);
    return {};
}

auto unmapping_takes_effect(Rig& rig) -> Outcome {
    CPtr const frame = TRY(small_frame(rig));
    TRY(rig.map(frame, kFreeAddress, kReadWrite));
    word_at(kFreeAddress) = 5;
    REQUIRE(!TRY(faults_reading(rig, kFreeAddress)));
    TRY(must(object::Frame{frame}.unmap()));
    REQUIRE(TRY(faults_reading(rig, kFreeAddress)));
    REQUIRE(map(frame, kFreeAddress + kPage) == Error::None);
    REQUIRE(word_at(kFreeAddress + kPage) == 5);
    return {};
}

auto deleting_a_frame_unmaps_it(Rig& rig) -> Outcome {
    CPtr const frame = TRY(small_frame(rig));
    TRY(rig.map(frame, kFreeAddress, kReadWrite));
    word_at(kFreeAddress) = 5;
    TRY(must(rig.root().delete_(kDepth, frame)));
    REQUIRE(TRY(faults_reading(rig, kFreeAddress)));
    return {};
}

auto a_copy_is_mapped_on_its_own(Rig& rig) -> Outcome {
    CPtr const frame = TRY(small_frame(rig));
    TRY(rig.map(frame, kFreeAddress, kReadWrite));
    CPtr const copy = TRY(rig.mint(frame, 0));
    REQUIRE(map(copy, kFreeAddress + kPage) == Error::None);
    word_at(kFreeAddress) = 9;
    REQUIRE(word_at(kFreeAddress + kPage) == 9);
    TRY(must(rig.root().delete_(kDepth, copy)));
    REQUIRE(word_at(kFreeAddress) == 9);
    return {};
}

auto weak_capabilities_map_weakly(Rig& rig) -> Outcome {
    CPtr const frame = TRY(small_frame(rig));
    CPtr const weak = TRY(rig.mint(frame, 0, abi::rights::kRead));
    TRY(rig.map(weak, kFreeAddress, kReadWrite));
    auto const run = [](std::uint64_t address) {
        word_at(address) = 1;
        rest();
    };
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    TRY(rig.start({.run = run, .argument = kFreeAddress, .fault_endpoint = faults}));
    REQUIRE(os::try_receive(faults).message.words[1] == kFreeAddress);
    REQUIRE(word_at(kFreeAddress) == 0);
    return {};
}

auto large_frames_map(Rig& rig) -> Outcome {
    CPtr const large = TRY(rig.make(ObjectType::Frame, abi::kLargeFrameBits));
    constexpr std::uint64_t kLarge = 1ULL << abi::kLargeFrameBits;
    REQUIRE(map(large, kFreeAddress + kPage) == Error::AlignmentError);
    TRY(rig.map(large, kFreeAddress + kLarge, kReadWrite));
    word_at(kFreeAddress + 2 * kLarge - 8) = 3;
    REQUIRE(word_at(kFreeAddress + kLarge) == 0);
    REQUIRE(map(TRY(small_frame(rig)), kFreeAddress + kLarge) == Error::DeleteFirst);
    TRY(must(object::Frame{large}.unmap()));
    REQUIRE(TRY(faults_reading(rig, kFreeAddress + 2 * kLarge - 8)));
    return {};
}

auto probe_tells_the_missing_level(Rig& rig) -> Outcome {
    object::VSpace const space{TRY(rig.make(ObjectType::VSpace))};
    object::PageTable const upper{TRY(rig.make(ObjectType::PageTable))};
    object::PageTable const lower{TRY(rig.make(ObjectType::PageTable))};
    auto const missing = [&] { return space.probe(kFreeAddress); };
    REQUIRE(missing() == 1);
    TRY(must(upper.map(space.capability(), kFreeAddress)));
    REQUIRE(missing() == 2);
    TRY(must(lower.map(space.capability(), kFreeAddress)));
    REQUIRE(missing() == 0);
    object::PageTable const third{TRY(rig.make(ObjectType::PageTable))};
    REQUIRE(refusal(third.map(space.capability(), kFreeAddress)) == Error::DeleteFirst);
    REQUIRE(refusal(lower.map(space.capability(), kFreeAddress + (1ULL << 30U))) == Error::IllegalOperation);
    REQUIRE(refusal(third.map(space.capability(), 1ULL << 63U)) == Error::RangeError);
    TRY(must(lower.unmap()));
    REQUIRE(missing() == 2);
    return {};
}

auto removing_a_table_unmaps_its_pages(Rig& rig) -> Outcome {
    CPtr const frame = TRY(small_frame(rig));
    CPtr const outer = TRY(rig.make(ObjectType::PageTable));
    CPtr const inner = TRY(rig.make(ObjectType::PageTable));
    TRY(must(object::PageTable{outer}.map(kOwnSpace, kFreeAddress)));
    TRY(must(object::PageTable{inner}.map(kOwnSpace, kFreeAddress)));
    REQUIRE(map(frame, kFreeAddress) == Error::None);
    word_at(kFreeAddress) = 1;
    TRY(must(rig.root().delete_(kDepth, inner)));
    REQUIRE(TRY(faults_reading(rig, kFreeAddress)));
    REQUIRE(map(frame, kFreeAddress) == Error::FailedLookup);
    return {};
}

auto a_frame_tells_about_itself(Rig& rig) -> Outcome {
    object::Frame const frame{TRY(small_frame(rig))};
    auto const before = TRY(must(frame.info()));
    REQUIRE(before.size_bits == abi::kSmallFrameBits && !before.is_device && before.mapped_address == 0);
    REQUIRE(before.physical_address != 0 && before.physical_address % kPage == 0);
    TRY(rig.map(frame.capability(), kFreeAddress, kReadWrite));
    REQUIRE(TRY(must(frame.info())).mapped_address == kFreeAddress);
    return {};
}

auto cache_operations_check_their_range(Rig& rig) -> Outcome {
    object::Frame const frame{TRY(small_frame(rig))};
    TRY(must(frame.clean(0, kPage)));
    TRY(must(frame.clean_invalidate(64, 128)));
    TRY(must(frame.unify(64, 65)));
    REQUIRE(refusal(frame.unify(64, 64)) == Error::RangeError);
    TRY(must(frame.invalidate(0, kPage)));
    REQUIRE(refusal(frame.clean(0, kPage + 1)) == Error::RangeError);
    REQUIRE(refusal(frame.clean(128, 64)) == Error::RangeError);
    REQUIRE(refusal(frame.unify(~0ULL, 64)) == Error::RangeError);
    CPtr const weak = TRY(rig.mint(frame.capability(), 0, abi::rights::kRead));
    REQUIRE(refusal(object::Frame{weak}.invalidate(0, 64)) == Error::IllegalOperation);
    return {};
}

auto written_code_runs(Rig& rig) -> Outcome {
    // Copies a function to a page of its own and runs it there.
    auto const run = [](std::uint64_t notification) {
        os::signal(notification);
        rest();
    };
    void (*const function)(std::uint64_t) = run;
    CPtr const frame = TRY(small_frame(rig));
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    TRY(rig.map(frame, kFreeAddress, kReadWrite));
    auto const source = reinterpret_cast<std::uint64_t>(function);
    for (std::uint64_t offset = 0; offset < 64; offset += 8) {
        word_at(kFreeAddress + offset) = word_at((source & ~7ULL) + offset);
    }
    TRY(rig.map(frame, kFreeAddress, kReadExecute));
    TRY(must(object::Frame{frame}.unify(0, 64)));
    auto* const copy = reinterpret_cast<void (*)(std::uint64_t)>(kFreeAddress + source % 8);
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    TRY(rig.start({.run = copy, .argument = notification, .fault_endpoint = faults}));
    REQUIRE(os::try_receive(notification).message.tag.has(abi::MessageTag::kNotification));
    return {};
}

auto another_space_sees_nothing(Rig& rig) -> Outcome {
    CPtr const space = TRY(rig.make(ObjectType::VSpace));
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    Thread const thread =
        TRY(rig.start({.run = read_at, .argument = kFreeAddress, .fault_endpoint = faults, .space = space}));
    // Not even its first instruction is there.
    auto const fault = os::try_receive(faults).message;
    REQUIRE(fault.words[0] == reinterpret_cast<std::uint64_t>(read_at) && fault.words[1] == fault.words[0]);
    TRY(must(rig.root().delete_(kDepth, space)));
    REQUIRE(thread.state() == state::kAwaitingReply);
    return {};
}

auto a_dead_space_forgets_its_mappings(Rig& rig) -> Outcome {
    CPtr const space = TRY(rig.make(ObjectType::VSpace));
    CPtr const frame = TRY(small_frame(rig));
    for (CPtr table = TRY(rig.make(ObjectType::PageTable));
         map(frame, kFreeAddress, kReadWrite, space) != Error::None;
         table = TRY(rig.make(ObjectType::PageTable))) {
        TRY(must(object::PageTable{table}.map(space, kFreeAddress)));
    }
    TRY(must(rig.root().delete_(kDepth, space)));
    // Nothing is left of the mapping: the frame can be mapped elsewhere.
    REQUIRE(TRY(must(object::Frame{frame}.info())).mapped_address == 0);
    TRY(rig.map(frame, kFreeAddress, kReadWrite));
    return {};
}

constexpr std::array kTests{
    Test{"map_checks_its_arguments", map_checks_its_arguments, "PT0001"},
    Test{"unmapping_takes_effect", unmapping_takes_effect, "PT0002"},
    Test{"deleting_a_frame_unmaps_it", deleting_a_frame_unmaps_it, "FRAMEDIPC0003"},
    Test{"a_copy_is_mapped_on_its_own", a_copy_is_mapped_on_its_own},
    Test{"weak_capabilities_map_weakly", weak_capabilities_map_weakly},
    Test{"large_frames_map", large_frames_map, "PT0001"},
    Test{"probe_tells_the_missing_level", probe_tells_the_missing_level},
    Test{"removing_a_table_unmaps_its_pages", removing_a_table_unmaps_its_pages, "VSPACE0001"},
    Test{"a_frame_tells_about_itself", a_frame_tells_about_itself},
    Test{"cache_operations_check_their_range", cache_operations_check_their_range, "CACHEFLUSH0003"},
    Test{"written_code_runs", written_code_runs},
    Test{"another_space_sees_nothing", another_space_sees_nothing},
    Test{"a_dead_space_forgets_its_mappings", a_dead_space_forgets_its_mappings, "VSPACE0001"},
};

} // namespace

auto memory_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
