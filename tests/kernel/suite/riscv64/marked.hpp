// SPDX-License-Identifier: MIT
/// Instructions that fault, and that tell beforehand where they are: RISC-V.
#pragma once

#include "tests/kernel/suite/exchange.hpp"

#include <cstdint>

namespace suite::instruction {

/// Reads a word; `mark` gets the address of the instruction first.
inline auto read_marked(std::uint64_t address, std::uint64_t& mark) -> std::uint64_t {
    std::uint64_t word = 0;
    std::uint64_t here = 0;
    asm volatile("lla %[here], 1f\n\tsd %[here], (%[mark])\n\t.option push\n\t.option norvc\n\t"
                 "1: ld %[word], (%[address])\n\t.option pop"
                 : [word] "+r"(word), [here] "=&r"(here)
                 : [address] "r"(address), [mark] "r"(&mark)
                 : "memory");
    return word;
}

/// Writes a word; `mark` gets the address of the instruction first.
inline void write_marked(std::uint64_t address, std::uint64_t word, std::uint64_t& mark) {
    std::uint64_t here = 0;
    asm volatile("lla %[here], 1f\n\tsd %[here], (%[mark])\n\t.option push\n\t.option norvc\n\t"
                 "1: sd %[word], (%[address])\n\t.option pop"
                 : [here] "=&r"(here)
                 : [word] "r"(word), [address] "r"(address), [mark] "r"(&mark)
                 : "memory");
}

inline void breakpoint_marked(std::uint64_t& mark) {
    std::uint64_t here = 0;
    asm volatile("lla %[here], 1f\n\tsd %[here], (%[mark])\n\t.option push\n\t.option norvc\n\t"
                 "1: ebreak\n\t.option pop"
                 : [here] "=&r"(here)
                 : [mark] "r"(&mark)
                 : "memory");
}

/// Flags that user code may have, before and after: there are none.
inline constexpr std::uint64_t kSomeFlags = 0;
inline constexpr std::uint64_t kOtherFlags = 0;

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the instruction is a part of a string
#define TARN_EXCHANGE(instruction)                                                                           \
    asm volatile("mv s1, %[exchange]\n\tlla s3, 1f\n\tmv s2, sp\n\tsd s3, 48(s1)\n\tsd s2, 56(s1)\n\t"       \
                 "ld a0, 0(s1)\n\tld a1, 8(s1)\n\tld a2, 16(s1)\n\tld a3, 24(s1)\n\tld a4, 32(s1)\n\t"       \
                 "li t0, 77\n\t"                                                                             \
                 "1: " instruction "\n\t"                                                                    \
                 "sd a0, 64(s1)\n\tsd a1, 72(s1)\n\tsd a2, 80(s1)\n\tsd a3, 88(s1)\n\tsd a4, 96(s1)\n\t"     \
                 "sd zero, 104(s1)\n\tsd sp, 112(s1)\n\tmv sp, s2"                                           \
                 :                                                                                           \
                 : [exchange] "r"(&exchange)                                                                 \
                 : "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5", "t6", \
                   "s1", "s2", "s3", "memory")

inline void exchange_by_undefined(Exchange& exchange) { TARN_EXCHANGE(".4byte 0x0000000B"); }
inline void exchange_by_system_call(Exchange& exchange) { TARN_EXCHANGE("ecall"); }

#undef TARN_EXCHANGE

} // namespace suite::instruction
