// SPDX-License-Identifier: MIT
/// The counter, and the instruction sequences between two readings of it, on RISC-V.
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

/// cycle: under `-icount shift=0` each instruction of this hart counts as one, whoever executes it.
[[gnu::always_inline]] inline auto counter() -> std::uint64_t {
    std::uint64_t count; // NOLINT(cppcoreguidelines-init-variables): the next instruction writes it
    // "memory": nothing is moved from one side of a reading to the other.
    asm volatile("rdcycle %0" : "=r"(count)::"memory");
    return count;
}

/// Nothing, and a hundred instructions that do nothing.
inline auto nothing() -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    asm volatile("rdcycle %0\n\trdcycle %1" : "=&r"(begin), "=&r"(end));
    return {begin, end};
}
inline auto hundred() -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    asm volatile("rdcycle %0\n\t.rept 100\n\tnop\n\t.endr\n\trdcycle %1" : "=&r"(begin), "=&r"(end));
    return {begin, end};
}
/// A loop of two instructions.
inline constexpr std::uint64_t kLoopLength = 2;
inline auto loop(std::uint64_t rounds) -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    asm volatile("rdcycle %0\n1:\taddi %2, %2, -1\n\tbnez %2, 1b\n\trdcycle %1"
                 : "=&r"(begin), "=&r"(end), "+r"(rounds));
    return {begin, end};
}

/// A call without words between two readings. What it takes to name endpoint and tag is part of it if
/// `kWithSetUp`; the number of the call, zero, is in t0 before, where it stays.
template <bool kWithSetUp>
inline auto call_nothing(abi::CPtr endpoint) -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    if constexpr (kWithSetUp) {
        asm volatile("li t0, 0\n\tmv s1, %[endpoint]\n\trdcycle s2\n\tmv a0, s1\n\tli a1, 0\n\tecall\n\t"
                     "rdcycle s3\n\tmv %[begin], s2\n\tmv %[end], s3"
                     : [begin] "=&r"(begin), [end] "=&r"(end)
                     : [endpoint] "r"(endpoint)
                     : "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5",
                       "t6", "s1", "s2", "s3", "memory");
    } else {
        asm volatile("mv a0, %[endpoint]\n\tli t0, 0\n\tli a1, 0\n\trdcycle s2\n\tecall\n\t"
                     "rdcycle s3\n\tmv %[begin], s2\n\tmv %[end], s3"
                     : [begin] "=&r"(begin), [end] "=&r"(end)
                     : [endpoint] "r"(endpoint)
                     : "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5",
                       "t6", "s2", "s3", "memory");
    }
    return {begin, end};
}

/// A call with eight words, which are put into their registers between the readings; and whether they came
/// back.
inline auto call_eight(abi::CPtr endpoint) -> EightWords {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::uint64_t wrong = 0;
    // 2048 does not fit an addi: the tag's length comes out of a register.
    constexpr std::uint64_t kTag = abi::MessageTag{0, abi::kMessageWords}.raw();
    asm volatile("li t0, 0\n\tmv s1, %[endpoint]\n\tmv s4, %[tag]\n\trdcycle s2\n\t"
                 "mv a0, s1\n\tmv a1, s4\n\t"
                 "li a2, 11\n\tli a3, 12\n\tli a4, 13\n\tli a5, 14\n\t"
                 "li a6, 15\n\tli a7, 16\n\tli t1, 17\n\tli t2, 18\n\tecall\n\t"
                 "rdcycle s3\n\t"
                 "addi a2, a2, -11\n\taddi a3, a3, -12\n\taddi a4, a4, -13\n\taddi a5, a5, -14\n\t"
                 "addi a6, a6, -15\n\taddi a7, a7, -16\n\taddi t1, t1, -17\n\taddi t2, t2, -18\n\t"
                 "or a2, a2, a3\n\tor a4, a4, a5\n\tor a6, a6, a7\n\tor t1, t1, t2\n\t"
                 "or a2, a2, a4\n\tor a6, a6, t1\n\tor %[wrong], a2, a6\n\t"
                 "mv %[begin], s2\n\tmv %[end], s3"
                 : [begin] "=&r"(begin), [end] "=&r"(end), [wrong] "=&r"(wrong)
                 : [endpoint] "r"(endpoint), [tag] "r"(kTag)
                 : "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5", "t6",
                   "s1", "s2", "s3", "s4", "memory");
    return {{begin, end}, wrong == 0};
}

