// SPDX-License-Identifier: MIT
/// Send, receive, call and reply: what arrives, who waits, what the rights allow.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

/// What a partner thread works with, and what it saw.
struct Partner {
    CPtr endpoint;
    os::Message message{};
    os::Received received{};
    std::atomic<unsigned> done{};
};

auto argument(Partner& partner) -> std::uint64_t { return reinterpret_cast<std::uint64_t>(&partner); }
auto of(std::uint64_t argument) -> Partner& { return *reinterpret_cast<Partner*>(argument); }

/// Answers every call with its label and words plus one; the badge is in word 7.
void serve(std::uint64_t argument) {
    auto& self = of(argument);
    auto received = os::receive(self.endpoint);
    while (true) {
        auto answer = received.message;
        answer.tag = abi::MessageTag{answer.tag.label() + 1, 8};
        for (auto& word : answer.words) {
            ++word;
        }
        answer.words[7] = received.badge;
        ++self.done;
        received = os::reply_receive(self.endpoint, answer);
    }
}

void receive_once(std::uint64_t argument) {
    auto& self = of(argument);
    self.received = os::receive(self.endpoint);
    ++self.done;
    rest();
}

void send_once(std::uint64_t argument) {
    auto& self = of(argument);
    os::send(self.endpoint, self.message);
    ++self.done;
    rest();
}

void call_once(std::uint64_t argument) {
    auto& self = of(argument);
    self.received.message = os::call(self.endpoint, self.message);
    ++self.done;
    rest();
}

