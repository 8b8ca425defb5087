// SPDX-License-Identifier: MIT
/// A thread that waits at an endpoint or a notification, with and without time of its own.
#pragma once

#include "os/arch.hpp"
#include "rig.hpp"

#include "os/syscall.hpp"

#include <atomic>
#include <cstdint>

namespace suite {

/// What a thread waits at, and what it saw.
struct Waiter {
    CPtr object{};
    CPtr then{}; ///< where it receives after its first signal; 0: at the same object
    std::atomic<unsigned> messages{};
    std::atomic<unsigned> signals{};
};

inline void receive_for_ever(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Waiter*>(argument);
    while (true) {
        auto const tag = os::receive(self.object).message.tag;
        ++(tag.has(abi::MessageTag::kNotification) ? self.signals : self.messages);
        if (self.then != 0) {
            (void)os::receive(self.then);
        }
    }
}

inline auto start(Rig& rig, Waiter& waiter, void (*run)(std::uint64_t) = receive_for_ever) -> Got<Thread> {
    return rig.start({.run = run, .argument = reinterpret_cast<std::uint64_t>(&waiter)});
}

/// A thread that waits and has no context; its own is still in `Thread::context`.
inline auto start_passive(Rig& rig, Waiter& waiter) -> Got<Thread> {
    Thread const thread = TRY(start(rig, waiter));
    TRY(must(thread.context.unbind()));
    return thread;
}

inline auto make_context(Rig& rig, Priority priority = Priority::High) -> Got<object::SchedContext> {
    CPtr const context = TRY(rig.make(ObjectType::SchedContext));
    TRY(must(rig.core().configure(static_cast<std::uint8_t>(priority), context, os::arch::counter_frequency(),
                                  0, 0)));
    return object::SchedContext{context};
}

} // namespace suite
