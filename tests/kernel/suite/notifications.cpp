// SPDX-License-Identifier: MIT
/// Notifications: bits that gather, waiters that wake, and those bound to a thread.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

struct Waiter {
    CPtr object;
    os::Received received{};
    std::atomic<unsigned> woken{};
};

void receive_once(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Waiter*>(argument);
    self.received = os::receive(self.object);
    ++self.woken;
    rest();
}

auto start(Rig& rig, Waiter& waiter) -> Got<Thread> {
    return rig.start({.run = receive_once, .argument = reinterpret_cast<std::uint64_t>(&waiter)});
}

auto badges_gather(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    CPtr const first = TRY(rig.mint(notification, 0b001));
    CPtr const second = TRY(rig.mint(notification, 0b100));
    os::signal(first);
    os::signal(second);
    os::signal(first);
    REQUIRE(os::wait(notification) == 0b101);
    REQUIRE(os::try_receive(notification).message.tag.raw() == 0);
    return {};
}

auto a_waiter_is_woken(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    Waiter waiter{notification};
    Thread const thread = TRY(start(rig, waiter));
    REQUIRE(thread.state() == state::kWaiting && waiter.woken == 0);
    os::signal(TRY(rig.mint(notification, 6)));
    REQUIRE(waiter.woken == 1 && waiter.received.badge == 6);
    REQUIRE(waiter.received.message.tag.has(abi::MessageTag::kNotification));
    return {};
}

auto one_signal_wakes_one(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    Waiter first{notification};
    Waiter second{notification};
    TRY(start(rig, first));
    TRY(start(rig, second));
    os::signal(notification);
    REQUIRE(first.woken == 1 && second.woken == 0);
    os::signal(notification);
    REQUIRE(second.woken == 1);
    return {};
}

auto rights_are_needed(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    os::signal(TRY(rig.mint(notification, 0, abi::rights::kRead))); // dropped
    REQUIRE(os::try_receive(notification).message.tag.raw() == 0);
    Waiter waiter{TRY(rig.mint(notification, 0, abi::rights::kWrite))};
    Thread const thread = TRY(start(rig, waiter));
    REQUIRE(thread.state() == state::kFaulted);
    return {};
}

auto a_bound_receiver_is_woken(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    Waiter waiter{TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start(rig, waiter));
    TRY(must(thread.tcb.bind_notification(notification)));
    os::signal(TRY(rig.mint(notification, 9)));
    REQUIRE(waiter.woken == 1 && waiter.received.badge == 9);
    REQUIRE(waiter.received.message.tag.has(abi::MessageTag::kNotification));
    return {};
}

auto a_bound_receiver_finds_an_earlier_signal(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    Waiter waiter{TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start(rig, waiter));
    TRY(must(thread.tcb.suspend()));
    TRY(must(thread.tcb.bind_notification(notification)));
    os::signal(notification);
    REQUIRE(waiter.woken == 0);
    TRY(must(thread.tcb.resume()));
    REQUIRE(waiter.woken == 1);
    return {};
}

auto binding_is_exclusive(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    CPtr const other = TRY(rig.make(ObjectType::Notification));
    object::Tcb const first{TRY(rig.make(ObjectType::Tcb))};
    object::Tcb const second{TRY(rig.make(ObjectType::Tcb))};
    TRY(must(first.bind_notification(notification)));
    REQUIRE(refusal(first.bind_notification(other)) == Error::IllegalOperation);
    REQUIRE(refusal(second.bind_notification(notification)) == Error::IllegalOperation);
    TRY(must(first.unbind_notification()));
    TRY(must(second.bind_notification(notification)));
    Waiter waiter{other};
    TRY(start(rig, waiter));
    REQUIRE(refusal(first.bind_notification(other)) == Error::IllegalOperation);
    return {};
}

auto deletion_unbinds(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    object::Tcb const thread{TRY(rig.make(ObjectType::Tcb))};
    TRY(must(thread.bind_notification(notification)));
    TRY(must(rig.root().delete_(kDepth, notification)));
    CPtr const other = TRY(rig.make(ObjectType::Notification));
    TRY(must(thread.bind_notification(other)));
    TRY(must(rig.root().delete_(kDepth, thread.capability())));
    os::signal(other);
    return {};
}

struct Poller {
    CPtr go;
    CPtr notification;
    CPtr badged;
    CPtr endpoint;
    std::atomic<unsigned> right{};
};

/// Polls one thing after the other; the notification is bound to this thread when `go` is signalled.
void poll_all(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Poller*>(argument);
    auto const expect = [&](CPtr object, std::uint64_t badge) {
        auto const found = os::try_receive(object);
        auto const flags = badge == 0 ? 0 : abi::MessageTag::kNotification;
        self.right += found.badge == badge && found.message.tag.raw() == flags ? 1 : 0;
    };
    expect(self.notification, 0);
    expect(self.endpoint, 0);
    os::signal(self.badged);
    expect(self.endpoint, 0);
    expect(self.notification, 12);
    expect(self.notification, 0);
    (void)os::wait(self.go);
    os::signal(self.badged);
    expect(self.endpoint, 12);
    expect(self.endpoint, 0);
    expect(self.notification, 0);
    os::signal(self.badged);
    expect(self.notification, 12);
    expect(self.endpoint, 0);
    rest();
}

auto polling_takes_what_is_there(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    Poller poller{.go = TRY(rig.make(ObjectType::Notification)),
                  .notification = notification,
                  .badged = TRY(rig.mint(notification, 12)),
                  .endpoint = TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread =
        TRY(rig.start({.run = poll_all, .argument = reinterpret_cast<std::uint64_t>(&poller)}));
    REQUIRE(poller.right == 5);
    TRY(must(thread.tcb.bind_notification(notification)));
    os::signal(poller.go);
    REQUIRE(poller.right == 10);
    return {};
}

constexpr std::array kTests{
    Test{"badges_gather", badges_gather},
    Test{"a_waiter_is_woken", a_waiter_is_woken},
    Test{"one_signal_wakes_one", one_signal_wakes_one},
    Test{"notification_rights_are_needed", rights_are_needed},
    Test{"a_bound_receiver_is_woken", a_bound_receiver_is_woken, "BIND0003"},
    Test{"a_bound_receiver_finds_an_earlier_signal", a_bound_receiver_finds_an_earlier_signal, "BIND0004"},
    Test{"binding_is_exclusive", binding_is_exclusive},
    Test{"deletion_unbinds", deletion_unbinds},
    Test{"polling_takes_what_is_there", polling_takes_what_is_there, "NBWAIT0001"},
};

} // namespace

auto notification_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
