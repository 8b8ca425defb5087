// SPDX-License-Identifier: MIT
/// CSpaces that lead back to themselves, and receive slots that are no place for a capability.
#include "capability_sender.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

constexpr std::uint64_t kAllOnes = ~std::uint64_t{0};

/// value << 6 | size, as CNode.mint takes a guard.
constexpr auto guard(std::uint64_t value, unsigned bits) -> std::uint64_t { return value << 6U | bits; }

auto type_at(CPtr node, unsigned depth, std::uint64_t index) -> Got<ObjectType> {
    auto const found = TRY(must(object::CNode{node}.identify(static_cast<std::uint8_t>(depth), index)));
    return static_cast<ObjectType>(found.type);
}
auto lookup_error(CPtr node, unsigned depth, std::uint64_t index) -> Error {
    return refusal(object::CNode{node}.identify(static_cast<std::uint8_t>(depth), index));
}

/// A CNode of two slots; slot 1 holds it.
auto make_loop(Rig& rig) -> Got<CPtr> {
    CPtr const node = TRY(rig.make(ObjectType::CNode, 1));
    TRY(must(object::CNode{node}.copy(1, kDepth, abi::rights::kAll, 1, kRoot, node)));
    return node;
}

auto a_node_in_itself_resolves_to_the_end(Rig& rig) -> Outcome {
    CPtr const loop = TRY(make_loop(rig));
    for (unsigned depth = 1; depth <= kDepth; ++depth) {
        REQUIRE(TRY(type_at(loop, depth, kAllOnes)) == ObjectType::CNode);
        REQUIRE(TRY(type_at(loop, depth, kAllOnes << 1U)) == ObjectType::Null);
        // Nothing leads on from the empty slot.
        REQUIRE(depth == 1 ||
                lookup_error(loop, depth, kAllOnes >> 1U & ~(std::uint64_t{1} << (depth - 1))) ==
                    Error::FailedLookup);
    }
    // By itself it is found under as many names as it has bits, and it is one slot.
    REQUIRE(refusal(object::CNode{loop}.move(kDepth, 7, kAllOnes, loop, kAllOnes)) == Error::DeleteFirst);
    TRY(must(object::CNode{loop}.delete_(kDepth, kAllOnes)));
    REQUIRE(TRY(type_at(loop, 1, 1)) == ObjectType::Null);
    REQUIRE(lookup_error(loop, 2, kAllOnes) == Error::FailedLookup);
    return {};
}

/// Two that hold each other, each behind a guard: every level takes bits, and a wrong one ends the lookup.
auto guards_in_a_circle_are_bounded(Rig& rig) -> Outcome {
    constexpr unsigned kRadix = 1;
    constexpr unsigned kBits = 3; // with the guard
    CPtr const first = TRY(rig.make(ObjectType::CNode, kRadix));
    CPtr const second = TRY(rig.make(ObjectType::CNode, kRadix));
    auto const put = [&](CPtr into, CPtr from, std::uint64_t badge) {
        return must(object::CNode{into}.mint(kRadix, kDepth, abi::rights::kAll, 1, kRoot, from, badge));
    };
    TRY(put(first, second, guard(0b10, 2)));
    TRY(put(second, first, guard(0b01, 2)));
    CPtr const root = TRY(rig.mint(first, guard(0b01, 2)));
    std::uint64_t index = 0;
    for (unsigned level = 1; level * kBits <= kDepth; ++level) {
        bool const is_first = level % 2 == 1;
        index = index << kBits | (is_first ? 0b011 : 0b101);
        REQUIRE(TRY(type_at(root, level * kBits, index)) == ObjectType::CNode);
        REQUIRE(lookup_error(root, level * kBits, index ^ 0b100) == Error::FailedLookup);
        REQUIRE(lookup_error(root, level * kBits, index ^ 0b010) == Error::FailedLookup);
        REQUIRE(lookup_error(root, level * kBits - 1, index >> 1U) == Error::FailedLookup);
    }
    // The last bit of 64 is too few for a level.
    REQUIRE(lookup_error(root, kDepth, index << 1U) == Error::FailedLookup);
    TRY(must(rig.root().revoke(kDepth, first)));
    REQUIRE(TRY(type_at(second, 1, 1)) == ObjectType::Null);
    return must(rig.root().delete_(kDepth, first));
}

/// A level that takes no bits would be walked for ever.
auto no_level_takes_no_bits(Rig& rig) -> Outcome {
    auto const type = static_cast<std::uint8_t>(ObjectType::CNode);
    auto const before = rig.fingerprint();
    REQUIRE(refusal(rig.arena().retype(type, 0, 0, 1, kRoot, 0, rig.slot())) == Error::RangeError);
    REQUIRE(rig.fingerprint() == before);
    CPtr const node = TRY(rig.make(ObjectType::CNode, 1));
    REQUIRE(refusal(rig.root().mint(kDepth, kDepth, 0xF, rig.slot(), kRoot, node, guard(0, 63))) ==
            Error::None);
    return {};
}

