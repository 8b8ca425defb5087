// SPDX-License-Identifier: MIT
/// All cores change capabilities of the same CNodes at once, while the kernel's invariants are looked at.
#include "os/syscall.hpp"

#include "rig.hpp"
#include "tests.hpp"
#include "tests/support/random.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

using ::tests::Random;

constexpr unsigned kSeveral = 2;

/// Random operations on slots that all cores work on.
struct Storm {
    static constexpr std::uint64_t kSlots = 48;
    static constexpr std::uint8_t kNodeBits = 4;

    CPtr first;
    CPtr node; ///< a CNode besides the component's own
    CPtr memory;
    std::uint64_t operations; ///< of each core
    std::atomic<unsigned> ended;
};
Storm storm;

/// Most are refused: the slot is in use, or empty, or holds something else. None may break anything.
void disturb(Random& random) {
    // No endpoint: an invocation of one is a call, which nobody takes.
    constexpr std::array kTypes{ObjectType::Notification, ObjectType::Tcb, ObjectType::SchedContext,
                                ObjectType::Reply, ObjectType::VSpace};
    object::CNode const root{kRoot};
    auto const one = storm.first + random.below(Storm::kSlots);
    auto const other = storm.first + random.below(Storm::kSlots);
    object::Tcb const thread{one};
    auto const place = random.below(std::uint64_t{1} << Storm::kNodeBits);
    switch (random.below(16)) {
    case 0: (void)root.copy(kDepth, kDepth, abi::rights::kAll, one, kRoot, other); break;
    case 1: (void)root.mint(kDepth, kDepth, abi::rights::kAll, one, kRoot, other, 1 + random.below(9)); break;
    case 2: (void)root.move(kDepth, kDepth, one, kRoot, other); break;
    case 3: (void)root.delete_(kDepth, one); break;
    case 4: (void)root.revoke(kDepth, random.below(8) == 0 ? storm.memory : one); break;
    case 5: (void)thread.configure(kRoot, kOwnSpace, 0); break;
    case 6: (void)(random.below(2) == 0 ? thread.resume() : thread.suspend()); break;
    case 7: (void)object::SchedContext{one}.bind(other); break;
    case 8:
        (void)object::CoreControl{os::slot::kFirstGrantedCore + random.below(2)}.configure(
            static_cast<std::uint8_t>(Priority::Lowest), one, 1000 + random.below(9000),
            random.below(2) * 20'000, 0);
        break;
    case 9: os::try_send(one, {}); break;
    case 10: (void)thread.bind_notification(other); break;
    case 11:
        (void)object::CNode{storm.node}.copy(Storm::kNodeBits, kDepth, abi::rights::kAll, place, kRoot, one);
        break;
    case 12: (void)root.move(kDepth, Storm::kNodeBits, one, storm.node, place); break;
    case 13: (void)object::CNode{storm.node}.delete_(Storm::kNodeBits, place); break;
    default:
        (void)object::Untyped{storm.memory}.retype(
            static_cast<std::uint8_t>(kTypes[random.below(kTypes.size())]), 0, 0, 1, kRoot, 0, one);
    }
}

void disturb_all(std::uint64_t seed) {
    Random random{seed};
    for (std::uint64_t count = 0; count < storm.operations; ++count) {
        disturb(random);
    }
    ++storm.ended;
    rest();
}

auto a_storm_on_all_cores(Rig& rig) -> Outcome {
    constexpr std::uint64_t kChecks = 1000; // between two looks at all of the kernel's objects
    storm.operations = rig.operations() / rig.core_count();
    storm.node = TRY(rig.make(ObjectType::CNode, Storm::kNodeBits));
    storm.memory = TRY(rig.make(ObjectType::Untyped, 16));
    storm.first = rig.slot();
    for (std::uint64_t slot = 1; slot < Storm::kSlots; ++slot) {
        (void)rig.slot();
    }
    storm.ended = 0;
    for (std::size_t core = 1; core < rig.core_count(); ++core) {
        TRY(rig.start({.run = disturb_all, .argument = core, .core = core}));
    }
    Random random{99};
    object::DebugConsole const console{os::slot::kDebugConsole};
    for (std::uint64_t count = 0; count < storm.operations; ++count) {
        disturb(random);
        if (count % kChecks == 0) {
            REQUIRE(TRY(must(console.check_invariants())) == 0);
        }
    }
    REQUIRE(eventually([&] { return storm.ended == rig.core_count() - 1; }));
    return {};
}

constexpr std::array kTests{
    Test{"a_storm_on_all_cores", a_storm_on_all_cores, "", kSeveral},
};

} // namespace

auto storm_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
