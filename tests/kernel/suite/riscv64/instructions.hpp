// SPDX-License-Identifier: MIT
/// Instructions that tests execute on purpose: RISC-V.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace suite::instruction {

// Custom-0, which nobody here has.
inline void undefined() { asm volatile(".4byte 0x0000000B"); }
inline void breakpoint() { asm volatile(".option push\n\t.option norvc\n\tebreak\n\t.option pop"); }
/// A system call that there is not; answers what register 0 holds afterwards.
inline auto unknown_system_call(std::uint64_t argument) -> std::uint64_t {
    register std::uint64_t a0 asm("a0") = argument;
    register std::uint64_t t0 asm("t0") = 77;
    asm volatile("ecall"
                 : "+r"(a0), "+r"(t0)
                 :
                 : "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t1", "t2", "t3", "t4", "t5", "t6", "memory");
    return a0;
}
inline constexpr std::uint64_t kUnknownSystemCall = 77;
inline constexpr std::uint64_t kSize = 4; ///< bytes of each of them

inline constexpr std::uint32_t kReturn = 0x0000'8067;

/// Its second half, which `crooked_jump_target` is, is no instruction: two zero bytes never are.
[[gnu::naked, gnu::aligned(4)]] inline void half_an_instruction() { asm volatile("lui zero, 0"); }
/// Where a jump leads to no instruction. An odd address does not do: jumps ignore the lowest bit.
inline auto crooked_jump_target() -> std::uint64_t {
    return reinterpret_cast<std::uint64_t>(half_an_instruction) + 2;
}

/// What only the kernel may do.
inline void mask_interrupts() { asm volatile("csrci sstatus, 2"); }
inline void write_translation_base() { asm volatile("csrw satp, zero"); }
inline void read_kernel_timer() { asm volatile("csrr zero, 0x14D"); }
inline void write_interrupt_enable() { asm volatile("csrw sie, zero"); }
inline void read_hart_number() { asm volatile("csrr zero, mhartid"); }
inline void return_from_exception() { asm volatile("sret"); }
inline void read_instruction_counter() { asm volatile("rdinstret zero"); }
inline void invalidate_translations() { asm volatile("sfence.vma"); }
inline constexpr std::array<void (*)(), 8> kPrivileged{
    mask_interrupts,  write_translation_base, read_kernel_timer,        write_interrupt_enable,
    read_hart_number, return_from_exception,  read_instruction_counter, invalidate_translations,
};

