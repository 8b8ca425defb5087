// SPDX-License-Identifier: MIT
/// The counter, and the instruction sequences between two readings of it, on AArch64.
///
/// A sequence is written out where one instruction more or less counts. `counter() - counter()` of two
/// readings without anything in between is 1; `Sampler` subtracts what it has measured of that.
#pragma once

#include "interval.hpp"
#include "marks.hpp"

#include "kernel/abi/message.hpp"

#include <cstdint>
#include <utility>

namespace bench::arch {

/// PMCCNTR_EL0: under `-icount shift=0` each instruction of this core counts as one, whoever executes it.
[[gnu::always_inline]] inline auto counter() -> std::uint64_t {
    std::uint64_t count; // NOLINT(cppcoreguidelines-init-variables): the next instruction writes it
    // "memory": nothing is moved from one side of a reading to the other.
    asm volatile("mrs %0, pmccntr_el0" : "=r"(count)::"memory");
    return count;
}

/// Nothing, and a hundred instructions that do nothing.
inline auto nothing() -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    asm volatile("mrs %0, pmccntr_el0\n\tmrs %1, pmccntr_el0" : "=r"(begin), "=r"(end));
    return {begin, end};
}
inline auto hundred() -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    asm volatile("mrs %0, pmccntr_el0\n\t.rept 100\n\tnop\n\t.endr\n\tmrs %1, pmccntr_el0"
                 : "=r"(begin), "=r"(end));
    return {begin, end};
}
/// A loop of two instructions.
inline constexpr std::uint64_t kLoopLength = 2;
inline auto loop(std::uint64_t rounds) -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    asm volatile("mrs %0, pmccntr_el0\n1:\tsubs %2, %2, #1\n\tb.ne 1b\n\tmrs %1, pmccntr_el0"
                 : "=&r"(begin), "=&r"(end), "+r"(rounds)
                 :
                 : "cc");
    return {begin, end};
}

/// A call without words between two readings. What it takes to name endpoint and tag is part of it if
/// `kWithSetUp`.
template <bool kWithSetUp>
inline auto call_nothing(abi::CPtr endpoint) -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    if constexpr (kWithSetUp) {
        asm volatile("mrs x20, pmccntr_el0\n\tmov x0, %[endpoint]\n\tmov x1, #0\n\tsvc #0\n\t"
                     "mrs x21, pmccntr_el0\n\tmov %[begin], x20\n\tmov %[end], x21"
                     : [begin] "=&r"(begin), [end] "=&r"(end)
                     : [endpoint] "r"(endpoint)
                     : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
                       "x14", "x15", "x16", "x17", "x18", "x20", "x21", "cc", "memory");
    } else {
        asm volatile("mov x0, %[endpoint]\n\tmov x1, #0\n\tmrs x20, pmccntr_el0\n\tsvc #0\n\t"
                     "mrs x21, pmccntr_el0\n\tmov %[begin], x20\n\tmov %[end], x21"
                     : [begin] "=&r"(begin), [end] "=&r"(end)
                     : [endpoint] "r"(endpoint)
                     : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
                       "x14", "x15", "x16", "x17", "x18", "x20", "x21", "cc", "memory");
    }
    return {begin, end};
}

/// A call with eight words, which are put into their registers between the readings; and whether they came
/// back. Nothing here touches the floating-point unit, which compiled code would do to copy and compare.
inline auto call_eight(abi::CPtr endpoint) -> EightWords {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t wrong = 0;
    asm volatile("mov x22, %[endpoint]\n\tmrs x20, pmccntr_el0\n\t"
                 "mov x0, x22\n\tmov x1, #0x800\n\t"
                 "mov x2, #11\n\tmov x3, #12\n\tmov x4, #13\n\tmov x5, #14\n\t"
                 "mov x6, #15\n\tmov x7, #16\n\tmov x8, #17\n\tmov x9, #18\n\tsvc #0\n\t"
                 "mrs x21, pmccntr_el0\n\t"
                 "sub x2, x2, #11\n\tsub x3, x3, #12\n\tsub x4, x4, #13\n\tsub x5, x5, #14\n\t"
                 "sub x6, x6, #15\n\tsub x7, x7, #16\n\tsub x8, x8, #17\n\tsub x9, x9, #18\n\t"
                 "orr x2, x2, x3\n\torr x4, x4, x5\n\torr x6, x6, x7\n\torr x8, x8, x9\n\t"
                 "orr x2, x2, x4\n\torr x6, x6, x8\n\torr %[wrong], x2, x6\n\t"
                 "mov %[begin], x20\n\tmov %[end], x21"
                 : [begin] "=&r"(begin), [end] "=&r"(end), [wrong] "=&r"(wrong)
                 : [endpoint] "r"(endpoint)
                 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
                   "x14", "x15", "x16", "x17", "x18", "x20", "x21", "x22", "cc", "memory");
    return {{begin, end}, wrong == 0};
}

