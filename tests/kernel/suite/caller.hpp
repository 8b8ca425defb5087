// SPDX-License-Identifier: MIT
/// A thread that makes one call, and what came of it.
#pragma once

#include "rig.hpp"

#include "os/syscall.hpp"

#include <atomic>
#include <cstdint>

namespace suite {

struct Caller {
    CPtr endpoint{};
    os::Message answer{};
    std::atomic<unsigned> answers{}; ///< 1 when `answer` has come
};

inline auto start_caller(Rig& rig, Caller& caller, Priority priority = Priority::High) -> Got<Thread> {
    auto const call_once = [](std::uint64_t argument) {
        auto& self = *reinterpret_cast<Caller*>(argument);
        self.answer = os::call(self.endpoint, message(1));
        ++self.answers;
        rest();
    };
    return rig.start(
        {.run = call_once, .argument = reinterpret_cast<std::uint64_t>(&caller), .priority = priority});
}

} // namespace suite
