// SPDX-License-Identifier: MIT
/// The page that both sides of a measurement share: where each notes what the counter was.
#pragma once

#include <cstddef>
#include <cstdint>

namespace bench {

struct Marks {
    std::uint64_t received; ///< just after a message or a signal had come
    std::uint64_t replied;  ///< just before the answer
    std::uint64_t started;  ///< a new thread's first instruction
};
static_assert(offsetof(Marks, received) == 0 && offsetof(Marks, replied) == 8 &&
              offsetof(Marks, started) == 16); // as arch/measure.hpp has it

} // namespace bench
