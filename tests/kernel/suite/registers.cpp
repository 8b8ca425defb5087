// SPDX-License-Identifier: MIT
/// What is in every register after each system call: those that are preserved as they were, those that are
/// not zero, and of the rest the message, whole.
#include "probe.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

using abi::Syscall;

constexpr std::uint64_t kRounds = 10;
/// The partner waits for the test, and then the test for the partner: without and with a switch.
constexpr std::array kOrders{Priority::High, Priority::Low};

/// Of no words, and of all.
auto made(std::uint64_t round) -> os::Message {
    if (round % 2 == 0) {
        return {.tag = abi::MessageTag{round + 1, 0}};
    }
    return {.tag = abi::MessageTag{round + 1, 8},
            .words = {round, ~round, round << 32U, 4, 5, 6, 7, round * 0x0101'0101'0101'0101U}};
}

auto is(os::Received const& received, std::uint64_t badge, os::Message const& expected) -> bool {
    return received.badge == badge && received.message.tag.raw() == expected.tag.raw() &&
           received.message.words == expected.words;
}

/// After a call that brings nothing back.
auto is_untouched(Probe const& probe) -> bool {
    return probe.lost() == 0 && probe.unclean() == 0 && probe.message_changed() == 0;
}

/// After a call that brings a message.
auto has_brought(Probe const& probe, std::uint64_t badge, os::Message const& expected) -> bool {
    return probe.lost() == 0 && probe.unclean() == 0 && is(probe.received(), badge, expected);
}

os::Message const kSignal{.tag = abi::MessageTag{0, 0, abi::MessageTag::kNotification}};

struct Partner {
    CPtr object{};
    CPtr back{};
    std::atomic<std::uint64_t> count{};
};

auto partner(std::uint64_t argument) -> Partner& { return *reinterpret_cast<Partner*>(argument); }

void receive_for_ever(std::uint64_t argument) {
    auto& self = partner(argument);
    while (true) {
        (void)os::receive(self.object);
        ++self.count;
    }
}

void send_for_ever(std::uint64_t argument) {
    auto& self = partner(argument);
    while (true) {
        os::send(self.object, made(self.count));
        ++self.count;
    }
}

void signal_when_told(std::uint64_t argument) {
    auto& self = partner(argument);
    while (true) {
        (void)os::receive(self.back);
        os::signal(self.object);
        ++self.count;
    }
}

void call_for_ever(std::uint64_t argument) {
    auto& self = partner(argument);
    while (true) {
        auto const answer = os::call(self.object, made(self.count));
        auto const expected = made(self.count + 7);
        self.count += is({0, answer}, 0, expected) ? 1 : 1000;
    }
}

void serve_for_ever(std::uint64_t argument) {
    auto& self = partner(argument);
    (void)os::receive(self.object);
    while (true) {
        ++self.count;
        (void)os::reply_receive(self.object, made(self.count));
    }
}

void exchange_for_ever(std::uint64_t argument) {
    auto& self = partner(argument);
    (void)os::receive(self.object);
    while (true) {
        ++self.count;
        (void)os::send_receive(self.back, made(self.count), self.object);
    }
}

/// A partner with an endpoint, and the test's capability of that with badge 9.
struct Peer {
    Partner partner;
    CPtr badged{};

    auto start(Rig& rig, void (*run)(std::uint64_t), Priority priority,
               ObjectType type = ObjectType::Endpoint) -> Outcome {
        partner.object = TRY(rig.make(type));
        badged = TRY(rig.mint(partner.object, 9));
        partner.back = TRY(rig.make(ObjectType::Endpoint));
        auto const argument = reinterpret_cast<std::uint64_t>(&partner);
        TRY(rig.start({.run = run, .argument = argument, .priority = priority}));
        return {};
    }
};

auto yield_keeps_registers(Rig& rig) -> Outcome {
    Partner other;
    TRY(rig.start({.run =
                       [](std::uint64_t argument) {
                           while (true) {
                               ++partner(argument).count;
                               os::yield();
                           }
                       },
                   .argument = reinterpret_cast<std::uint64_t>(&other),
                   .priority = Priority::Middle}));
    for (std::uint64_t round = 1; round <= kRounds; ++round) {
        Probe probe{round};
        probe.run<Syscall::Yield>(round, made(round));
        REQUIRE(is_untouched(probe) && other.count == round);
    }
    return {};
}

template <Syscall kSend>
auto sends(Rig& rig) -> Outcome {
    Peer peer;
    TRY(peer.start(rig, receive_for_ever, Priority::High));
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        Probe probe{round};
        probe.run<kSend>(peer.badged, made(round));
        REQUIRE(is_untouched(probe) && peer.partner.count == round + 1);
    }
    return {};
}

auto send_keeps_registers(Rig& rig) -> Outcome {
    TRY(sends<Syscall::Send>(rig));
    Peer peer;
    TRY(peer.start(rig, receive_for_ever, Priority::Low)); // which is waited for
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        Probe probe{round};
        probe.run<Syscall::Send>(peer.badged, made(round));
        REQUIRE(is_untouched(probe));
    }
    return {};
}

