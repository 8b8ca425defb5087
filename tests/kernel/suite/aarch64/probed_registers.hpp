// SPDX-License-Identifier: MIT
/// What a system call, a fault or a while without either finds in the registers, and what it leaves there:
/// AArch64. See probe.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace suite {

/// x0 to x30, q0 to q31. The assembly knows the offsets.
struct ProbedRegisters {
    static constexpr std::size_t kFirstPreserved = 19;
    static constexpr std::size_t kGeneral = 31;
    static constexpr std::size_t kFloats = 64;

    std::array<std::uint64_t, kGeneral> in;
    std::array<std::uint64_t, kGeneral> out;
    std::uint64_t flags_in;
    std::uint64_t flags_out;
    std::uint64_t sp_in;
    std::uint64_t sp_out;
    std::array<std::uint64_t, kFloats> floats_in;
    std::array<std::uint64_t, kFloats> floats_out;

    void choose_flags(std::uint64_t random) { flags_in = (random >> 60U) << 28U; }
    [[nodiscard]] auto has_flags() const -> bool { return flags_out != 0; }
    [[nodiscard]] auto keeps_flags() const -> bool { return flags_out == flags_in; }
    /// The number is in the instruction.
    [[nodiscard]] static auto keeps_number(std::uint16_t /*number*/) -> bool { return true; }

    /// The thread's base, and how its floating-point unit rounds: 0 to 3.
    static auto thread_local_base() -> std::uint64_t {
        std::uint64_t base = 0;
        asm volatile("mrs %0, tpidr_el0" : "=r"(base));
        return base;
    }
    static void set_rounding(std::uint64_t mode) { asm volatile("msr fpcr, %0" ::"r"(mode << 22U)); }
    static auto rounding() -> std::uint64_t {
        std::uint64_t control = 0;
        asm volatile("mrs %0, fpcr" : "=r"(control));
        return control >> 22U;
    }

    /// Instead of the number of a system call: no call, but a loop, which takes the first register; one
    /// instruction that faults.
    static constexpr std::uint16_t kNoCall = 0xFFFF;
    static constexpr std::uint16_t kFault = 0xFFFE;