/// Puts `seed` and what follows into every preserved register and into floating-point registers, makes a
/// system call that does nothing (yield), and counts the registers that have changed, or scratch ones that
/// are not zero.
inline auto registers_lost_in_system_call(std::uint64_t seed) -> std::uint64_t {
    std::uint64_t lost = 0;
    asm volatile(
        "mv s1, %[seed]\n\t"
        "addi s2, s1, 1\n\taddi s3, s1, 2\n\taddi s4, s1, 3\n\taddi s5, s1, 4\n\t"
        "addi s6, s1, 5\n\taddi s7, s1, 6\n\taddi s8, s1, 7\n\taddi s9, s1, 8\n\t"
        "addi s10, s1, 9\n\taddi s11, s1, 10\n\t"
        "fmv.d.x fs0, s1\n\tfmv.d.x ft11, s11\n\tli a0, 0\n\t"
        "mv t3, s1\n\tmv t4, s1\n\tmv t5, s1\n\tmv t6, s1\n\tli t0, 8\n\t"
        "ecall\n\t"
        "addi t0, t0, -8\n\tor t0, t0, t3\n\tor t4, t4, t5\n\tor t0, t0, t6\n\tor t0, t0, t4\n\tsnez a0, "
        "t0\n\t"
        "fmv.x.d a1, fs0\n\txor a1, a1, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "fmv.x.d a1, ft11\n\taddi a1, a1, -10\n\txor a1, a1, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "xor a1, s1, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "addi s2, s2, -1\n\txor a1, s2, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "addi s3, s3, -2\n\txor a1, s3, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "addi s4, s4, -3\n\txor a1, s4, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "addi s5, s5, -4\n\txor a1, s5, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "addi s6, s6, -5\n\txor a1, s6, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "addi s7, s7, -6\n\txor a1, s7, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "addi s8, s8, -7\n\txor a1, s8, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "addi s9, s9, -8\n\txor a1, s9, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "addi s10, s10, -9\n\txor a1, s10, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "addi s11, s11, -10\n\txor a1, s11, %[seed]\n\tsnez a1, a1\n\tadd a0, a0, a1\n\t"
        "mv %[lost], a0"
        : [lost] "=&r"(lost)
        : [seed] "r"(seed)
        : "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "s1",
          "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "fs0", "ft11", "memory");
    return lost;
}

/// Where a thread starts that leaves its registers below its stack pointer, as Tcb.read_registers numbers
/// them, and stops.
extern "C" void suite_dump_registers();
inline void (*const dump_registers)() = suite_dump_registers;
/// What a thread that started there with this stack pointer has left; not the program counter.
inline auto dumped_registers(std::uint64_t stack_pointer) -> std::uint64_t const* {
    return reinterpret_cast<std::uint64_t const*>(stack_pointer) - 32;
}

/// Whether a conditional store works that another thread has run before.
inline auto reservation_survives_yield() -> bool {
    std::uint64_t word = 0;
    std::uint64_t value = 0;
    std::uint64_t failed = 0;
    asm volatile("lr.d %[value], (%[word])\n\tli a0, 0\n\tli t0, 8\n\tecall\n\t"
                 "sc.d %[failed], %[value], (%[word])"
                 : [value] "=&r"(value), [failed] "=&r"(failed)
                 : [word] "r"(&word)
                 : "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5", "t6",
                   "memory");
    return failed == 0;
}

/// The same, the other thread being the one that changes `turns`.
inline auto reservation_survives_preemption(std::atomic<std::uint64_t> const& turns) -> bool {
    std::uint64_t word = 0;
    std::uint64_t value = 0;
    std::uint64_t before = 0;
    std::uint64_t now = 0;
    std::uint64_t failed = 0;
    asm volatile("ld %[before], (%[turns])\n\tlr.d %[value], (%[word])\n\t"
                 "1: ld %[now], (%[turns])\n\tbeq %[now], %[before], 1b\n\t"
                 "sc.d %[failed], %[value], (%[word])"
                 : [value] "=&r"(value), [before] "=&r"(before), [now] "=&r"(now), [failed] "=&r"(failed)
                 : [word] "r"(&word), [turns] "r"(&turns)
                 : "memory");
    return failed == 0;
}

/// Whether nothing has interrupted the core between the moment at which it sets `ready` and the next change
/// of `turns`: the kernel takes the reservation of a conditional store at every exception.
inline auto undisturbed(std::atomic<std::uint64_t>& ready, std::atomic<std::uint64_t> const& turns) -> bool {
    std::uint64_t word = 0;
    std::uint64_t value = 0;
    std::uint64_t before = 0;
    std::uint64_t now = 0;
    std::uint64_t failed = 0;
    asm volatile("ld %[before], (%[turns])\n\tlr.d %[value], (%[word])\n\tsd %[one], (%[ready])\n\t"
                 "1: ld %[now], (%[turns])\n\tbeq %[now], %[before], 1b\n\t"
                 "sc.d %[failed], %[value], (%[word])"
                 : [value] "=&r"(value), [before] "=&r"(before), [now] "=&r"(now), [failed] "=&r"(failed)
                 : [word] "r"(&word), [turns] "r"(&turns), [ready] "r"(&ready), [one] "r"(std::uint64_t{1})
                 : "memory");
    return failed == 0;
}

/// Numbers of `Tcb.write_registers`.
inline constexpr std::uint8_t kFlagsRegister = 2;
/// Every mode and mask bit that a thread must not have, set at once.
inline constexpr std::uint64_t kPrivilegedFlags = ~std::uint64_t{0};
inline constexpr std::uint64_t kConditionFlags = 0; ///< there are none
/// Flags that come out as they went in.
inline constexpr std::uint64_t kPlainFlags = 0;

/// How many bits more than others the addresses of a large address space have: Sv48 and Sv39.
inline constexpr unsigned kExtraAddressBits = 9;

} // namespace suite::instruction
