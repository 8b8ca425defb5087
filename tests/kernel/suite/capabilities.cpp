// SPDX-License-Identifier: MIT
/// CNode invocations: copies, moves, deletion, revocation, and the order of their checks.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

auto copy_names_the_same_object(Rig& rig) -> Outcome {
    CPtr const original = TRY(rig.make(ObjectType::Notification));
    CPtr const copy = rig.slot();
    TRY(must(rig.root().copy(kDepth, kDepth, abi::rights::kAll, copy, kRoot, original)));
    os::signal(original);
    REQUIRE(os::try_receive(copy).message.tag.has(abi::MessageTag::kNotification));
    return {};
}

auto destination_is_checked_before_source(Rig& rig) -> Outcome {
    CPtr const full = TRY(rig.make(ObjectType::Endpoint));
    CPtr const empty = rig.slot();
    CPtr const other = TRY(rig.make(ObjectType::Notification));
    auto const root = rig.root();
    for (CPtr const source : {empty, other}) {
        REQUIRE(refusal(root.copy(kDepth, kDepth, 0xF, full, kRoot, source)) == Error::DeleteFirst);
        REQUIRE(refusal(root.mint(kDepth, kDepth, 0xF, full, kRoot, source, 5)) == Error::DeleteFirst);
        REQUIRE(refusal(root.move(kDepth, kDepth, full, kRoot, source)) == Error::DeleteFirst);
        REQUIRE(refusal(root.mutate(kDepth, kDepth, full, kRoot, source, 5)) == Error::DeleteFirst);
    }
    REQUIRE(rig.type_in(full) == ObjectType::Endpoint && rig.type_in(empty) == ObjectType::Null &&
            rig.type_in(other) == ObjectType::Notification);
    return {};
}

auto empty_source_is_not_found(Rig& rig) -> Outcome {
    CPtr const source = rig.slot();
    CPtr const destination = rig.slot();
    auto const root = rig.root();
    REQUIRE(refusal(root.copy(kDepth, kDepth, 0xF, destination, kRoot, source)) == Error::FailedLookup);
    REQUIRE(refusal(root.mint(kDepth, kDepth, 0xF, destination, kRoot, source, 5)) == Error::FailedLookup);
    REQUIRE(refusal(root.move(kDepth, kDepth, destination, kRoot, source)) == Error::FailedLookup);
    REQUIRE(refusal(root.mutate(kDepth, kDepth, destination, kRoot, source, 5)) == Error::FailedLookup);
    REQUIRE(rig.type_in(destination) == ObjectType::Null);
    return {};
}

auto move_empties_the_source(Rig& rig) -> Outcome {
    CPtr const source = TRY(rig.make(ObjectType::Endpoint));
    CPtr const destination = rig.slot();
    TRY(must(rig.root().move(kDepth, kDepth, destination, kRoot, source)));
    REQUIRE(rig.type_in(source) == ObjectType::Null);
    REQUIRE(rig.type_in(destination) == ObjectType::Endpoint);
    return {};
}

auto rotate_moves_both(Rig& rig) -> Outcome {
    CPtr const pivot = TRY(rig.make(ObjectType::Endpoint));
    CPtr const source = TRY(rig.make(ObjectType::Notification));
    CPtr const destination = rig.slot();
    TRY(must(rig.root().rotate(kDepth, kDepth, kDepth, destination, 0, kRoot, pivot, 0, kRoot, source)));
    REQUIRE(rig.type_in(destination) == ObjectType::Endpoint);
    REQUIRE(rig.type_in(pivot) == ObjectType::Notification);
    REQUIRE(rig.type_in(source) == ObjectType::Null);
    return {};
}

auto delete_is_idempotent(Rig& rig) -> Outcome {
    CPtr const slot = TRY(rig.make(ObjectType::Endpoint));
    TRY(must(rig.root().delete_(kDepth, slot)));
    REQUIRE(rig.type_in(slot) == ObjectType::Null);
    return must(rig.root().delete_(kDepth, slot));
}

auto revoke_deletes_what_was_derived(Rig& rig) -> Outcome {
    CPtr const original = TRY(rig.make(ObjectType::Endpoint));
    CPtr const badged = TRY(rig.mint(original, 7));
    CPtr const copy = TRY(rig.mint(badged, 0));
    CPtr const sibling = TRY(rig.mint(original, 8));
    TRY(must(rig.root().revoke(kDepth, badged)));
    REQUIRE(rig.type_in(badged) == ObjectType::Endpoint);
    REQUIRE(rig.type_in(copy) == ObjectType::Null);
    REQUIRE(rig.type_in(sibling) == ObjectType::Endpoint);
    TRY(must(rig.root().revoke(kDepth, original)));
    REQUIRE(rig.type_in(badged) == ObjectType::Null);
    REQUIRE(rig.type_in(sibling) == ObjectType::Null);
    REQUIRE(rig.type_in(original) == ObjectType::Endpoint);
    return {};
}

auto revoke_of_nothing_succeeds(Rig& rig) -> Outcome { return must(rig.root().revoke(kDepth, rig.slot())); }

