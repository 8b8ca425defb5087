// SPDX-License-Identifier: MIT
/// Instructions that tests execute on purpose: AArch64.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace suite::instruction {

inline void undefined() { asm volatile("udf #7"); }
inline void breakpoint() { asm volatile("brk #5"); }
/// A system call that there is not; answers what register 0 holds afterwards.
inline auto unknown_system_call(std::uint64_t argument) -> std::uint64_t {
    register std::uint64_t x0 asm("x0") = argument;
    asm volatile("svc #77"
                 : "+r"(x0)
                 :
                 : "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",
                   "x15", "x16", "x17", "x18", "cc", "memory");
    return x0;
}
inline constexpr std::uint64_t kUnknownSystemCall = 77;
inline constexpr std::uint64_t kSize = 4; ///< bytes of each of them
inline constexpr std::uint32_t kReturn = 0xD65F'03C0;

/// Where a jump leads to no instruction.
inline auto crooked_jump_target() -> std::uint64_t { return reinterpret_cast<std::uint64_t>(undefined) + 1; }

/// What only the kernel may do.
inline void mask_interrupts() { asm volatile("msr daifset, #0xf"); }
inline void write_translation_base() { asm volatile("msr ttbr0_el1, xzr"); }
inline void read_kernel_timer() { asm volatile("mrs xzr, cntp_cval_el0"); }
inline void write_alarm_timer() { asm volatile("msr cntv_ctl_el0, xzr"); }
inline void call_hypervisor() { asm volatile("hvc #0"); }
inline void return_from_exception() { asm volatile("eret"); }
inline void halt_debugger() { asm volatile("hlt #0xf000"); }
inline void invalidate_cache() { asm volatile("dc ivac, x0"); }
inline constexpr std::array<void (*)(), 8> kPrivileged{
    mask_interrupts, write_translation_base, read_kernel_timer, write_alarm_timer,
    call_hypervisor, return_from_exception,  halt_debugger,     invalidate_cache,
};

/// Puts `seed` and what follows into every preserved register and into floating-point registers, makes a
/// system call that does nothing (yield), and counts the registers that have changed, or scratch ones that
/// are not zero.
inline auto registers_lost_in_system_call(std::uint64_t seed) -> std::uint64_t {
    std::uint64_t lost = 0;
    asm volatile("mov x19, %[seed]\n\t"
                 "add x20, x19, #1\n\tadd x21, x19, #2\n\tadd x22, x19, #3\n\tadd x23, x19, #4\n\t"
                 "add x24, x19, #5\n\tadd x25, x19, #6\n\tadd x26, x19, #7\n\tadd x27, x19, #8\n\t"
                 "fmov d8, x19\n\tfmov d31, x27\n\tmov x0, #0\n\t"
                 "mov x10, x19\n\tmov x11, x19\n\tmov x12, x19\n\tmov x17, x19\n\tmov x18, x19\n\t"
                 "svc #8\n\t"
                 "orr x11, x11, x12\n\torr x17, x17, x18\n\torr x10, x10, x11\n\torr x10, x10, x17\n\t"
                 "cmp x10, #0\n\tcset x0, ne\n\t"
                 "cmp x19, %[seed]\n\tcinc x0, x0, ne\n\t"
                 "sub x20, x20, #1\n\tcmp x20, %[seed]\n\tcinc x0, x0, ne\n\t"
                 "sub x21, x21, #2\n\tcmp x21, %[seed]\n\tcinc x0, x0, ne\n\t"
                 "sub x22, x22, #3\n\tcmp x22, %[seed]\n\tcinc x0, x0, ne\n\t"
                 "sub x23, x23, #4\n\tcmp x23, %[seed]\n\tcinc x0, x0, ne\n\t"
                 "sub x24, x24, #5\n\tcmp x24, %[seed]\n\tcinc x0, x0, ne\n\t"
                 "sub x25, x25, #6\n\tcmp x25, %[seed]\n\tcinc x0, x0, ne\n\t"
                 "sub x26, x26, #7\n\tcmp x26, %[seed]\n\tcinc x0, x0, ne\n\t"
                 "fmov x1, d31\n\tcmp x1, x27\n\tcinc x0, x0, ne\n\t"
                 "sub x27, x27, #8\n\tcmp x27, %[seed]\n\tcinc x0, x0, ne\n\t"
                 "fmov x1, d8\n\tcmp x1, %[seed]\n\tcinc x0, x0, ne\n\t"
                 "mov %[lost], x0"
                 : [lost] "=&r"(lost)
                 : [seed] "r"(seed)
                 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
                   "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26",
                   "x27", "v8", "v31", "cc", "memory");
    return lost;
}

