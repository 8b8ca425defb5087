// SPDX-License-Identifier: MIT
/// What is in every register after a system call that brings nothing back: all that are preserved, and those
/// of the message, as they were, the others zero.
#include "register_peer.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

using abi::Syscall;

void receive_for_ever(std::uint64_t argument) {
    auto& self = partner(argument);
    while (true) {
        (void)os::receive(self.object);
        ++self.count;
    }
}

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

constexpr std::array kTests{
    Test{"yield_keeps_registers", yield_keeps_registers, "SYSCALL0000"},
    Test{"send_keeps_registers", send_keeps_registers, "SYSCALL0001 SYSCALL0014"},
    Test{"try_send_keeps_registers", try_send_keeps_registers, "SYSCALL0002 SYSCALL0015"},
    Test{"reply_keeps_registers", reply_keeps_registers, "SYSCALL0003 SYSCALL0016"},
    Test{"signal_keeps_registers", signal_keeps_registers, "SYSCALL0004"},
};

} // namespace

auto register_after_send_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