    /// Makes the system call, or what is there instead: `in` to `out`. Without `kFloats` the floating-point
    /// registers are left alone.
    template <std::uint16_t kNumber, bool kFloats = true>
    [[gnu::noinline]] void trap() {
        register ProbedRegisters* registers asm("x0") = this;
        // Nothing but the stack knows where to put the registers when the call returns.
        asm volatile("stp x29, x30, [sp, #-32]!\n\t"
                     "str x0, [sp, #16]\n\t"
                     "mov x9, sp\n\t"
                     "str x9, [x0, #512]\n\t"
                     "ldr x9, [x0, #496]\n\t"
                     "msr nzcv, x9\n\t"
                     ".if %c[floats]\n\t"
                     "add x9, x0, #528\n\t"
                     "ldp q0, q1, [x9, #0]\n\t"
                     "ldp q2, q3, [x9, #32]\n\t"
                     "ldp q4, q5, [x9, #64]\n\t"
                     "ldp q6, q7, [x9, #96]\n\t"
                     "ldp q8, q9, [x9, #128]\n\t"
                     "ldp q10, q11, [x9, #160]\n\t"
                     "ldp q12, q13, [x9, #192]\n\t"
                     "ldp q14, q15, [x9, #224]\n\t"
                     "ldp q16, q17, [x9, #256]\n\t"
                     "ldp q18, q19, [x9, #288]\n\t"
                     "ldp q20, q21, [x9, #320]\n\t"
                     "ldp q22, q23, [x9, #352]\n\t"
                     "ldp q24, q25, [x9, #384]\n\t"
                     "ldp q26, q27, [x9, #416]\n\t"
                     "ldp q28, q29, [x9, #448]\n\t"
                     "ldp q30, q31, [x9, #480]\n\t"
                     ".endif\n\t"
                     "ldp x1, x2, [x0, #8]\n\t"
                     "ldp x3, x4, [x0, #24]\n\t"
                     "ldp x5, x6, [x0, #40]\n\t"
                     "ldp x7, x8, [x0, #56]\n\t"
                     "ldp x9, x10, [x0, #72]\n\t"
                     "ldp x11, x12, [x0, #88]\n\t"
                     "ldp x13, x14, [x0, #104]\n\t"
                     "ldp x15, x16, [x0, #120]\n\t"
                     "ldp x17, x18, [x0, #136]\n\t"
                     "ldp x19, x20, [x0, #152]\n\t"
                     "ldp x21, x22, [x0, #168]\n\t"
                     "ldp x23, x24, [x0, #184]\n\t"
                     "ldp x25, x26, [x0, #200]\n\t"
                     "ldp x27, x28, [x0, #216]\n\t"
                     "ldp x29, x30, [x0, #232]\n\t"
                     "ldr x0, [x0]\n\t"
                     ".if %c[number] == 0xFFFF\n\t"
                     "mov x0, #30000\n\t1: sub x0, x0, #1\n\tcbnz x0, 1b\n\t"
                     "ldr x0, [sp, #16]\n\tldr x0, [x0]\n\t"
                     ".elseif %c[number] == 0xFFFE\n\t"
                     "udf #7\n\t"
                     ".else\n\t"
                     "svc %[number]\n\t"
                     ".endif\n\t"
                     "str x0, [sp, #24]\n\t"
                     "ldr x0, [sp, #16]\n\t"
                     "stp x1, x2, [x0, #256]\n\t"
                     "stp x3, x4, [x0, #272]\n\t"
                     "stp x5, x6, [x0, #288]\n\t"
                     "stp x7, x8, [x0, #304]\n\t"
                     "stp x9, x10, [x0, #320]\n\t"
                     "stp x11, x12, [x0, #336]\n\t"
                     "stp x13, x14, [x0, #352]\n\t"
                     "stp x15, x16, [x0, #368]\n\t"
                     "stp x17, x18, [x0, #384]\n\t"
                     "stp x19, x20, [x0, #400]\n\t"
                     "stp x21, x22, [x0, #416]\n\t"
                     "stp x23, x24, [x0, #432]\n\t"
                     "stp x25, x26, [x0, #448]\n\t"
                     "stp x27, x28, [x0, #464]\n\t"
                     "stp x29, x30, [x0, #480]\n\t"
                     "ldr x1, [sp, #24]\n\t"
                     "str x1, [x0, #248]\n\t"
                     "mrs x1, nzcv\n\t"
                     "mov x2, sp\n\t"
                     "str x1, [x0, #504]\n\t"
                     "str x2, [x0, #520]\n\t"
                     ".if %c[floats]\n\t"
                     "add x1, x0, #1040\n\t"
                     "stp q0, q1, [x1, #0]\n\t"
                     "stp q2, q3, [x1, #32]\n\t"
                     "stp q4, q5, [x1, #64]\n\t"
                     "stp q6, q7, [x1, #96]\n\t"
                     "stp q8, q9, [x1, #128]\n\t"
                     "stp q10, q11, [x1, #160]\n\t"
                     "stp q12, q13, [x1, #192]\n\t"
                     "stp q14, q15, [x1, #224]\n\t"
                     "stp q16, q17, [x1, #256]\n\t"
                     "stp q18, q19, [x1, #288]\n\t"
                     "stp q20, q21, [x1, #320]\n\t"
                     "stp q22, q23, [x1, #352]\n\t"
                     "stp q24, q25, [x1, #384]\n\t"
                     "stp q26, q27, [x1, #416]\n\t"
                     "stp q28, q29, [x1, #448]\n\t"
                     "stp q30, q31, [x1, #480]\n\t"
                     ".endif\n\t"
                     "ldp x29, x30, [sp], #32"
                     : "+r"(registers)
                     : [number] "i"(unsigned{kNumber}), [floats] "i"(kFloats ? 1 : 0)
                     : "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
                       "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25",
                       "x26", "x27", "x28", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10",
                       "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22",
                       "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31", "cc", "memory");
    }
};
static_assert(offsetof(ProbedRegisters, out) == 248 && offsetof(ProbedRegisters, flags_in) == 496 &&
              offsetof(ProbedRegisters, floats_in) == 528 && offsetof(ProbedRegisters, floats_out) == 1040);

} // namespace suite
