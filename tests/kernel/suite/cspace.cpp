// SPDX-License-Identifier: MIT
/// Addresses of capabilities: guards, levels, depths.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

/// value << 6 | size, as CNode.mint takes a guard.
constexpr auto guard(std::uint64_t value, unsigned bits) -> std::uint64_t { return value << 6U | bits; }

/// What a thread finds behind the CPtrs that the test names: filled in by `look`.
struct Looked {
    std::array<CPtr, 3> pointers;
    std::array<bool, 3> signalled;
};

/// Polls each; a pointer that leads nowhere stops the thread, the rest stay false.
void look(std::uint64_t argument) {
    auto& looked = *reinterpret_cast<Looked*>(argument);
    for (std::size_t index = 0; index < looked.pointers.size(); ++index) {
        auto const found = os::try_receive(looked.pointers[index]);
        looked.signalled[index] = found.message.tag.has(abi::MessageTag::kNotification);
    }
    rest();
}

/// How many of the CPtrs that `name_all` tries lead to something.
struct Named {
    std::atomic<unsigned> tried{};
    std::atomic<unsigned> found{};
    std::atomic<unsigned> nothing{};
};

/// Tries the one CPtr of 64 ones, those that differ from it in one bit, and the numbers 0 to 63. A
/// notification has no invocations.
void name_all(std::uint64_t argument) {
    auto& named = *reinterpret_cast<Named*>(argument);
    auto const name = [&](CPtr pointer) {
        auto const error = kernel_error(os::call(pointer, message(0)));
        ++named.tried;
        named.found += error == Error::IllegalOperation ? 1 : 0;
        named.nothing += error == Error::InvalidCapability ? 1 : 0;
    };
    name(~CPtr{0});
    for (unsigned bit = 0; bit < 64; ++bit) {
        name(~CPtr{0} ^ CPtr{1} << bit);
        name(bit);
    }
    rest();
}

auto guard_and_levels_resolve(Rig& rig) -> Outcome {
    // A root of 4 slots with a guard of 52 bits 0xABC, and in slot 2 a node of 16 slots with a guard of 6
    // bits 0x2A.
    CPtr const outer = TRY(rig.make(ObjectType::CNode, 2));
    CPtr const inner = TRY(rig.make(ObjectType::CNode, 4));
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    CPtr const guarded = TRY(rig.mint(inner, guard(0x2A, 6)));
    TRY(must(object::CNode{outer}.copy(2, kDepth, 0xF, 2, kRoot, guarded)));
    TRY(must(object::CNode{inner}.copy(4, kDepth, 0xF, 5, kRoot, notification)));
    CPtr const root = TRY(rig.mint(outer, guard(0xABC, 52)));
    constexpr CPtr kGood = 0xABCULL << 12U | 2U << 10U | 0x2AU << 4U | 5U;
    Looked looked{{kGood, kGood ^ 1U << 4U, kGood}, {}};
    for (int count = 0; count < 1; ++count) {
        os::signal(notification);
    }
    Thread const thread =
        TRY(rig.start({.run = look, .argument = reinterpret_cast<std::uint64_t>(&looked), .root = root}));
    REQUIRE(looked.signalled[0]);
    // The second pointer's guard does not match: the thread is stopped there.
    REQUIRE(!looked.signalled[1] && !looked.signalled[2]);
    REQUIRE(thread.state() == state::kFaulted);
    return {};
}

auto sixty_four_levels_resolve(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    CPtr inner = TRY(rig.make(ObjectType::CNode, 1));
    TRY(must(object::CNode{inner}.copy(1, kDepth, 0xF, 1, kRoot, notification)));
    for (int level = 1; level < 64; ++level) {
        CPtr const outer = TRY(rig.make(ObjectType::CNode, 1));
        TRY(must(object::CNode{outer}.copy(1, kDepth, 0xF, 1, kRoot, inner)));
        inner = outer;
    }
    Named named;
    TRY(rig.start({.run = name_all, .argument = reinterpret_cast<std::uint64_t>(&named), .root = inner}));
    REQUIRE(named.tried == 1 + 64 + 64);
    REQUIRE(named.found == 1 && named.nothing == 64 + 64);
    return {};
}

auto depth_is_checked(Rig& rig) -> Outcome {
    CPtr const node = TRY(rig.make(ObjectType::CNode, 4));
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    object::CNode const target{node};
    REQUIRE(refusal(target.copy(0, kDepth, 0xF, 1, kRoot, endpoint)) == Error::RangeError);
    REQUIRE(refusal(target.copy(65, kDepth, 0xF, 1, kRoot, endpoint)) == Error::RangeError);
    REQUIRE(refusal(target.copy(3, kDepth, 0xF, 1, kRoot, endpoint)) == Error::FailedLookup);
    TRY(must(target.copy(4, kDepth, 0xF, 1, kRoot, endpoint)));
    // Bits are left, and what is in the slot is no CNode.
    REQUIRE(refusal(target.copy(8, kDepth, 0xF, 0x10, kRoot, endpoint)) == Error::FailedLookup);
    return {};
}

auto guards_must_fit(Rig& rig) -> Outcome {
    CPtr const node = TRY(rig.make(ObjectType::CNode, 4));
    auto const mint = [&](std::uint64_t data) {
        return refusal(rig.root().mint(kDepth, kDepth, 0xF, rig.slot(), kRoot, node, data));
    };
    REQUIRE(mint(guard(0, 60)) == Error::None);
    REQUIRE(mint(guard(0, 61)) == Error::IllegalOperation);
    REQUIRE(mint(guard(8, 3)) == Error::IllegalOperation);
    return {};
}

constexpr std::array kTests{
    Test{"guard_and_levels_resolve", guard_and_levels_resolve},
    Test{"sixty_four_levels_resolve", sixty_four_levels_resolve, "CSPACE0001"},
    Test{"depth_is_checked", depth_is_checked},
    Test{"guards_must_fit", guards_must_fit},
};

} // namespace

auto cspace_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