/// Serves an endpoint for ever, in the shortest loop there is: what comes goes back.
[[noreturn]] inline void echo(abi::CPtr endpoint) {
    asm volatile("mov x19, %[endpoint]\n\tmov x0, x19\n\tsvc #4\n"
                 "1:\tmov x0, x19\n\tsvc #1\n\tb 1b"
                 :
                 : [endpoint] "r"(endpoint)
                 : "x0", "x19", "memory");
    std::unreachable();
}

/// As `echo`, and notes when. Between the reading before an answer and that answer is one store.
inline constexpr std::uint64_t kStoresBeforeReply = 1;
[[noreturn]] inline void marking_echo(abi::CPtr endpoint, Marks& marks) {
    asm volatile("mov x19, %[endpoint]\n\tmov x20, %[marks]\n\tmov x0, x19\n\tsvc #4\n"
                 "1:\tmrs x21, pmccntr_el0\n\tstr x21, [x20]\n\tmov x0, x19\n\t"
                 "mrs x21, pmccntr_el0\n\tstr x21, [x20, #8]\n\tsvc #1\n\tb 1b"
                 :
                 : [endpoint] "r"(endpoint), [marks] "r"(&marks)
                 : "x0", "x19", "x20", "x21", "memory");
    std::unreachable();
}

inline void use_floating_point() { asm volatile("fmov d0, xzr" ::: "v0"); }

/// Waits for signals for ever, and notes when one has come.
[[noreturn]] inline void watch(abi::CPtr notification, Marks& marks) {
    asm volatile("mov x19, %[notification]\n\tmov x20, %[marks]\n"
                 "1:\tmov x0, x19\n\tsvc #4\n\tmrs x21, pmccntr_el0\n\tstr x21, [x20]\n\tb 1b"
                 :
                 : [notification] "r"(notification), [marks] "r"(&marks)
                 : "x0", "x19", "x20", "x21", "memory");
    std::unreachable();
}

/// What a new thread executes: notes when, and stops for good, for the null capability cannot be received on.
[[noreturn]] inline void note_start(Marks* marks) {
    asm volatile("mrs x1, pmccntr_el0\n\tstr x1, [%[marks], #16]\n1:\tmov x0, #0\n\tsvc #4\n\tb 1b"
                 :
                 : [marks] "r"(marks)
                 : "x0", "x1", "memory");
    std::unreachable();
}

/// An undefined instruction that someone lets pass.
inline constexpr std::uint64_t kUndefinedSize = 4; ///< bytes
inline auto undefined() -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    asm volatile("mrs %0, pmccntr_el0\n\tudf #0\n\tmrs %1, pmccntr_el0" : "=&r"(begin), "=&r"(end)::"memory");
    return {begin, end};
}

/// A read, which may fault.
inline auto read(std::uint64_t const* place) -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    asm volatile("mrs %0, pmccntr_el0\n\tldr xzr, [%2]\n\tmrs %1, pmccntr_el0"
                 : "=&r"(begin), "=&r"(end)
                 : "r"(place)
                 : "memory");
    return {begin, end};
}

/// A store to a device register that raises the device's interrupt: the reading before it.
inline auto raise(std::uint64_t address, std::uint32_t value) -> std::uint64_t {
    std::uint64_t begin = 0;
    asm volatile("mrs %0, pmccntr_el0\n\tstr %w2, [%1]" : "=&r"(begin) : "r"(address), "r"(value) : "memory");
    return begin;
}

/// Where the UART has the mask of its interrupts, and what in it asks for that of the transmitter: UARTIMSC
/// of a PL011.
inline constexpr std::uint64_t kUartMask = 0x38;
inline constexpr std::uint32_t kUartTransmit = 1U << 5U;

} // namespace bench::arch
