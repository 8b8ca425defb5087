// SPDX-License-Identifier: MIT
#include "kernel/object/tcb.hpp"

#include "base/assert.hpp"

namespace kernel {
namespace {

using enum ThreadState;

constexpr auto bit(ThreadState state) -> unsigned { return 1U << static_cast<unsigned>(state); }

/// From each state, the states that may follow. Only a running thread blocks; only a sender becomes a caller;
/// and everything can be woken or stopped.
constexpr std::array<unsigned, 7> kLegal = [] {
    constexpr auto kEverywhere = bit(Inactive) | bit(Running);
    std::array<unsigned, 7> legal{};
    legal.fill(kEverywhere | bit(Faulted));
    legal[static_cast<std::size_t>(Running)] |=
        bit(Receiving) | bit(Sending) | bit(AwaitingReply) | bit(Waiting);
    legal[static_cast<std::size_t>(Sending)] |= bit(AwaitingReply);
    return legal;
}();

} // namespace

void Tcb::become(ThreadState next) {
    ASSERT((kLegal[static_cast<std::size_t>(state)] & bit(next)) != 0);
    state = next;
}

} // namespace kernel