auto call_carries_words_and_badge(Rig& rig) -> Outcome {
    Partner server{TRY(rig.make(ObjectType::Endpoint))};
    TRY(rig.start({.run = serve, .argument = argument(server)}));
    CPtr const badged = TRY(rig.mint(server.endpoint, 0xBAD6E));
    os::Message const sent{.tag = abi::MessageTag{0x12'3456, 8}, .words = {1, 2, 3, 4, 5, 6, 7, 8}};
    auto const answer = os::call(badged, sent);
    REQUIRE(answer.tag.label() == 0x12'3457 && answer.tag.length() == 8 && answer.tag.flags() == 0);
    REQUIRE(answer.words == abi::Words{2, 3, 4, 5, 6, 7, 8, 0xBAD6E});
    return {};
}

auto many_calls_go_through(Rig& rig) -> Outcome {
    Partner server{TRY(rig.make(ObjectType::Endpoint))};
    TRY(rig.start({.run = serve, .argument = argument(server)}));
    for (std::uint64_t round = 0; round < 2000; ++round) {
        auto const answer = os::call(server.endpoint, message(round, round));
        REQUIRE(answer.tag.label() == round + 1 && answer.words[0] == round + 1);
    }
    REQUIRE(server.done == 2000);
    return {};
}

auto send_waits_for_a_receiver(Rig& rig) -> Outcome {
    Partner sender{TRY(rig.make(ObjectType::Endpoint)), message(5, 55)};
    Thread const thread = TRY(rig.start({.run = send_once, .argument = argument(sender)}));
    REQUIRE(sender.done == 0 && thread.state() == state::kSending);
    auto const received = os::receive(sender.endpoint);
    REQUIRE(received.message.tag.label() == 5 && received.message.words[0] == 55);
    REQUIRE(sender.done == 1);
    return {};
}

auto receive_waits_for_a_sender(Rig& rig) -> Outcome {
    Partner receiver{TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(rig.start({.run = receive_once, .argument = argument(receiver)}));
    REQUIRE(receiver.done == 0 && thread.state() == state::kReceiving);
    os::send(TRY(rig.mint(receiver.endpoint, 3)), message(9, 99));
    REQUIRE(receiver.done == 1 && receiver.received.badge == 3);
    REQUIRE(receiver.received.message.tag.label() == 9 && receiver.received.message.words[0] == 99);
    return {};
}

auto try_send_drops_without_receiver(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    os::try_send(endpoint, message(1));
    auto const nothing = os::try_receive(endpoint);
    REQUIRE(nothing.badge == 0 && nothing.message.tag.raw() == 0);
    return {};
}

auto try_receive_takes_a_waiting_sender(Rig& rig) -> Outcome {
    Partner sender{TRY(rig.make(ObjectType::Endpoint)), message(5, 55)};
    TRY(rig.start({.run = send_once, .argument = argument(sender)}));
    auto const received = os::try_receive(sender.endpoint);
    REQUIRE(received.message.tag.label() == 5 && received.message.words[0] == 55);
    return {};
}

auto senders_wait_by_priority(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    Partner low{endpoint, message(1)};
    Partner high{endpoint, message(2)};
    Partner second_high{endpoint, message(3)};
    TRY(rig.start({.run = send_once, .argument = argument(low), .priority = Priority::Low}));
    TRY(rig.settle());
    TRY(rig.start({.run = send_once, .argument = argument(high)}));
    TRY(rig.start({.run = send_once, .argument = argument(second_high)}));
    REQUIRE(os::receive(endpoint).message.tag.label() == 2);
    REQUIRE(os::receive(endpoint).message.tag.label() == 3);
    REQUIRE(os::receive(endpoint).message.tag.label() == 1);
    return {};
}

auto rights_are_needed(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    CPtr const read_only = TRY(rig.mint(endpoint, 0, abi::rights::kRead));
    CPtr const write_only = TRY(rig.mint(endpoint, 0, abi::rights::kWrite));
    // No right to call, nor to have an answer.
    REQUIRE(kernel_error(os::call(read_only, message(1))) == Error::IllegalOperation);
    REQUIRE(kernel_error(os::call(write_only, message(1))) == Error::IllegalOperation);
    os::send(read_only, message(1)); // dropped: it does not even block
    Partner receiver{write_only};
    Thread const thread = TRY(rig.start({.run = receive_once, .argument = argument(receiver)}));
    REQUIRE(thread.state() == state::kFaulted);
    return {};
}

auto grant_reply_is_enough_to_call(Rig& rig) -> Outcome {
    Partner server{TRY(rig.make(ObjectType::Endpoint))};
    TRY(rig.start({.run = serve, .argument = argument(server)}));
    CPtr const caller = TRY(rig.mint(server.endpoint, 0, abi::rights::kWrite | abi::rights::kGrantReply));
    REQUIRE(os::call(caller, message(1)).tag.label() == 2);
    return {};
}

auto callers_of_a_deleted_endpoint_are_told(Rig& rig) -> Outcome {
    Partner caller{TRY(rig.make(ObjectType::Endpoint)), message(1)};
    TRY(rig.start({.run = call_once, .argument = argument(caller)}));
    REQUIRE(caller.done == 0);
    TRY(must(rig.root().delete_(kDepth, caller.endpoint)));
    REQUIRE(caller.done == 1 && kernel_error(caller.received.message) == Error::Aborted);
    return {};
}

auto cancelled_senders_start_again(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    Partner first{TRY(rig.mint(endpoint, 1)), message(11)};
    Partner second{TRY(rig.mint(endpoint, 2)), message(22)};
    Thread const cancelled = TRY(rig.start({.run = send_once, .argument = argument(first)}));
    Thread const kept = TRY(rig.start({.run = send_once, .argument = argument(second)}));
    TRY(must(rig.root().cancel_badged_sends(kDepth, first.endpoint)));
    // It sends again at once: its capability still is there.
    REQUIRE(cancelled.state() == state::kSending && kept.state() == state::kSending);
    REQUIRE(os::receive(endpoint).badge == 2);
    REQUIRE(os::receive(endpoint).badge == 1);
    return {};
}

auto send_receive_does_both(Rig& rig) -> Outcome {
    Partner receiver{TRY(rig.make(ObjectType::Endpoint))};
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    TRY(rig.start({.run = receive_once, .argument = argument(receiver)}));
    os::signal(TRY(rig.mint(notification, 4)));
    auto const received = os::send_receive(receiver.endpoint, message(8), notification);
    REQUIRE(received.badge == 4 && received.message.tag.has(abi::MessageTag::kNotification));
    REQUIRE(receiver.done == 1 && receiver.received.message.tag.label() == 8);
    return {};
}

constexpr std::array kTests{
    Test{"call_carries_words_and_badge", call_carries_words_and_badge, "IPC0002"},
    Test{"many_calls_go_through", many_calls_go_through},
    Test{"send_waits_for_a_receiver", send_waits_for_a_receiver},
    Test{"receive_waits_for_a_sender", receive_waits_for_a_sender},
    Test{"try_send_drops_without_receiver", try_send_drops_without_receiver, "IPC0004"},
    Test{"try_receive_takes_a_waiting_sender", try_receive_takes_a_waiting_sender, "NBWAIT0001"},
    Test{"senders_wait_by_priority", senders_wait_by_priority},
    Test{"ipc_rights_are_needed", rights_are_needed},
    Test{"grant_reply_is_enough_to_call", grant_reply_is_enough_to_call, "IPCRIGHTS0004"},
    Test{"callers_of_a_deleted_endpoint_are_told", callers_of_a_deleted_endpoint_are_told},
    Test{"cancelled_senders_start_again", cancelled_senders_start_again, "CANCEL_BADGED_SENDS_0001"},
    Test{"send_receive_does_both", send_receive_does_both},
};

} // namespace

auto ipc_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
