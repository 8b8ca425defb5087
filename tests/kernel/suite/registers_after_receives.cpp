// SPDX-License-Identifier: MIT
/// What is in every register after a system call that brings a message: that message, whole, those that are
/// preserved as they were, and the others zero.
#include "register_peer.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

using abi::Syscall;

os::Message const kSignal{.tag = abi::MessageTag{0, 0, abi::MessageTag::kNotification}};

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
    Test{"call_keeps_registers", call_keeps_registers, "SYSCALL0005 SYSCALL0017"},
    Test{"invocations_keep_registers", invocations_keep_registers, "SYSCALL0006"},
    Test{"receive_keeps_registers", receive_keeps_registers, "SYSCALL0010"},
    Test{"reply_receive_keeps_registers", reply_receive_keeps_registers, "SYSCALL0011"},
    Test{"try_receive_keeps_registers", try_receive_keeps_registers, "SYSCALL0012"},
    Test{"wait_keeps_registers", wait_keeps_registers, "SYSCALL0013"},
    Test{"send_receive_keeps_registers", send_receive_keeps_registers, "SYSCALL0018"},
};

} // namespace

auto register_after_receive_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