/// Where a thread starts that leaves its registers below its stack pointer, as Tcb.read_registers numbers
/// them, and stops.
extern "C" void suite_dump_registers();
inline void (*const dump_registers)() = suite_dump_registers;
/// What a thread that started there with this stack pointer has left; not the program counter.
inline auto dumped_registers(std::uint64_t stack_pointer) -> std::uint64_t const* {
    return reinterpret_cast<std::uint64_t const*>(stack_pointer) - 34;
}

/// Whether a conditional store works that another thread has run before.
inline auto reservation_survives_yield() -> bool {
    std::uint64_t word = 0;
    std::uint64_t value = 0;
    std::uint32_t failed = 0;
    asm volatile("ldxr %[value], [%[word]]\n\tmov x0, #0\n\tsvc #8\n\tstxr %w[failed], %[value], [%[word]]"
                 : [value] "=&r"(value), [failed] "=&r"(failed)
                 : [word] "r"(&word)
                 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
                   "x14", "x15", "x16", "x17", "x18", "cc", "memory");
    return failed == 0;
}

/// The same, the other thread being the one that changes `turns`.
inline auto reservation_survives_preemption(std::atomic<std::uint64_t> const& turns) -> bool {
    std::uint64_t word = 0;
    std::uint64_t value = 0;
    std::uint64_t before = 0;
    std::uint64_t now = 0;
    std::uint32_t failed = 0;
    asm volatile("ldr %[before], [%[turns]]\n\tldxr %[value], [%[word]]\n\t"
                 "1: ldr %[now], [%[turns]]\n\tcmp %[now], %[before]\n\tb.eq 1b\n\t"
                 "stxr %w[failed], %[value], [%[word]]"
                 : [value] "=&r"(value), [before] "=&r"(before), [now] "=&r"(now), [failed] "=&r"(failed)
                 : [word] "r"(&word), [turns] "r"(&turns)
                 : "cc", "memory");
    return failed == 0;
}

/// Whether nothing has interrupted the core between the moment at which it sets `ready` and the next change
/// of `turns`: every exception takes the reservation of a conditional store.
inline auto undisturbed(std::atomic<std::uint64_t>& ready, std::atomic<std::uint64_t> const& turns) -> bool {
    std::uint64_t word = 0;
    std::uint64_t value = 0;
    std::uint64_t before = 0;
    std::uint64_t now = 0;
    std::uint32_t failed = 0;
    asm volatile("ldr %[before], [%[turns]]\n\tldxr %[value], [%[word]]\n\tstr %[one], [%[ready]]\n\t"
                 "1: ldr %[now], [%[turns]]\n\tcmp %[now], %[before]\n\tb.eq 1b\n\t"
                 "stxr %w[failed], %[value], [%[word]]"
                 : [value] "=&r"(value), [before] "=&r"(before), [now] "=&r"(now), [failed] "=&r"(failed)
                 : [word] "r"(&word), [turns] "r"(&turns), [ready] "r"(&ready), [one] "r"(std::uint64_t{1})
                 : "cc", "memory");
    return failed == 0;
}

/// Numbers of `Tcb.write_registers`.
inline constexpr std::uint8_t kFlagsRegister = 2;
/// Every mode and mask bit that a thread must not have, set at once.
inline constexpr std::uint64_t kPrivilegedFlags = 0x0FFF'FFFF;
inline constexpr std::uint64_t kConditionFlags = 0xF000'0000;
/// Flags that come out as they went in.
inline constexpr std::uint64_t kPlainFlags = 0xA000'0000;

/// How many bits more than others the addresses of a large address space have: there are none.
inline constexpr unsigned kExtraAddressBits = 0;

} // namespace suite::instruction
