// SPDX-License-Identifier: MIT
/// A thread that sends one message of eight words, the last of which names a capability to go along.
#pragma once

#include "rig.hpp"

#include "os/syscall.hpp"

namespace suite {

struct Sender {
    CPtr endpoint;
    CPtr attached;
};

inline void send_capability(std::uint64_t argument) {
    auto const& self = *reinterpret_cast<Sender const*>(argument);
    os::Message sent{.tag = abi::MessageTag{1, 8, abi::MessageTag::kCapability}, .words = {11}};
    sent.words[7] = self.attached;
    os::send(self.endpoint, sent);
    rest();
}

/// Starts it; `sender` outlives the thread.
inline auto start(Rig& rig, Sender const& sender) -> Got<Thread> {
    return rig.start({.run = send_capability, .argument = reinterpret_cast<std::uint64_t>(&sender)});
}

} // namespace suite
