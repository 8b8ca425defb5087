// SPDX-License-Identifier: MIT
/// What each right of an endpoint capability is needed for: every set of rights is tried.
#include "kernel/abi/fault.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

constexpr unsigned kMasks = abi::rights::kAll + 1;

auto has(unsigned mask, std::uint8_t right) -> bool { return (mask & right) != 0; }

/// A copy of `endpoint` with exactly these rights.
auto with(Rig& rig, CPtr endpoint, unsigned mask) -> Got<CPtr> {
    return rig.mint(endpoint, mask + 1, static_cast<std::uint8_t>(mask));
}

struct Partner {
    CPtr endpoint;
    CPtr attached{};
    os::Received received{};
    std::atomic<unsigned> done{};
};

auto partner(std::uint64_t argument) -> Partner& { return *reinterpret_cast<Partner*>(argument); }

template <typename T>
auto address(T& object) -> std::uint64_t {
    return reinterpret_cast<std::uint64_t>(&object);
}

/// One word, and a capability if there is one.
auto loaded(Partner const& self) -> os::Message {
    os::Message sent{.tag = abi::MessageTag{1, 8}, .words = {11}};
    if (self.attached != abi::kNullCPtr) {
        sent.tag = abi::MessageTag{1, 8, abi::MessageTag::kCapability};
        sent.words[7] = self.attached;
    }
    return sent;
}

void send_once(std::uint64_t argument) {
    auto& self = partner(argument);
    os::send(self.endpoint, loaded(self));
    ++self.done;
    rest();
}

void receive_once(std::uint64_t argument) {
    auto& self = partner(argument);
    self.received = os::receive(self.endpoint);
    ++self.done;
    rest();
}

void call_once(std::uint64_t argument) {
    auto& self = partner(argument);
    self.received.message = os::call(self.endpoint, loaded(self));
    ++self.done;
    rest();
}

auto sending_needs_the_write_right(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    for (unsigned mask = 0; mask < kMasks; ++mask) {
        Partner sender{TRY(with(rig, endpoint, mask))};
        TRY(rig.start({.run = send_once, .argument = address(sender)}));
        auto const received = os::try_receive(endpoint);
        if (has(mask, abi::rights::kWrite)) {
            REQUIRE(received.badge == mask + 1 && received.message.words[0] == 11);
        } else {
            REQUIRE(received.badge == 0 && received.message.tag.raw() == 0);
        }
        REQUIRE(sender.done == 1);
    }
    return {};
}

auto receiving_needs_the_read_right(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    for (unsigned mask = 0; mask < kMasks; ++mask) {
        Partner receiver{TRY(with(rig, endpoint, mask))};
        Thread const thread =
            TRY(rig.start({.run = receive_once, .argument = address(receiver), .fault_endpoint = faults}));
        auto const fault = os::try_receive(faults).message;
        if (has(mask, abi::rights::kRead)) {
            REQUIRE(fault.tag.raw() == 0 && thread.state() == state::kReceiving);
            os::try_send(endpoint, message(4));
            REQUIRE(receiver.done == 1 && receiver.received.message.tag.label() == 4);
            REQUIRE(os::try_receive(faults).message.words[1] == abi::kNullCPtr); // it rests
            os::reply(message(1)); // so that it no longer lends its priority
        } else {
            REQUIRE(fault.tag.has(abi::MessageTag::kFault));
            REQUIRE(fault.tag.label() == static_cast<std::uint64_t>(abi::FaultKind::Capability));
            REQUIRE(fault.words[1] == receiver.endpoint && fault.words[2] == 1 && receiver.done == 0);
            os::reply(message(1));
        }
    }
    return {};
}

