// SPDX-License-Identifier: MIT
/// Random system calls by a thread that holds one capability of each kind. Whatever they do to it, the kernel
/// and everyone else go on.
#include "rig.hpp"
#include "tests.hpp"
#include "tests/support/random.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

using ::tests::Random;

constexpr unsigned kRadix = 6;
constexpr std::uint64_t kCalls = 10'000;

/// Half of them small, which mean something more often.
auto any_word(Random& random) -> std::uint64_t {
    switch (random.below(4)) {
    case 0: return random.next();
    case 1: return random.below(256);
    default: return random.below(1U << kRadix);
    }
}

struct Noise {
    Random random;
    std::atomic<std::uint64_t> calls{};
};

auto random_message(Random& random) -> os::Message {
    constexpr std::uint64_t kTypes = 16;
    constexpr std::uint64_t kMethods = 12;
    std::uint64_t const label =
        random.below(4) == 0 ? random.next() : random.below(kTypes) << 8U | random.below(kMethods);
    os::Message sent{.tag =
                         abi::MessageTag{label, random.below(16), random.below(8) == 0 ? random.next() : 0}};
    for (auto& word : sent.words) {
        word = any_word(random);
    }
    return sent;
}

template <std::uint16_t kNumber>
void trap(CPtr capability, os::Message const& sent) {
    (void)os::arch::trap<static_cast<abi::Syscall>(kNumber)>(capability, sent); // whatever comes of it
}

using Trap = void (*)(CPtr, os::Message const&);
constexpr std::array<Trap, 16> kTraps{trap<0>, trap<0>, trap<0>,  trap<0>,     trap<0>, trap<0>,
                                      trap<0>, trap<1>, trap<2>,  trap<3>,     trap<4>, trap<5>,
                                      trap<7>, trap<8>, trap<77>, trap<0x7FFF>};

void make_noise(std::uint64_t argument) {
    auto& noise = *reinterpret_cast<Noise*>(argument);
    while (true) {
        ++noise.calls;
        auto const sent = random_message(noise.random);
        if (noise.random.below(16) == 0) {
            (void)os::send_receive(any_word(noise.random), sent, any_word(noise.random));
        } else {
            kTraps[noise.random.below(kTraps.size())](any_word(noise.random), sent);
        }
    }
}

/// A CNode with one capability of each kind that it may play with, itself included.
auto make_toys(Rig& rig) -> Got<CPtr> {
    CPtr const node = TRY(rig.make(ObjectType::CNode, kRadix));
    CPtr const root = TRY(rig.mint(node, 64 - kRadix));
    CPtr toy = 1;
    auto const give = [&](CPtr source) {
        return must(object::CNode{node}.copy(kRadix, kDepth, 0xF, toy++, kRoot, source));
    };
    TRY(give(root));
    TRY(give(TRY(rig.make(ObjectType::Untyped, 16))));
    for (auto const type : {ObjectType::Endpoint, ObjectType::Notification, ObjectType::Reply,
                            ObjectType::Tcb, ObjectType::SchedContext, ObjectType::VSpace}) {
        CPtr const made = TRY(rig.make(type));
        TRY(give(made));
        TRY(give(made));
    }
    TRY(give(TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits))));
    TRY(give(TRY(rig.mint(os::slot::kCoreControl, 10, abi::rights::kRead))));
    return root;
}

/// Sets the thread going again whenever the calls have stopped it, until it has made enough.
auto play(Rig& rig, std::uint64_t seed) -> Outcome {
    Noise noise{Random{seed}};
    CPtr const root = TRY(make_toys(rig));
    Thread const thread = TRY(rig.start({.run = make_noise,
                                         .argument = reinterpret_cast<std::uint64_t>(&noise),
                                         .priority = Priority::High,
                                         .root = root}));
    while (noise.calls < kCalls) {
        std::uint64_t const before = noise.calls;
        TRY(must(thread.tcb.suspend()));
        TRY(rig.restart(thread, make_noise, reinterpret_cast<std::uint64_t>(&noise)));
        REQUIRE(noise.calls > before);
    }
    return {};
}

auto ten_thousand_random_calls(Rig& rig) -> Outcome { return play(rig, 0x9E37'79B9'7F4A'7C15); }
auto ten_thousand_others(Rig& rig) -> Outcome { return play(rig, 0xD1B5'4A32'D192'ED03); }
auto and_ten_thousand_more(Rig& rig) -> Outcome { return play(rig, 0x0123'4567'89AB'CDEF); }

constexpr std::array kTests{
    Test{"ten_thousand_random_calls", ten_thousand_random_calls},
    Test{"ten_thousand_others", ten_thousand_others},
    Test{"and_ten_thousand_more", and_ten_thousand_more},
};

} // namespace

auto noise_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
