// SPDX-License-Identifier: MIT
/// What cores share: address spaces, page tables that they change, floating point that moves.
#include "kernel/abi/fault.hpp"
#include "os/arch.hpp"
#include "os/syscall.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include <algorithm>
#include <array>
#include <atomic>

namespace suite {

namespace {

constexpr unsigned kSeveral = 2;

/// How often the thread on another core has read.
std::atomic<std::uint64_t> reads;

/// A thread reads on another core; as soon as the page is unmapped here it faults there.
auto unmapped_for_all_cores(Rig& rig) -> Outcome {
    auto const read_for_ever = [](std::uint64_t address) {
        while (true) {
            (void)*reinterpret_cast<std::uint64_t volatile*>(address);
            ++reads;
        }
    };
    auto const faults = TRY(rig.make(ObjectType::Endpoint));
    object::Frame const frame{TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits))};
    auto const address = rig.addresses(1);
    TRY(rig.map(frame.capability(), address, kReadWrite));
    Thread const thread = TRY(rig.start({.run = read_for_ever,
                                         .argument = address,
                                         .priority = Priority::Low,
                                         .fault_endpoint = faults,
                                         .core = 1}));
    for (std::size_t round = 0; round < 30; ++round) {
        auto const before = reads.load();
        REQUIRE(eventually([&] { return reads.load() != before; }));
        TRY(must(frame.unmap()));
        auto const fault = os::receive(faults).message;
        REQUIRE(fault.tag.has(abi::MessageTag::kFault) && fault.words[1] == address);
        auto const stopped = reads.load();
        spend(os::arch::counter_frequency() / 10'000);
        REQUIRE(reads.load() == stopped);
        TRY(rig.move(thread, 1 + round % (rig.core_count() - 1), Priority::Low));
        TRY(rig.map(frame.capability(), address, kReadWrite));
        os::reply(message(0));
    }
    return {};
}

struct Mapper {
    object::Frame frame;
    std::uint64_t address;
    std::uint64_t tag;
    std::atomic<std::uint64_t> rounds;
    std::atomic<std::uint64_t> wrong;
};

/// Of each core: on RISC-V each takes all others out of what they do, by way of the firmware.
constexpr std::uint64_t kMappings = 50;

/// What is written through one mapping is read through the next, and through no other's.
void map_and_unmap(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Mapper*>(argument);
    auto& place = *reinterpret_cast<std::uint64_t volatile*>(self.address);
    for (std::uint64_t round = 1; round <= kMappings; ++round) {
        place = self.tag + round;
        auto const done = self.frame.unmap() && self.frame.map(kReadWrite, 0, kOwnSpace, self.address);
        if (!done || place != self.tag + round) {
            ++self.wrong;
        }
        ++self.rounds;
    }
    rest();
}

auto all_cores_map_and_unmap(Rig& rig) -> Outcome {
    auto const space = rig.addresses(os::slot::kGrantedCores);
    auto const make = [&](std::size_t core) -> Got<CPtr> {
        auto const frame = TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits));
        TRY(rig.map(frame, space + core * 4096, kReadWrite));
        return frame;
    };
    auto const mapper = [&](std::size_t core, CPtr frame) {
        return Mapper{object::Frame{frame}, space + core * 4096, core << 32U, {}, {}};
    };
    std::array<Mapper, 3> mappers{mapper(1, TRY(make(1))), mapper(2, TRY(make(2))), mapper(3, TRY(make(3)))};
    auto const count = std::min(mappers.size(), rig.core_count() - 1);
    for (std::size_t index = 0; index < count; ++index) {
        TRY(rig.start({.run = map_and_unmap,
                       .argument = reinterpret_cast<std::uint64_t>(&mappers[index]),
                       .core = index + 1}));
    }
    for (std::size_t index = 0; index < count; ++index) {
        REQUIRE(eventually([&] { return mappers[index].rounds == kMappings; }));
        REQUIRE(mappers[index].wrong == 0);
    }
    return {};
}

struct Sum {
    double value;
    std::atomic<unsigned> done;
};

void add_quarters(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Sum*>(argument);
    double sum = 0;
    double product = 1;
    for (std::uint64_t round = 0; round < 3'000'000; ++round) {
        sum += 0.25;
        product *= -1;
    }
    self.value = sum * product;
    ++self.done;
    rest();
}

/// Two on each core, so that each is preempted in the middle; all of them are moved all the time.
auto floating_point_moves(Rig& rig) -> Outcome {
    std::array<Sum, 4> sums{};
    std::array<CPtr, 4> contexts{};
    for (std::size_t index = 0; index < sums.size(); ++index) {
        Thread const thread = TRY(rig.start(
            {.run = add_quarters, .argument = reinterpret_cast<std::uint64_t>(&sums[index]), .core = 1}));
        contexts[index] = thread.context.capability();
    }
    auto const all_done = [&] {
        return std::ranges::all_of(sums, [](Sum const& sum) { return sum.done == 1; });
    };
    std::uint64_t const slice = os::arch::counter_frequency() / 5000;
    std::size_t moves = 0;
    REQUIRE(eventually([&] {
        auto const core = 1 + moves / 3 % (rig.core_count() - 1);
        (void)rig.core(core).configure(static_cast<std::uint8_t>(Priority::High), contexts[moves % 4], slice,
                                       0, 0);
        ++moves;
        spend(slice);
        return all_done();
    }));
    for (Sum const& sum : sums) {
        REQUIRE(sum.value == 750'000.0);
    }
    return {};
}

constexpr std::array kTests{
    Test{"unmapped_for_all_cores", unmapped_for_all_cores, "MULTICORE0003", kSeveral},
    Test{"all_cores_map_and_unmap", all_cores_map_and_unmap, "MULTICORE0003", kSeveral},
    Test{"floating_point_moves", floating_point_moves, "FPU0002", kSeveral},
};

} // namespace

auto cores_together_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
