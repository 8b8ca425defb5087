// SPDX-License-Identifier: MIT
/// Scheduling contexts that come and go while threads wait.
#include "rig.hpp"
#include "tests.hpp"
#include "waiter.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

void send_for_ever(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Waiter*>(argument);
    while (true) {
        os::send(self.object, message(self.messages));
        ++self.messages;
    }
}

auto a_send_waits_for_a_server_with_time(Rig& rig) -> Outcome {
    Waiter server{TRY(rig.make(ObjectType::Endpoint))};
    Thread const passive = TRY(start_passive(rig, server));
    os::try_send(server.object, message(1));
    Waiter sender{server.object};
    Thread const sends = TRY(start(rig, sender, send_for_ever));
    REQUIRE(sends.state() == state::kSending && sender.messages == 0 && server.messages == 0);
    TRY(must(sends.tcb.suspend()));
    TRY(must(sends.tcb.resume()));
    REQUIRE(sends.state() == state::kSending);
    TRY(must(sends.context.unbind())); // or the two of them would go on for ever
    TRY(must(passive.context.bind(passive.tcb.capability())));
    REQUIRE(server.messages == 1);
    return {};
}

auto a_sender_that_lost_its_time_is_received(Rig& rig) -> Outcome {
    Waiter sender{TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start(rig, sender, send_for_ever));
    TRY(must(thread.context.unbind()));
    REQUIRE(os::receive(sender.object).message.tag.label() == 0);
    REQUIRE(sender.messages == 0);
    TRY(must(thread.context.bind(thread.tcb.capability())));
    REQUIRE(sender.messages == 1 && thread.state() == state::kSending);
    return {};
}

auto a_sender_whose_time_is_deleted_is_received(Rig& rig) -> Outcome {
    Waiter sender{TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start(rig, sender, send_for_ever));
    TRY(must(rig.root().delete_(kDepth, thread.context.capability())));
    REQUIRE(os::receive(sender.object).message.tag.label() == 0);
    REQUIRE(sender.messages == 0);
    return {};
}

auto a_receiver_whose_time_is_deleted_gets_nothing(Rig& rig) -> Outcome {
    Waiter receiver{TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start(rig, receiver));
    TRY(must(rig.root().delete_(kDepth, thread.context.capability())));
    os::try_send(receiver.object, message(1));
    REQUIRE(receiver.messages == 0 && thread.state() == state::kReceiving);
    auto const context = TRY(make_context(rig));
    TRY(must(context.bind(thread.tcb.capability())));
    REQUIRE(receiver.messages == 0);
    os::try_send(receiver.object, message(1));
    REQUIRE(receiver.messages == 1);
    return {};
}

auto deleting_the_context_stops_its_thread(Rig& rig) -> Outcome {
    Waiter waiter{TRY(rig.make(ObjectType::Notification))};
    Thread const thread = TRY(start(rig, waiter));
    os::signal(waiter.object);
    REQUIRE(waiter.signals == 1);
    TRY(must(rig.root().delete_(kDepth, thread.context.capability())));
    os::signal(waiter.object);
    TRY(rig.settle());
    REQUIRE(waiter.signals == 1);
    return {};
}

auto resume_and_bind_in_either_order(Rig& rig) -> Outcome {
    for (bool const bind_first : {false, true}) {
        Waiter waiter{TRY(rig.make(ObjectType::Notification))};
        Thread const thread = TRY(start(rig, waiter));
        TRY(must(thread.tcb.suspend()));
        TRY(must(thread.context.unbind()));
        os::signal(waiter.object);
        if (bind_first) {
            TRY(must(thread.context.bind(thread.tcb.capability())));
            REQUIRE(waiter.signals == 0);
            TRY(must(thread.tcb.resume()));
        } else {
            TRY(must(thread.tcb.resume()));
            REQUIRE(waiter.signals == 0);
            TRY(must(thread.context.bind(thread.tcb.capability())));
        }
        REQUIRE(waiter.signals == 1);
    }
    return {};
}

auto binding_checks_what_it_binds(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    CPtr const thread = TRY(rig.make(ObjectType::Tcb));
    auto const first = TRY(make_context(rig));
    auto const second = TRY(make_context(rig));
    REQUIRE(refusal(first.bind(endpoint)) == Error::InvalidCapability);
    REQUIRE(refusal(first.bind(notification)) == Error::InvalidCapability);
    REQUIRE(refusal(first.bind_notification(thread)) == Error::InvalidCapability);
    TRY(must(first.unbind())); // nothing is bound: not an error
    TRY(must(first.bind(thread)));
    REQUIRE(refusal(first.bind_notification(notification)) == Error::IllegalOperation);
    REQUIRE(refusal(second.bind(thread)) == Error::IllegalOperation);
    TRY(must(second.bind_notification(notification)));
    REQUIRE(refusal(second.bind(TRY(rig.make(ObjectType::Tcb)))) == Error::IllegalOperation);
    TRY(must(first.unbind()));
    REQUIRE(refusal(first.bind_notification(notification)) == Error::IllegalOperation);
    TRY(must(second.unbind()));
    TRY(must(first.bind_notification(notification)));
    return must(second.bind(thread));
}

constexpr std::array kTests{
    Test{"a_send_waits_for_a_server_with_time", a_send_waits_for_a_server_with_time, "IPC0017"},
    Test{"a_sender_that_lost_its_time_is_received", a_sender_that_lost_its_time_is_received, "IPC0018"},
    Test{"a_sender_whose_time_is_deleted_is_received", a_sender_whose_time_is_deleted_is_received, "IPC0019"},
    Test{"a_receiver_whose_time_is_deleted_gets_nothing", a_receiver_whose_time_is_deleted_gets_nothing,
         "IPC0020"},
    Test{"deleting_the_context_stops_its_thread", deleting_the_context_stops_its_thread,
         "SCHED_CONTEXT_0005"},
    Test{"resume_and_bind_in_either_order", resume_and_bind_in_either_order, "SCHED_CONTEXT_0007"},
    Test{"binding_checks_what_it_binds", binding_checks_what_it_binds, "SCHED_CONTEXT_0003"},
};

} // namespace

auto context_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
