// SPDX-License-Identifier: MIT
/// Answers: once, later, or never because the server has gone.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

struct Caller {
    CPtr endpoint;
    os::Message answer{};
    std::atomic<unsigned> answers{};
};

void call_for_ever(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Caller*>(argument);
    while (true) {
        self.answer = os::call(self.endpoint, message(1, 10));
        ++self.answers;
    }
}

void call_once(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Caller*>(argument);
    self.answer = os::call(self.endpoint, message(1, 10));
    ++self.answers;
    rest();
}

auto start(Rig& rig, Caller& caller, void (*run)(std::uint64_t) = call_once) -> Got<Thread> {
    return rig.start({.run = run, .argument = reinterpret_cast<std::uint64_t>(&caller)});
}

auto reply_without_caller_does_nothing(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    os::reply(message(1));
    (void)os::try_receive(endpoint);
    os::reply(message(1));
    return {};
}

auto a_caller_is_answered_once(Rig& rig) -> Outcome {
    Caller caller{TRY(rig.make(ObjectType::Endpoint))};
    TRY(start(rig, caller));
    (void)os::receive(caller.endpoint);
    os::reply(message(7));
    os::reply(message(8));
    REQUIRE(caller.answers == 1 && caller.answer.tag.label() == 7);
    return {};
}

auto receiving_again_aborts_the_caller(Rig& rig) -> Outcome {
    Caller caller{TRY(rig.make(ObjectType::Endpoint))};
    TRY(start(rig, caller));
    (void)os::receive(caller.endpoint);
    (void)os::try_receive(caller.endpoint);
    REQUIRE(caller.answers == 1 && kernel_error(caller.answer) == Error::Aborted);
    return {};
}

auto a_kept_caller_is_answered_later(Rig& rig) -> Outcome {
    Caller first{TRY(rig.make(ObjectType::Endpoint))};
    Caller second{first.endpoint};
    CPtr const reply = TRY(rig.make(ObjectType::Reply));
    TRY(start(rig, first));
    (void)os::receive(first.endpoint);
    TRY(must(object::Reply{reply}.save()));
    TRY(start(rig, second));
    (void)os::receive(first.endpoint);
    REQUIRE(first.answers == 0);
    REQUIRE(refusal(object::Reply{reply}.save()) == Error::DeleteFirst);
    os::reply(message(2));
    REQUIRE(second.answers == 1 && first.answers == 0);
    os::send(reply, message(3));
    REQUIRE(first.answers == 1 && first.answer.tag.label() == 3);
    os::send(reply, message(4)); // nobody is there any more
    REQUIRE(first.answers == 1);
    return {};
}

auto deleting_a_reply_aborts(Rig& rig) -> Outcome {
    Caller caller{TRY(rig.make(ObjectType::Endpoint))};
    CPtr const reply = TRY(rig.make(ObjectType::Reply));
    TRY(start(rig, caller));
    (void)os::receive(caller.endpoint);
    TRY(must(object::Reply{reply}.save()));
    TRY(must(rig.root().delete_(kDepth, reply)));
    REQUIRE(caller.answers == 1 && kernel_error(caller.answer) == Error::Aborted);
    return {};
}

auto reply_abort_aborts(Rig& rig) -> Outcome {
    Caller caller{TRY(rig.make(ObjectType::Endpoint))};
    object::Reply const reply{TRY(rig.make(ObjectType::Reply))};
    TRY(start(rig, caller));
    (void)os::receive(caller.endpoint);
    TRY(must(reply.save()));
    TRY(must(reply.abort()));
    REQUIRE(caller.answers == 1 && kernel_error(caller.answer) == Error::Aborted);
    return {};
}

/// Receives a call and never answers it: it waits for someone to take its own message.
void take_and_wait(std::uint64_t endpoint) {
    (void)os::receive(endpoint);
    os::send(endpoint, message(1));
    rest();
}
/// Receives a call and stops with a fault.
void take_and_fault(std::uint64_t endpoint) {
    (void)os::receive(endpoint);
    rest();
}

auto a_dead_server_aborts_its_caller(Rig& rig) -> Outcome {
    Caller caller{TRY(rig.make(ObjectType::Endpoint))};
    Thread const server = TRY(rig.start({.run = take_and_wait, .argument = caller.endpoint}));
    TRY(start(rig, caller));
    REQUIRE(caller.answers == 0);
    TRY(must(rig.root().delete_(kDepth, server.tcb.capability())));
    REQUIRE(caller.answers == 1 && kernel_error(caller.answer) == Error::Aborted);
    return {};
}