/// What a thread finds in a CSpace that is a loop: under every name with ones, the root itself.
auto a_thread_lives_in_a_loop(Rig& rig) -> Outcome {
    static std::atomic<unsigned> found;
    static std::atomic<unsigned> nothing;
    found = nothing = 0;
    auto const look = [](std::uint64_t /*argument*/) {
        for (unsigned bit = 0; bit < 64; ++bit) {
            auto const error = kernel_error(os::call(kAllOnes << bit, message(0x201)));
            found += error == Error::TruncatedMessage ? 1 : 0;
            nothing += error == Error::InvalidCapability ? 1 : 0;
        }
        // It takes its own ground away.
        (void)object::CNode{kAllOnes}.delete_(1, 1);
        nothing += kernel_error(os::call(kAllOnes, message(0x201))) == Error::InvalidCapability ? 1 : 0;
        rest();
    };
    CPtr const loop = TRY(make_loop(rig));
    Thread const thread = TRY(rig.start({.run = look, .root = loop}));
    REQUIRE(found == 1 && nothing == 64 && thread.state() == state::kFaulted);
    return {};
}

/// The last capability to a CNode moves into it: out of reach, and its memory still comes back.
auto an_island_goes_with_its_memory(Rig& rig) -> Outcome {
    CPtr const memory = TRY(rig.make(ObjectType::Untyped, 12));
    CPtr const first = rig.slot();
    CPtr const second = rig.slot();
    auto const make = [&](CPtr slot) {
        return must(object::Untyped{memory}.retype(static_cast<std::uint8_t>(ObjectType::CNode), 2, 0, 1,
                                                   kRoot, 0, slot));
    };
    TRY(make(first));
    TRY(must(object::CNode{first}.move(2, kDepth, 3, kRoot, first)));
    TRY(make(first));
    TRY(make(second));
    TRY(must(object::CNode{first}.move(2, kDepth, 3, kRoot, second)));
    TRY(must(object::CNode{first}.copy(2, kDepth, 0xF, 2, kRoot, first)));
    TRY(must(rig.root().delete_(kDepth, first))); // it holds itself
    TRY(must(rig.root().revoke(kDepth, memory)));
    return must(object::Untyped{memory}.retype(static_cast<std::uint8_t>(ObjectType::Untyped), 11, 0, 2,
                                               kRoot, 0, first));
}

/// CNodes of which each holds all, deleted by way of themselves.
auto a_tangle_is_deleted_from_within(Rig& rig) -> Outcome {
    constexpr unsigned kRadix = 3;
    constexpr std::size_t kNodes = 6;
    std::array<CPtr, kNodes> nodes{};
    for (auto& node : nodes) {
        node = TRY(rig.make(ObjectType::CNode, kRadix));
    }
    for (CPtr const node : nodes) {
        for (std::size_t index = 0; index < kNodes; ++index) {
            TRY(must(object::CNode{node}.copy(kRadix, kDepth, 0xF, index, kRoot, nodes[index])));
        }
    }
    for (std::size_t index = 1; index < kNodes; ++index) {
        TRY(must(rig.root().delete_(kDepth, nodes[index])));
    }
    // 0 -> 5 -> 3: what is there is node 3, deleted from the slot that led to it.
    TRY(must(object::CNode{nodes[0]}.delete_(3 * kRadix, 05 << 6U | 03 << 3U | 03)));
    REQUIRE(TRY(type_at(nodes[0], 3 * kRadix, 05 << 6U | 04 << 3U | 03)) == ObjectType::CNode);
    // A revocation through the one way in that the revocation does not take away.
    TRY(must(object::CNode{nodes[0]}.revoke(2 * kRadix, 01 << 3U | 00)));
    TRY(must(rig.root().revoke(kDepth, nodes[0])));
    REQUIRE(TRY(type_at(nodes[0], kRadix, 1)) == ObjectType::CNode);
    return must(rig.root().delete_(kDepth, nodes[0]));
}

/// The message comes without its capability, and nobody's slots change.
auto comes_alone(Rig& rig, Sender const& sender, CPtr root, std::uint64_t index, std::uint8_t depth = kDepth)
    -> Outcome {
    TRY(must(object::Tcb{os::slot::kTcb}.set_receive_slot(depth, root, index)));
    TRY(start(rig, sender));
    auto const before = rig.fingerprint();
    auto const received = os::receive(sender.endpoint).message;
    TRY(must(object::Tcb{os::slot::kTcb}.set_receive_slot(0, abi::kNullCPtr, 0)));
    REQUIRE(received.words[0] == 11 && received.words[7] == 0);
    REQUIRE(received.tag.flags() == 0 && rig.fingerprint() == before);
    return {};
}

