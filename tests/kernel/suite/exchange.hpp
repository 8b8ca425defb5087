// SPDX-License-Identifier: MIT
/// What a thread had in its registers where someone else finished an instruction for it: see marked.hpp.
#pragma once

#include <array>
#include <cstdint>

namespace suite::instruction {

/// Registers before and after an instruction that someone else finishes. The assembly knows the offsets.
struct Exchange {
    std::array<std::uint64_t, 5> before; ///< registers 0 to 4
    std::uint64_t flags_before;
    std::uint64_t pc; ///< of the instruction
    std::uint64_t sp;
    std::array<std::uint64_t, 5> after;
    std::uint64_t flags_after;
    std::uint64_t sp_after;
};

} // namespace suite::instruction
