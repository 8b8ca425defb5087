// SPDX-License-Identifier: MIT
/// CNode invocations that change badges or two slots at once, and that refusals change nothing.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

constexpr std::uint64_t kBadge = 0x40;

/// The badge of a notification capability, found by a signal through it.
auto badge_of(CPtr capability, CPtr original) -> std::uint64_t {
    os::signal(capability);
    return os::try_receive(original).badge;
}

auto mint_gives_the_badge(Rig& rig) -> Outcome {
    CPtr const original = TRY(rig.make(ObjectType::Notification));
    CPtr const minted = rig.slot();
    TRY(must(rig.root().mint(kDepth, kDepth, abi::rights::kAll, minted, kRoot, original, kBadge)));
    REQUIRE(badge_of(minted, original) == kBadge);
    REQUIRE(rig.type_in(original) == ObjectType::Notification);
    return {};
}

auto mutate_gives_the_badge(Rig& rig) -> Outcome {
    CPtr const original = TRY(rig.make(ObjectType::Notification));
    CPtr const source = TRY(rig.mint(original, 0));
    CPtr const destination = rig.slot();
    TRY(must(rig.root().mutate(kDepth, kDepth, destination, kRoot, source, kBadge)));
    REQUIRE(rig.type_in(source) == ObjectType::Null);
    REQUIRE(badge_of(destination, original) == kBadge);
    // It has one now.
    REQUIRE(refusal(rig.root().mutate(kDepth, kDepth, source, kRoot, destination, 5)) ==
            Error::IllegalOperation);
    REQUIRE(rig.type_in(source) == ObjectType::Null && badge_of(destination, original) == kBadge);
    // What was derived from it would no longer be.
    REQUIRE(refusal(rig.root().mutate(kDepth, kDepth, source, kRoot, original, 5)) == Error::RevokeFirst);
    REQUIRE(rig.type_in(source) == ObjectType::Null && rig.type_in(original) == ObjectType::Notification);
    return {};
}

auto refused_moves_change_nothing(Rig& rig) -> Outcome {
    CPtr const source = TRY(rig.make(ObjectType::Notification));
    CPtr const full = TRY(rig.make(ObjectType::Endpoint));
    CPtr const empty = rig.slot();
    auto const unchanged = [&] {
        return rig.type_in(source) == ObjectType::Notification && rig.type_in(full) == ObjectType::Endpoint &&
               rig.type_in(empty) == ObjectType::Null;
    };
    auto const move = [&](CPtr to, CPtr from) {
        return refusal(rig.root().move(kDepth, kDepth, to, kRoot, from));
    };
    auto const mutate = [&](CPtr to, CPtr from) {
        return refusal(rig.root().mutate(kDepth, kDepth, to, kRoot, from, kBadge));
    };
    REQUIRE(move(full, source) == Error::DeleteFirst && unchanged());
    REQUIRE(move(full, empty) == Error::DeleteFirst && unchanged());
    REQUIRE(move(source, source) == Error::DeleteFirst && unchanged());
    REQUIRE(move(empty, empty) == Error::FailedLookup && unchanged());
    REQUIRE(mutate(full, source) == Error::DeleteFirst && unchanged());
    REQUIRE(mutate(full, empty) == Error::DeleteFirst && unchanged());
    REQUIRE(mutate(source, source) == Error::DeleteFirst && unchanged());
    REQUIRE(mutate(empty, empty) == Error::FailedLookup && unchanged());
    os::signal(source);
    REQUIRE(os::try_receive(source).message.tag.has(abi::MessageTag::kNotification));
    return {};
}

auto rotate(Rig& rig, CPtr destination, CPtr pivot, CPtr source) -> Error {
    return refusal(rig.root().rotate(kDepth, kDepth, kDepth, destination, 0, kRoot, pivot, 0, kRoot, source));
}

auto rotate_exchanges_two(Rig& rig) -> Outcome {
    CPtr const one = TRY(rig.make(ObjectType::Notification));
    CPtr const other = TRY(rig.make(ObjectType::Endpoint));
    REQUIRE(rotate(rig, one, other, one) == Error::None);
    REQUIRE(rig.type_in(one) == ObjectType::Endpoint && rig.type_in(other) == ObjectType::Notification);
    REQUIRE(rotate(rig, other, one, other) == Error::None);
    REQUIRE(rig.type_in(one) == ObjectType::Notification && rig.type_in(other) == ObjectType::Endpoint);
    return {};
}

auto rotate_gives_badges(Rig& rig) -> Outcome {
    CPtr const first = TRY(rig.make(ObjectType::Notification));
    CPtr const second = TRY(rig.make(ObjectType::Notification));
    CPtr const pivot = TRY(rig.mint(first, 0));
    CPtr const source = TRY(rig.mint(second, 0));
    CPtr const destination = rig.slot();
    TRY(must(rig.root().rotate(kDepth, kDepth, kDepth, destination, 3, kRoot, pivot, kBadge, kRoot, source)));
    REQUIRE(badge_of(destination, first) == 3 && badge_of(pivot, second) == kBadge);
    REQUIRE(rig.type_in(source) == ObjectType::Null);
    return {};
}

auto refused_rotations_change_nothing(Rig& rig) -> Outcome {
    CPtr const pivot = TRY(rig.make(ObjectType::Notification));
    CPtr const source = TRY(rig.make(ObjectType::Endpoint));
    CPtr const full = TRY(rig.make(ObjectType::Reply));
    CPtr const empty = rig.slot();
    CPtr const other_empty = rig.slot();
    auto const unchanged = [&] {
        return rig.type_in(pivot) == ObjectType::Notification &&
               rig.type_in(source) == ObjectType::Endpoint && rig.type_in(full) == ObjectType::Reply &&
               rig.type_in(empty) == ObjectType::Null && rig.type_in(other_empty) == ObjectType::Null;
    };
    REQUIRE(rotate(rig, full, pivot, source) == Error::DeleteFirst && unchanged());
    REQUIRE(rotate(rig, empty, source, source) == Error::IllegalOperation && unchanged());
    REQUIRE(rotate(rig, pivot, pivot, source) == Error::IllegalOperation && unchanged());
    REQUIRE(rotate(rig, empty, pivot, other_empty) == Error::FailedLookup && unchanged());
    REQUIRE(rotate(rig, empty, other_empty, source) == Error::FailedLookup && unchanged());
    // The destination is looked at first.
    REQUIRE(rotate(rig, full, pivot, empty) == Error::DeleteFirst && unchanged());
    return {};
}

auto saving_nobody_succeeds(Rig& rig) -> Outcome {
    object::Reply const reply{TRY(rig.make(ObjectType::Reply))};
    TRY(must(reply.save()));
    TRY(must(reply.save())); // it still is empty
    os::send(reply.capability(), message(1));
    return {};
}

constexpr std::array kTests{
    Test{"mint_gives_the_badge", mint_gives_the_badge, "CNODEOP0003"},
    Test{"mutate_gives_the_badge", mutate_gives_the_badge, "CNODEOP0005"},
    Test{"refused_moves_change_nothing", refused_moves_change_nothing, "CNODEOP0004 CNODEOP0005"},
    Test{"rotate_exchanges_two", rotate_exchanges_two, "CNODEOP0008"},
    Test{"rotate_gives_badges", rotate_gives_badges, "CNODEOP0008"},
    Test{"refused_rotations_change_nothing", refused_rotations_change_nothing, "CNODEOP0008"},
    Test{"saving_nobody_succeeds", saving_nobody_succeeds, "CNODEOP0009"},
};

} // namespace

auto cnode_refusal_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
