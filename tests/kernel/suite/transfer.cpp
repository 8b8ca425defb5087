// SPDX-License-Identifier: MIT
/// Capabilities that travel with messages.
#include "capability_sender.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

/// The slot in which this test's thread takes capabilities.
auto receive_slot(Rig& rig) -> Got<CPtr> {
    CPtr const slot = rig.slot();
    TRY(must(object::Tcb{os::slot::kTcb}.set_receive_slot(kDepth, kRoot, slot)));
    return slot;
}

auto refuse_capabilities() -> Outcome {
    return must(object::Tcb{os::slot::kTcb}.set_receive_slot(0, abi::kNullCPtr, 0));
}

auto arrives_in_the_receive_slot(Rig& rig) -> Outcome {
    Sender const sender{TRY(rig.make(ObjectType::Endpoint)), TRY(rig.make(ObjectType::Notification))};
    CPtr const slot = TRY(receive_slot(rig));
    TRY(start(rig, sender));
    auto const received = os::receive(sender.endpoint).message;
    TRY(refuse_capabilities());
    REQUIRE(received.tag.has(abi::MessageTag::kCapability) && received.words[0] == 11 &&
            received.words[7] == 0);
    REQUIRE(rig.type_in(slot) == ObjectType::Notification);
    REQUIRE(rig.type_in(sender.attached) == ObjectType::Notification); // copied, not moved
    return {};
}

auto needs_the_grant_right(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    Sender const sender{TRY(rig.mint(endpoint, 0, abi::rights::kWrite)),
                        TRY(rig.make(ObjectType::Notification))};
    CPtr const slot = TRY(receive_slot(rig));
    TRY(start(rig, sender));
    auto const received = os::receive(endpoint).message;
    TRY(refuse_capabilities());
    REQUIRE(received.words[0] == 11 && !received.tag.has(abi::MessageTag::kCapability));
    REQUIRE(rig.type_in(slot) == ObjectType::Null);
    return {};
}

auto message_arrives_without_a_slot(Rig& rig) -> Outcome {
    Sender const sender{TRY(rig.make(ObjectType::Endpoint)), TRY(rig.make(ObjectType::Notification))};
    TRY(refuse_capabilities());
    TRY(start(rig, sender));
    auto const received = os::receive(sender.endpoint).message;
    REQUIRE(received.words[0] == 11 && !received.tag.has(abi::MessageTag::kCapability));
    return {};
}

auto full_slot_is_kept(Rig& rig) -> Outcome {
    Sender const sender{TRY(rig.make(ObjectType::Endpoint)), TRY(rig.make(ObjectType::Notification))};
    CPtr const slot = TRY(rig.make(ObjectType::Reply));
    TRY(must(object::Tcb{os::slot::kTcb}.set_receive_slot(kDepth, kRoot, slot)));
    TRY(start(rig, sender));
    auto const received = os::receive(sender.endpoint).message;
    TRY(refuse_capabilities());
    REQUIRE(received.words[0] == 11 && !received.tag.has(abi::MessageTag::kCapability));
    REQUIRE(rig.type_in(slot) == ObjectType::Reply);
    return {};
}

auto own_endpoint_is_unwrapped(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    Sender const sender{endpoint, TRY(rig.mint(endpoint, 77))};
    CPtr const slot = TRY(receive_slot(rig));
    TRY(start(rig, sender));
    auto const received = os::receive(endpoint).message;
    TRY(refuse_capabilities());
    REQUIRE(received.tag.has(abi::MessageTag::kUnwrapped) && received.words[7] == 77);
    REQUIRE(rig.type_in(slot) == ObjectType::Null);
    return {};
}

auto nothing_attached_arrives_as_nothing(Rig& rig) -> Outcome {
    Sender const sender{TRY(rig.make(ObjectType::Endpoint)), rig.slot()};
    CPtr const slot = TRY(receive_slot(rig));
    TRY(start(rig, sender));
    auto const received = os::receive(sender.endpoint).message;
    TRY(refuse_capabilities());
    REQUIRE(received.words[0] == 11 && !received.tag.has(abi::MessageTag::kCapability));
    REQUIRE(rig.type_in(slot) == ObjectType::Null);
    return {};
}

auto flags_cannot_be_forged(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    auto const run = [](std::uint64_t target) {
        os::send(target, {.tag = abi::MessageTag{4, 0, 0xFF & ~abi::MessageTag::kCapability}});
        rest();
    };
    TRY(rig.start({.run = run, .argument = endpoint}));
    auto const received = os::receive(endpoint).message;
    REQUIRE(received.tag.label() == 4 && received.tag.flags() == 0);
    return {};
}

constexpr std::array kTests{
    Test{"capability_arrives_in_the_receive_slot", arrives_in_the_receive_slot},
    Test{"capability_needs_the_grant_right", needs_the_grant_right, "IPCRIGHTS0003"},
    Test{"message_arrives_without_a_slot", message_arrives_without_a_slot},
    Test{"full_receive_slot_is_kept", full_slot_is_kept},
    Test{"own_endpoint_is_unwrapped", own_endpoint_is_unwrapped},
    Test{"nothing_attached_arrives_as_nothing", nothing_attached_arrives_as_nothing},
    Test{"flags_cannot_be_forged", flags_cannot_be_forged},
};

} // namespace

auto transfer_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
