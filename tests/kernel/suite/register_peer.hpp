// SPDX-License-Identifier: MIT
/// What the tests of registers share: a thread to exchange messages with, and what a probe must show.
#pragma once

#include "probe.hpp"
#include "rig.hpp"

#include "os/syscall.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace suite {

inline constexpr std::uint64_t kRounds = 10;
/// The partner waits for the test, and then the test for the partner: without and with a switch.
inline constexpr std::array kOrders{Priority::High, Priority::Low};

/// Of no words, and of all.
inline auto made(std::uint64_t round) -> os::Message {
    if (round % 2 == 0) {
        return {.tag = abi::MessageTag{round + 1, 0}};
    }
    return {.tag = abi::MessageTag{round + 1, 8},
            .words = {round, ~round, round << 32U, 4, 5, 6, 7, round * 0x0101'0101'0101'0101U}};
}

inline auto is(os::Received const& received, std::uint64_t badge, os::Message const& expected) -> bool {
    return received.badge == badge && received.message.tag.raw() == expected.tag.raw() &&
           received.message.words == expected.words;
}

/// After a call that brings nothing back.
inline auto is_untouched(Probe const& probe) -> bool {
    return probe.lost() == 0 && probe.unclean() == 0 && probe.message_changed() == 0;
}

/// After a call that brings a message.
inline auto has_brought(Probe const& probe, std::uint64_t badge, os::Message const& expected) -> bool {
    return probe.lost() == 0 && probe.unclean() == 0 && is(probe.received(), badge, expected);
}

struct Partner {
    CPtr object{};
    CPtr back{};
    std::atomic<std::uint64_t> count{};
};

inline auto partner(std::uint64_t argument) -> Partner& { return *reinterpret_cast<Partner*>(argument); }

/// What a partner does that checks its answers: 1000 for each that is wrong.
inline void call_for_ever(std::uint64_t argument) {
    auto& self = partner(argument);
    while (true) {
        auto const answer = os::call(self.object, made(self.count));
        auto const expected = made(self.count + 7);
        self.count += is({0, answer}, 0, expected) ? 1 : 1000;
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

} // namespace suite