auto a_used_receive_slot_is_kept(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    CPtr const attached = TRY(rig.make(ObjectType::Notification));
    Sender const sender{endpoint, attached};
    // The endpoint that it comes through, the CSpace, the thread itself, what is sent.
    for (CPtr const slot : {endpoint, kRoot, CPtr{os::slot::kTcb}, attached}) {
        TRY(comes_alone(rig, sender, kRoot, slot));
    }
    return {};
}

auto a_lost_receive_slot_takes_nothing(Rig& rig) -> Outcome {
    Sender const sender{TRY(rig.make(ObjectType::Endpoint)), TRY(rig.make(ObjectType::Notification))};
    CPtr const node = TRY(rig.make(ObjectType::CNode, 2));
    CPtr const empty = rig.slot();
    TRY(comes_alone(rig, sender, node, 1, 5));                           // more bits than lead anywhere
    TRY(comes_alone(rig, sender, node, 1, 1));                           // too few
    TRY(comes_alone(rig, sender, sender.endpoint, 1, 2));                // no CNode
    TRY(comes_alone(rig, sender, empty, 1, 2));                          // nothing
    TRY(comes_alone(rig, sender, kAllOnes, 1, 2));                       // nowhere
    TRY(must(object::Tcb{os::slot::kTcb}.set_receive_slot(2, node, 1))); // found when something arrives
    TRY(must(rig.root().delete_(kDepth, node)));
    TRY(comes_alone(rig, sender, node, 1, 2));
    // Another object in its place is what counts.
    TRY(must(rig.arena().retype(static_cast<std::uint8_t>(ObjectType::Tcb), 0, 0, 1, kRoot, 0, node)));
    return comes_alone(rig, sender, node, 1, 2);
}

auto what_cannot_be_copied_stays(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    CPtr const memory = TRY(rig.make(ObjectType::Untyped, 13));
    CPtr const table = TRY(rig.make(ObjectType::PageTable));
    TRY(must(object::Untyped{memory}.retype(static_cast<std::uint8_t>(ObjectType::Endpoint), 0, 0, 1, kRoot,
                                            0, rig.slot())));
    for (CPtr const attached : {memory, table, rig.slot(), abi::kNullCPtr, kAllOnes}) {
        Sender const sender{endpoint, attached};
        TRY(comes_alone(rig, sender, kRoot, rig.slot()));
    }
    return {};
}

/// A CNode that arrives in itself: a loop made by a message, and gone like any other.
auto a_node_arrives_in_itself(Rig& rig) -> Outcome {
    CPtr const node = TRY(rig.make(ObjectType::CNode, 1));
    Sender const sender{TRY(rig.make(ObjectType::Endpoint)), node};
    TRY(must(object::Tcb{os::slot::kTcb}.set_receive_slot(1, node, 1)));
    TRY(start(rig, sender));
    auto const received = os::receive(sender.endpoint).message;
    TRY(must(object::Tcb{os::slot::kTcb}.set_receive_slot(0, abi::kNullCPtr, 0)));
    REQUIRE(received.tag.flags() == abi::MessageTag::kCapability);
    REQUIRE(TRY(type_at(node, kDepth, kAllOnes)) == ObjectType::CNode);
    TRY(must(rig.root().revoke(kDepth, node)));
    REQUIRE(TRY(type_at(node, 1, 1)) == ObjectType::Null);
    return must(rig.root().delete_(kDepth, node));
}

constexpr std::array kTests{
    Test{"a_node_in_itself_resolves_to_the_end", a_node_in_itself_resolves_to_the_end},
    Test{"guards_in_a_circle_are_bounded", guards_in_a_circle_are_bounded},
    Test{"no_level_takes_no_bits", no_level_takes_no_bits},
    Test{"a_thread_lives_in_a_loop", a_thread_lives_in_a_loop},
    Test{"an_island_goes_with_its_memory", an_island_goes_with_its_memory},
    Test{"a_tangle_is_deleted_from_within", a_tangle_is_deleted_from_within},
    Test{"a_used_receive_slot_is_kept", a_used_receive_slot_is_kept},
    Test{"a_lost_receive_slot_takes_nothing", a_lost_receive_slot_takes_nothing},
    Test{"what_cannot_be_copied_stays", what_cannot_be_copied_stays},
    Test{"a_node_arrives_in_itself", a_node_arrives_in_itself},
};

} // namespace

auto hostile_cspace_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