auto a_faulted_server_aborts_its_caller(Rig& rig) -> Outcome {
    Caller caller{TRY(rig.make(ObjectType::Endpoint))};
    Thread const server = TRY(rig.start({.run = take_and_fault, .argument = caller.endpoint}));
    TRY(start(rig, caller));
    REQUIRE(server.state() == state::kFaulted);
    REQUIRE(caller.answers == 1 && kernel_error(caller.answer) == Error::Aborted);
    return {};
}

auto a_dead_caller_is_forgotten(Rig& rig) -> Outcome {
    Caller caller{TRY(rig.make(ObjectType::Endpoint))};
    CPtr const reply = TRY(rig.make(ObjectType::Reply));
    Thread const first = TRY(start(rig, caller));
    (void)os::receive(caller.endpoint);
    TRY(must(rig.root().delete_(kDepth, first.tcb.capability())));
    os::reply(message(1));
    Thread const second = TRY(start(rig, caller));
    (void)os::receive(caller.endpoint);
    TRY(must(object::Reply{reply}.save()));
    TRY(must(rig.root().delete_(kDepth, second.tcb.capability())));
    os::send(reply, message(1));
    REQUIRE(caller.answers == 0);
    return {};
}

auto a_suspended_caller_does_not_call_again(Rig& rig) -> Outcome {
    Caller caller{TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start(rig, caller));
    (void)os::receive(caller.endpoint);
    TRY(must(thread.tcb.suspend()));
    os::reply(message(1));
    REQUIRE(caller.answers == 0);
    TRY(must(thread.tcb.resume()));
    REQUIRE(caller.answers == 1 && kernel_error(caller.answer) == Error::Aborted);
    REQUIRE(os::try_receive(caller.endpoint).message.tag.raw() == 0);
    return {};
}

auto a_suspended_caller_in_the_queue_calls_again(Rig& rig) -> Outcome {
    Caller caller{TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start(rig, caller));
    TRY(must(thread.tcb.suspend()));
    REQUIRE(os::try_receive(caller.endpoint).message.tag.raw() == 0);
    TRY(must(thread.tcb.resume()));
    REQUIRE(os::receive(caller.endpoint).message.words[0] == 10);
    os::reply(message(2));
    REQUIRE(caller.answers == 1 && caller.answer.tag.label() == 2);
    return {};
}

auto reply_receive_takes_the_next(Rig& rig) -> Outcome {
    Caller caller{TRY(rig.make(ObjectType::Endpoint))};
    TRY(start(rig, caller, call_for_ever));
    (void)os::receive(caller.endpoint);
    for (unsigned round = 1; round <= 100; ++round) {
        auto const received = os::reply_receive(caller.endpoint, message(round));
        REQUIRE(received.message.words[0] == 10 && caller.answers == round &&
                caller.answer.tag.label() == round);
    }
    return {};
}

constexpr std::array kTests{
    Test{"reply_without_caller_does_nothing", reply_without_caller_does_nothing},
    Test{"a_caller_is_answered_once", a_caller_is_answered_once},
    Test{"receiving_again_aborts_the_caller", receiving_again_aborts_the_caller},
    Test{"a_kept_caller_is_answered_later", a_kept_caller_is_answered_later, "CNODEOP0009"},
    Test{"deleting_a_reply_aborts", deleting_a_reply_aborts},
    Test{"reply_abort_aborts", reply_abort_aborts},
    Test{"a_dead_server_aborts_its_caller", a_dead_server_aborts_its_caller},
    Test{"a_faulted_server_aborts_its_caller", a_faulted_server_aborts_its_caller},
    Test{"a_dead_caller_is_forgotten", a_dead_caller_is_forgotten, "IPC0010"},
    Test{"a_suspended_caller_does_not_call_again", a_suspended_caller_does_not_call_again},
    Test{"a_suspended_caller_in_the_queue_calls_again", a_suspended_caller_in_the_queue_calls_again},
    Test{"reply_receive_takes_the_next", reply_receive_takes_the_next},
};

} // namespace

auto reply_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
