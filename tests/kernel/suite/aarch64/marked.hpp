// SPDX-License-Identifier: MIT
/// Instructions that fault, and that tell beforehand where they are: AArch64.
#pragma once

#include "tests/kernel/suite/exchange.hpp"

#include <cstdint>

namespace suite::instruction {

/// Reads a word; `mark` gets the address of the instruction first.
inline auto read_marked(std::uint64_t address, std::uint64_t& mark) -> std::uint64_t {
    std::uint64_t word = 0;
    std::uint64_t here = 0;
    asm volatile("adr %[here], 1f\n\tstr %[here], [%[mark]]\n\t1: ldr %[word], [%[address]]"
                 : [word] "+r"(word), [here] "=&r"(here)
                 : [address] "r"(address), [mark] "r"(&mark)
                 : "memory");
    return word;
}

/// Writes a word; `mark` gets the address of the instruction first.
inline void write_marked(std::uint64_t address, std::uint64_t word, std::uint64_t& mark) {
    std::uint64_t here = 0;
    asm volatile("adr %[here], 1f\n\tstr %[here], [%[mark]]\n\t1: str %[word], [%[address]]"
                 : [here] "=&r"(here)
                 : [word] "r"(word), [address] "r"(address), [mark] "r"(&mark)
                 : "memory");
}

inline void breakpoint_marked(std::uint64_t& mark) {
    std::uint64_t here = 0;
    asm volatile("adr %[here], 1f\n\tstr %[here], [%[mark]]\n\t1: brk #9"
                 : [here] "=&r"(here)
                 : [mark] "r"(&mark)
                 : "memory");
}

/// Flags that user code may have, before and after.
inline constexpr std::uint64_t kSomeFlags = 0x6000'0000;
inline constexpr std::uint64_t kOtherFlags = 0x9000'0000;

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): the instruction is a part of a string
#define TARN_EXCHANGE(instruction)                                                                           \
    asm volatile("mov x19, %[exchange]\n\tadr x10, 1f\n\tmov x20, sp\n\tstp x10, x20, [x19, #48]\n\t"        \
                 "ldr x10, [x19, #40]\n\tmsr nzcv, x10\n\t"                                                  \
                 "ldp x0, x1, [x19]\n\tldp x2, x3, [x19, #16]\n\tldr x4, [x19, #32]\n\t"                     \
                 "1: " instruction "\n\t"                                                                    \
                 "stp x0, x1, [x19, #64]\n\tstp x2, x3, [x19, #80]\n\tmrs x10, nzcv\n\tmov x11, sp\n\t"      \
                 "stp x4, x10, [x19, #96]\n\tstr x11, [x19, #112]\n\tmov sp, x20"                            \
                 :                                                                                           \
                 : [exchange] "r"(&exchange)                                                                 \
                 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",   \
                   "x14", "x15", "x16", "x17", "x18", "x19", "x20", "cc", "memory")

inline void exchange_by_undefined(Exchange& exchange) { TARN_EXCHANGE("udf #7"); }
inline void exchange_by_system_call(Exchange& exchange) { TARN_EXCHANGE("svc #77"); }

#undef TARN_EXCHANGE

} // namespace suite::instruction