auto try_send_keeps_registers(Rig& rig) -> Outcome {
    TRY(sends<Syscall::NBSend>(rig));
    CPtr const nobody = TRY(rig.make(ObjectType::Endpoint));
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        Probe probe{round};
        probe.run<Syscall::NBSend>(nobody, made(round));
        REQUIRE(is_untouched(probe));
    }
    return {};
}

auto signal_keeps_registers(Rig& rig) -> Outcome {
    TRY(([&]() -> Outcome {
        Peer peer;
        TRY(peer.start(rig, receive_for_ever, Priority::High, ObjectType::Notification));
        for (std::uint64_t round = 0; round < kRounds; ++round) {
            Probe probe{round};
            probe.run<Syscall::Send>(peer.badged, made(round));
            REQUIRE(is_untouched(probe) && peer.partner.count == round + 1);
        }
        return {};
    }()));
    CPtr const unheard = TRY(rig.make(ObjectType::Notification));
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        Probe probe{round};
        probe.run<Syscall::Send>(unheard, made(round));
        REQUIRE(is_untouched(probe));
    }
    return {};
}

auto reply_keeps_registers(Rig& rig) -> Outcome {
    for (Priority const priority : kOrders) {
        Peer peer;
        TRY(peer.start(rig, call_for_ever, priority));
        for (std::uint64_t round = 0; round < kRounds; ++round) {
            REQUIRE(is(os::receive(peer.partner.object), 0, made(round)));
            Probe probe{round};
            probe.run<Syscall::Reply>(round, made(round + 7));
            REQUIRE(is_untouched(probe));
        }
        TRY(rig.settle());
        REQUIRE(peer.partner.count == kRounds);
    }
    Probe probe{1};
    probe.run<Syscall::Reply>(5, made(5)); // to nobody
    REQUIRE(is_untouched(probe));
    return {};
}

auto call_keeps_registers(Rig& rig) -> Outcome {
    for (Priority const priority : kOrders) {
        Peer peer;
        TRY(peer.start(rig, serve_for_ever, priority));
        for (std::uint64_t round = 1; round <= kRounds; ++round) {
            Probe probe{round};
            probe.run<Syscall::Call>(peer.badged, made(round));
            REQUIRE(has_brought(probe, 0, made(round)) && peer.partner.count == round);
        }
    }
    return {};
}

auto invocations_keep_registers(Rig& rig) -> Outcome {
    constexpr std::uint64_t kWrite = 0xE01; // DebugConsole.write of one byte, a new line
    os::Message const write{.tag = abi::MessageTag{kWrite, 7}, .words = {1 | std::uint64_t{'\n'} << 8U}};
    os::Message const done{.tag = abi::MessageTag{0, 2, abi::MessageTag::kKernel}};
    os::Message const refused{.tag = abi::MessageTag{static_cast<std::uint64_t>(Error::InvalidCapability), 2,
                                                     abi::MessageTag::kKernel}};
    CPtr const empty = rig.slot();
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        Probe probe{round};
        probe.run<Syscall::Call>(os::slot::kDebugConsole, write);
        auto answer = probe.received();
        REQUIRE(probe.lost() == 0 && probe.unclean() == 0 && answer.badge == 0);
        REQUIRE(answer.message.words == abi::Words{} && answer.message.tag.label() == done.tag.label() &&
                answer.message.tag.flags() == done.tag.flags());
        Probe missing{round};
        missing.run<Syscall::Call>(empty, made(round));
        answer = missing.received();
        REQUIRE(missing.lost() == 0 && missing.unclean() == 0 && answer.badge == 0);
        REQUIRE(answer.message.words == abi::Words{} && answer.message.tag.label() == refused.tag.label() &&
                answer.message.tag.flags() == refused.tag.flags());
    }
    return {};
}