auto a_badge_is_given_once(Rig& rig) -> Outcome {
    CPtr const badged = TRY(rig.mint(TRY(rig.make(ObjectType::Endpoint)), 7));
    REQUIRE(refusal(rig.root().mint(kDepth, kDepth, 0xF, rig.slot(), kRoot, badged, 8)) ==
            Error::IllegalOperation);
    return {};
}

auto rights_only_shrink(Rig& rig) -> Outcome {
    CPtr const original = TRY(rig.make(ObjectType::Endpoint));
    CPtr const weak = TRY(rig.mint(original, 0, abi::rights::kRead));
    CPtr const copy = TRY(rig.mint(weak, 0, abi::rights::kAll));
    auto const found = TRY(must(rig.root().identify(kDepth, copy)));
    REQUIRE(found.rights == abi::rights::kRead);
    return {};
}

auto cancel_needs_an_endpoint(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    TRY(must(rig.root().cancel_badged_sends(kDepth, endpoint)));
    REQUIRE(rig.type_in(endpoint) == ObjectType::Endpoint);
    REQUIRE(refusal(rig.root().cancel_badged_sends(kDepth, rig.slot())) == Error::IllegalOperation);
    return {};
}

auto cnodes_that_hold_each_other_go(Rig& rig) -> Outcome {
    constexpr unsigned kRadix = 2;
    CPtr const first = TRY(rig.make(ObjectType::CNode, kRadix));
    CPtr const second = TRY(rig.make(ObjectType::CNode, kRadix));
    TRY(must(object::CNode{first}.copy(kRadix, kDepth, 0xF, 1, kRoot, second)));
    TRY(must(object::CNode{second}.copy(kRadix, kDepth, 0xF, 1, kRoot, first)));
    TRY(must(object::CNode{first}.copy(kRadix, kDepth, 0xF, 2, kRoot, first)));
    TRY(must(rig.root().delete_(kDepth, first)));
    return must(rig.root().delete_(kDepth, second));
}

auto chain_of_cnodes_goes(Rig& rig) -> Outcome {
    constexpr unsigned kRadix = 1;
    CPtr const head = TRY(rig.make(ObjectType::CNode, kRadix));
    CPtr outer = head;
    for (int depth = 0; depth < 64; ++depth) {
        CPtr const inner = TRY(rig.make(ObjectType::CNode, kRadix));
        TRY(must(object::CNode{outer}.copy(kRadix, kDepth, 0xF, 1, kRoot, inner)));
        if (outer != head) {
            TRY(must(rig.root().delete_(kDepth, outer)));
        }
        outer = inner;
    }
    TRY(must(rig.root().delete_(kDepth, outer)));
    return must(rig.root().delete_(kDepth, head));
}

auto wrong_invocations_are_refused(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    REQUIRE(kernel_error(os::call(notification, message(0x201))) == Error::IllegalOperation);
    REQUIRE(kernel_error(os::call(kRoot, message(0x2FF))) == Error::IllegalOperation);
    REQUIRE(kernel_error(os::call(kRoot, message(0x101))) == Error::IllegalOperation);
    REQUIRE(kernel_error(os::call(kRoot, message(0x201))) == Error::TruncatedMessage);
    REQUIRE(kernel_error(os::call(rig.slot(), message(1))) == Error::InvalidCapability);
    REQUIRE(refusal(rig.root().copy(kDepth, kDepth, 0xF, rig.slot(), notification, 1)) ==
            Error::InvalidCapability);
    return {};
}

constexpr std::array kTests{
    Test{"copy_names_the_same_object", copy_names_the_same_object, "CNODEOP0001"},
    Test{"destination_is_checked_before_source", destination_is_checked_before_source,
         "CNODEOP0001 CNODEOP0003 CNODEOP0004 CNODEOP0005"},
    Test{"empty_source_is_not_found", empty_source_is_not_found,
         "CNODEOP0001 CNODEOP0003 CNODEOP0004 CNODEOP0005"},
    Test{"move_empties_the_source", move_empties_the_source, "CNODEOP0004"},
    Test{"rotate_moves_both", rotate_moves_both, "CNODEOP0008"},
    Test{"delete_is_idempotent", delete_is_idempotent, "CNODEOP0002"},
    Test{"revoke_deletes_what_was_derived", revoke_deletes_what_was_derived, "CNODEOP0007"},
    Test{"revoke_of_nothing_succeeds", revoke_of_nothing_succeeds, "CNODEOP0007"},
    Test{"a_badge_is_given_once", a_badge_is_given_once, "CNODEOP0003"},
    Test{"rights_only_shrink", rights_only_shrink},
    Test{"cancel_needs_an_endpoint", cancel_needs_an_endpoint, "CNODEOP0006"},
    Test{"cnodes_that_hold_each_other_go", cnodes_that_hold_each_other_go},
    Test{"chain_of_cnodes_goes", chain_of_cnodes_goes},
    Test{"wrong_invocations_are_refused", wrong_invocations_are_refused},
};

} // namespace

auto capability_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