auto capabilities_need_the_grant_right(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    object::Tcb const self{os::slot::kTcb};
    for (unsigned mask = 0; mask < kMasks; ++mask) {
        if (!has(mask, abi::rights::kWrite)) {
            continue;
        }
        Partner sender{TRY(with(rig, endpoint, mask)), TRY(rig.make(ObjectType::Notification))};
        CPtr const slot = rig.slot();
        TRY(must(self.set_receive_slot(kDepth, kRoot, slot)));
        TRY(rig.start({.run = send_once, .argument = address(sender)}));
        auto const received = os::try_receive(endpoint).message;
        TRY(must(self.set_receive_slot(0, abi::kNullCPtr, 0)));
        bool const granted = has(mask, abi::rights::kGrant);
        REQUIRE(received.words[0] == 11 && received.words[7] == 0);
        REQUIRE(received.tag.flags() == (granted ? abi::MessageTag::kCapability : 0));
        REQUIRE(rig.type_in(slot) == (granted ? ObjectType::Notification : ObjectType::Null));
        REQUIRE(rig.type_in(sender.attached) == ObjectType::Notification);
    }
    return {};
}

auto calling_needs_grant_or_grant_reply(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    for (unsigned mask = 0; mask < kMasks; ++mask) {
        Partner caller{TRY(with(rig, endpoint, mask))};
        TRY(rig.start({.run = call_once, .argument = address(caller)}));
        bool const allowed = has(mask, abi::rights::kWrite) &&
                             (has(mask, abi::rights::kGrant) || has(mask, abi::rights::kGrantReply));
        REQUIRE(caller.done == (allowed ? 0 : 1));
        auto const received = os::try_receive(endpoint);
        if (allowed) {
            REQUIRE(received.badge == mask + 1);
            os::reply(message(6));
            REQUIRE(caller.done == 1 && caller.received.message.tag.label() == 6);
        } else {
            REQUIRE(received.message.tag.raw() == 0);
            REQUIRE(kernel_error(caller.received.message) == Error::IllegalOperation);
        }
    }
    return {};
}

enum class Answer : std::uint8_t { AtOnce, FromReplyObject };

/// Answers a call with a capability; what the caller finds in its slot.
auto answered_with_capability(Rig& rig, std::uint8_t server_rights, Answer how) -> Got<ObjectType> {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    CPtr const serving = TRY(rig.mint(endpoint, 0, server_rights));
    object::Reply const kept{TRY(rig.make(ObjectType::Reply))};
    Partner answer{0, TRY(rig.make(ObjectType::Notification))};
    Partner caller{endpoint};
    Thread const thread = TRY(rig.start({.run = call_once, .argument = address(caller)}));
    CPtr const slot = rig.slot();
    TRY(must(thread.tcb.set_receive_slot(kDepth, kRoot, slot)));
    (void)os::receive(serving);
    if (how == Answer::AtOnce) {
        os::reply(loaded(answer));
    } else {
        TRY(must(kept.save()));
        // What the server receives with later does not count.
        (void)os::try_receive(endpoint);
        os::send(kept.capability(), loaded(answer));
    }
    REQUIRE(caller.done == 1 && caller.received.message.words[0] == 11);
    bool const arrived = caller.received.message.tag.has(abi::MessageTag::kCapability);
    REQUIRE(arrived == (rig.type_in(slot) == ObjectType::Notification));
    return rig.type_in(slot);
}

auto answers_grant_by_the_servers_right(Rig& rig) -> Outcome {
    for (Answer const how : {Answer::AtOnce, Answer::FromReplyObject}) {
        for (unsigned mask = 0; mask < kMasks; ++mask) {
            if (has(mask, abi::rights::kRead)) {
                auto const found = TRY(answered_with_capability(rig, static_cast<std::uint8_t>(mask), how));
                REQUIRE((found == ObjectType::Notification) == has(mask, abi::rights::kGrant));
            }
        }
    }
    return {};
}

constexpr std::array kTests{
    Test{"sending_needs_the_write_right", sending_needs_the_write_right, "IPCRIGHTS0001"},
    Test{"receiving_needs_the_read_right", receiving_needs_the_read_right, "IPCRIGHTS0002"},
    Test{"capabilities_need_the_grant_right", capabilities_need_the_grant_right, "IPCRIGHTS0003"},
    Test{"calling_needs_grant_or_grant_reply", calling_needs_grant_or_grant_reply, "IPCRIGHTS0004"},
    Test{"answers_grant_by_the_servers_right", answers_grant_by_the_servers_right, "IPCRIGHTS0005"},
};

} // namespace

auto right_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