auto receive_keeps_registers(Rig& rig) -> Outcome {
    for (Priority const priority : kOrders) {
        Peer peer;
        TRY(peer.start(rig, send_for_ever, priority));
        for (std::uint64_t round = 0; round < kRounds; ++round) {
            Probe probe{round};
            probe.run<Syscall::Recv>(peer.partner.object, made(round + 20));
            REQUIRE(has_brought(probe, 0, made(round)));
        }
    }
    return {};
}

auto reply_receive_keeps_registers(Rig& rig) -> Outcome {
    for (Priority const priority : kOrders) {
        Peer peer;
        TRY(peer.start(rig, call_for_ever, priority));
        REQUIRE(is(os::receive(peer.partner.object), 0, made(0)));
        for (std::uint64_t round = 0; round < kRounds; ++round) {
            Probe probe{round};
            probe.run<Syscall::ReplyRecv>(peer.partner.object, made(round + 7));
            REQUIRE(has_brought(probe, 0, made(round + 1)) && peer.partner.count == round + 1);
        }
        os::reply(made(kRounds + 7));
    }
    return {};
}

auto try_receive_keeps_registers(Rig& rig) -> Outcome {
    Peer peer;
    TRY(peer.start(rig, send_for_ever, Priority::High));
    CPtr const empty = TRY(rig.make(ObjectType::Endpoint));
    CPtr const silent = TRY(rig.make(ObjectType::Notification));
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        Probe found{round};
        found.run<Syscall::NBRecv>(peer.partner.object, made(round + 20));
        REQUIRE(has_brought(found, 0, made(round)));
        for (CPtr const nothing : {empty, silent}) {
            Probe probe{round};
            probe.run<Syscall::NBRecv>(nothing, made(round + 20));
            REQUIRE(has_brought(probe, 0, {}));
        }
    }
    return {};
}

auto wait_keeps_registers(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    CPtr const badged = TRY(rig.mint(notification, 12));
    Partner waker{.object = badged, .back = TRY(rig.make(ObjectType::Notification))};
    TRY(rig.start({.run = signal_when_told,
                   .argument = reinterpret_cast<std::uint64_t>(&waker),
                   .priority = Priority::Low}));
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        os::signal(badged);
        Probe signalled{round};
        signalled.run<Syscall::Recv>(notification, made(round));
        REQUIRE(has_brought(signalled, 12, kSignal));
        os::signal(waker.back); // it is below this thread
        Probe waiting{round};
        waiting.run<Syscall::Recv>(notification, made(round));
        REQUIRE(has_brought(waiting, 12, kSignal));
    }
    return {};
}

auto send_receive_keeps_registers(Rig& rig) -> Outcome {
    for (Priority const priority : kOrders) {
        Peer peer;
        TRY(peer.start(rig, exchange_for_ever, priority));
        TRY(rig.settle()); // until it receives
        for (std::uint64_t round = 1; round <= kRounds; ++round) {
            Probe probe{round};
            probe.run<Syscall::SendRecv>(peer.badged, made(round), peer.partner.back);
            REQUIRE(has_brought(probe, 0, made(round)) && peer.partner.count == round);
        }
    }
    return {};
}

constexpr std::array kTests{
    Test{"yield_keeps_registers", yield_keeps_registers, "SYSCALL0000"},
    Test{"send_keeps_registers", send_keeps_registers, "SYSCALL0001 SYSCALL0014"},
    Test{"try_send_keeps_registers", try_send_keeps_registers, "SYSCALL0002 SYSCALL0015"},
    Test{"reply_keeps_registers", reply_keeps_registers, "SYSCALL0003 SYSCALL0016"},
    Test{"signal_keeps_registers", signal_keeps_registers, "SYSCALL0004"},
    Test{"call_keeps_registers", call_keeps_registers, "SYSCALL0005 SYSCALL0017"},
    Test{"invocations_keep_registers", invocations_keep_registers, "SYSCALL0006"},
    Test{"receive_keeps_registers", receive_keeps_registers, "SYSCALL0010"},
    Test{"reply_receive_keeps_registers", reply_receive_keeps_registers, "SYSCALL0011"},
    Test{"try_receive_keeps_registers", try_receive_keeps_registers, "SYSCALL0012"},
    Test{"wait_keeps_registers", wait_keeps_registers, "SYSCALL0013"},
    Test{"send_receive_keeps_registers", send_receive_keeps_registers, "SYSCALL0018"},
};

} // namespace

auto register_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