/// Serves an endpoint for ever, in the shortest loop there is: what comes goes back.
[[noreturn]] inline void echo(abi::CPtr endpoint) {
    asm volatile("mv s1, %[endpoint]\n\tmv a0, s1\n\tli t0, 4\n\tecall\n\tli t0, 1\n"
                 "1:\tmv a0, s1\n\tecall\n\tj 1b"
                 :
                 : [endpoint] "r"(endpoint)
                 : "a0", "t0", "s1", "memory");
    std::unreachable();
}

/// As `echo`, and notes when. Between the reading before an answer and that answer is one store.
inline constexpr std::uint64_t kStoresBeforeReply = 1;
[[noreturn]] inline void marking_echo(abi::CPtr endpoint, Marks& marks) {
    asm volatile("mv s1, %[endpoint]\n\tmv s2, %[marks]\n\tmv a0, s1\n\tli t0, 4\n\tecall\n\tli t0, 1\n"
                 "1:\trdcycle s3\n\tsd s3, 0(s2)\n\tmv a0, s1\n\t"
                 "rdcycle s3\n\tsd s3, 8(s2)\n\tecall\n\tj 1b"
                 :
                 : [endpoint] "r"(endpoint), [marks] "r"(&marks)
                 : "a0", "t0", "s1", "s2", "s3", "memory");
    std::unreachable();
}

inline void use_floating_point() { asm volatile("fmv.d.x ft0, zero" ::: "ft0"); }

/// Waits for signals for ever, and notes when one has come.
[[noreturn]] inline void watch(abi::CPtr notification, Marks& marks) {
    asm volatile("mv s1, %[notification]\n\tmv s2, %[marks]\n\tli t0, 4\n"
                 "1:\tmv a0, s1\n\tecall\n\trdcycle s3\n\tsd s3, 0(s2)\n\tj 1b"
                 :
                 : [notification] "r"(notification), [marks] "r"(&marks)
                 : "a0", "t0", "s1", "s2", "s3", "memory");
    std::unreachable();
}

/// What a new thread executes: notes when, and stops for good, for the null capability cannot be received on.
[[noreturn]] inline void note_start(Marks* marks) {
    asm volatile("rdcycle a1\n\tsd a1, 16(%[marks])\n\tli t0, 4\n1:\tli a0, 0\n\tecall\n\tj 1b"
                 :
                 : [marks] "r"(marks)
                 : "a0", "a1", "t0", "memory");
    std::unreachable();
}

/// An undefined instruction that someone lets pass: one of the custom ones, which nobody here has.
inline constexpr std::uint64_t kUndefinedSize = 4; ///< bytes
inline auto undefined() -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    asm volatile("rdcycle %0\n\t.4byte 0x0000000B\n\trdcycle %1" : "=&r"(begin), "=&r"(end)::"memory");
    return {begin, end};
}

/// A read, which may fault.
inline auto read(std::uint64_t const* place) -> Interval {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    asm volatile("rdcycle %0\n\tld zero, (%2)\n\trdcycle %1"
                 : "=&r"(begin), "=&r"(end)
                 : "r"(place)
                 : "memory");
    return {begin, end};
}

/// A store to a device register that raises the device's interrupt: the reading before it.
inline auto raise(std::uint64_t address, std::uint32_t value) -> std::uint64_t {
    std::uint64_t begin = 0;
    asm volatile("rdcycle %0\n\tsb %2, (%1)" : "=&r"(begin) : "r"(address), "r"(value) : "memory");
    return begin;
}

/// Where the UART has the mask of its interrupts, and what in it asks for that of the transmitter: IER of an
/// NS16550.
inline constexpr std::uint64_t kUartMask = 0x1;
inline constexpr std::uint32_t kUartTransmit = 1U << 1U;

} // namespace bench::arch
