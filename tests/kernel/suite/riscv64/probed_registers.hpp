// SPDX-License-Identifier: MIT
/// What a system call, a fault or a while without either finds in the registers, and what it leaves there:
/// RISC-V. See probe.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace suite {

/// a0 to a7, t1, t2; t3 to t6; ra, gp, s0 to s11, tp; f0 to f31. The assembly knows the offsets.
struct ProbedRegisters {
    static constexpr std::size_t kFirstPreserved = 14;
    static constexpr std::size_t kGeneral = 29;
    static constexpr std::size_t kFloats = 32;

    std::array<std::uint64_t, kGeneral> in;
    std::array<std::uint64_t, kGeneral> out;
    std::uint64_t number_out;
    std::uint64_t sp_in;
    std::uint64_t sp_out;
    std::array<std::uint64_t, kFloats> floats_in;
    std::array<std::uint64_t, kFloats> floats_out;

    // There are no flags.
    static void choose_flags(std::uint64_t /*random*/) {}
    [[nodiscard]] static auto has_flags() -> bool { return false; }
    [[nodiscard]] static auto keeps_flags() -> bool { return true; }
    /// t0 had the number.
    [[nodiscard]] auto keeps_number(std::uint16_t number) const -> bool { return number_out == number; }

    /// The thread's base, and how its floating-point unit rounds: 0 to 3.
    static auto thread_local_base() -> std::uint64_t {
        std::uint64_t base = 0;
        asm volatile("mv %0, tp" : "=r"(base));
        return base;
    }
    static void set_rounding(std::uint64_t mode) { asm volatile("csrw frm, %0" ::"r"(mode)); }
    static auto rounding() -> std::uint64_t {
        std::uint64_t mode = 0;
        asm volatile("csrr %0, frm" : "=r"(mode));
        return mode;
    }

    /// Instead of the number of a system call: no call, but a loop, which takes the first register; one
    /// instruction that faults.
    static constexpr std::uint16_t kNoCall = 0xFFFF;
    static constexpr std::uint16_t kFault = 0xFFFE;

    /// Makes the system call, or what is there instead: `in` to `out`. Without `kFloats` the floating-point
    /// registers are left alone.
    template <std::uint16_t kNumber, bool kFloats = true>
    [[gnu::noinline]] void trap() {
        register ProbedRegisters* registers asm("a0") = this;
        // Nothing but the stack knows where to put the registers when the call returns.
        asm volatile("addi sp, sp, -48\n\t"
                     "sd a0, 0(sp)\n\t"
                     "sd gp, 16(sp)\n\t"
                     "sd tp, 24(sp)\n\t"
                     "sd sp, 472(a0)\n\t"
                     ".if %[floats]\n\t"
                     "fld f0, 488(a0)\n\t"
                     "fld f1, 496(a0)\n\t"
                     "fld f2, 504(a0)\n\t"
                     "fld f3, 512(a0)\n\t"
                     "fld f4, 520(a0)\n\t"
                     "fld f5, 528(a0)\n\t"
                     "fld f6, 536(a0)\n\t"
                     "fld f7, 544(a0)\n\t"
                     "fld f8, 552(a0)\n\t"
                     "fld f9, 560(a0)\n\t"
                     "fld f10, 568(a0)\n\t"
                     "fld f11, 576(a0)\n\t"
                     "fld f12, 584(a0)\n\t"
                     "fld f13, 592(a0)\n\t"
                     "fld f14, 600(a0)\n\t"
                     "fld f15, 608(a0)\n\t"
                     "fld f16, 616(a0)\n\t"
                     "fld f17, 624(a0)\n\t"
                     "fld f18, 632(a0)\n\t"
                     "fld f19, 640(a0)\n\t"
                     "fld f20, 648(a0)\n\t"
                     "fld f21, 656(a0)\n\t"
                     "fld f22, 664(a0)\n\t"
                     "fld f23, 672(a0)\n\t"
                     "fld f24, 680(a0)\n\t"
                     "fld f25, 688(a0)\n\t"
                     "fld f26, 696(a0)\n\t"
                     "fld f27, 704(a0)\n\t"
                     "fld f28, 712(a0)\n\t"
                     "fld f29, 720(a0)\n\t"
                     "fld f30, 728(a0)\n\t"
                     "fld f31, 736(a0)\n\t"
                     ".endif\n\t"
                     "ld a1, 8(a0)\n\t"
                     "ld a2, 16(a0)\n\t"
                     "ld a3, 24(a0)\n\t"
                     "ld a4, 32(a0)\n\t"
                     "ld a5, 40(a0)\n\t"
                     "ld a6, 48(a0)\n\t"
                     "ld a7, 56(a0)\n\t"
                     "ld t1, 64(a0)\n\t"
                     "ld t2, 72(a0)\n\t"
                     "ld t3, 80(a0)\n\t"
                     "ld t4, 88(a0)\n\t"
                     "ld t5, 96(a0)\n\t"
                     "ld t6, 104(a0)\n\t"
                     "ld ra, 112(a0)\n\t"
                     "ld gp, 120(a0)\n\t"
                     "ld s0, 128(a0)\n\t"
                     "ld s1, 136(a0)\n\t"
                     "ld s2, 144(a0)\n\t"
                     "ld s3, 152(a0)\n\t"
                     "ld s4, 160(a0)\n\t"
                     "ld s5, 168(a0)\n\t"
                     "ld s6, 176(a0)\n\t"
                     "ld s7, 184(a0)\n\t"
                     "ld s8, 192(a0)\n\t"
                     "ld s9, 200(a0)\n\t"
                     "ld s10, 208(a0)\n\t"
                     "ld s11, 216(a0)\n\t"
                     "ld tp, 224(a0)\n\t"
                     "li t0, %[number]\n\t"
                     "ld a0, 0(a0)\n\t"
                     ".if %[number] == 0xFFFF\n\t"
                     "li a0, 30000\n\t1: addi a0, a0, -1\n\tbnez a0, 1b\n\t"
                     "ld a0, 0(sp)\n\tld a0, 0(a0)\n\t"
                     ".elseif %[number] == 0xFFFE\n\t"
                     ".4byte 0x0000000B\n\t"
                     ".else\n\t"
                     "ecall\n\t"
                     ".endif\n\t"
                     "sd a0, 8(sp)\n\t"
                     "ld a0, 0(sp)\n\t"
                     "sd a1, 240(a0)\n\t"
                     "sd a2, 248(a0)\n\t"
                     "sd a3, 256(a0)\n\t"
                     "sd a4, 264(a0)\n\t"
                     "sd a5, 272(a0)\n\t"
                     "sd a6, 280(a0)\n\t"
                     "sd a7, 288(a0)\n\t"
                     "sd t1, 296(a0)\n\t"
                     "sd t2, 304(a0)\n\t"
                     "sd t3, 312(a0)\n\t"
                     "sd t4, 320(a0)\n\t"
                     "sd t5, 328(a0)\n\t"
                     "sd t6, 336(a0)\n\t"
                     "sd ra, 344(a0)\n\t"
                     "sd gp, 352(a0)\n\t"
                     "sd s0, 360(a0)\n\t"
                     "sd s1, 368(a0)\n\t"
                     "sd s2, 376(a0)\n\t"
                     "sd s3, 384(a0)\n\t"
                     "sd s4, 392(a0)\n\t"
                     "sd s5, 400(a0)\n\t"
                     "sd s6, 408(a0)\n\t"
                     "sd s7, 416(a0)\n\t"
                     "sd s8, 424(a0)\n\t"
                     "sd s9, 432(a0)\n\t"
                     "sd s10, 440(a0)\n\t"
                     "sd s11, 448(a0)\n\t"
                     "sd tp, 456(a0)\n\t"
                     "ld a1, 8(sp)\n\t"
                     "sd a1, 232(a0)\n\t"
                     "sd t0, 464(a0)\n\t"
                     "sd sp, 480(a0)\n\t"
                     "ld gp, 16(sp)\n\t"
                     "ld tp, 24(sp)\n\t"
                     ".if %[floats]\n\t"
                     "fsd f0, 744(a0)\n\t"
                     "fsd f1, 752(a0)\n\t"
                     "fsd f2, 760(a0)\n\t"
                     "fsd f3, 768(a0)\n\t"
                     "fsd f4, 776(a0)\n\t"
                     "fsd f5, 784(a0)\n\t"
                     "fsd f6, 792(a0)\n\t"
                     "fsd f7, 800(a0)\n\t"
                     "fsd f8, 808(a0)\n\t"
                     "fsd f9, 816(a0)\n\t"
                     "fsd f10, 824(a0)\n\t"
                     "fsd f11, 832(a0)\n\t"
                     "fsd f12, 840(a0)\n\t"
                     "fsd f13, 848(a0)\n\t"
                     "fsd f14, 856(a0)\n\t"
                     "fsd f15, 864(a0)\n\t"
                     "fsd f16, 872(a0)\n\t"
                     "fsd f17, 880(a0)\n\t"
                     "fsd f18, 888(a0)\n\t"
                     "fsd f19, 896(a0)\n\t"
                     "fsd f20, 904(a0)\n\t"
                     "fsd f21, 912(a0)\n\t"
                     "fsd f22, 920(a0)\n\t"
                     "fsd f23, 928(a0)\n\t"
                     "fsd f24, 936(a0)\n\t"
                     "fsd f25, 944(a0)\n\t"
                     "fsd f26, 952(a0)\n\t"
                     "fsd f27, 960(a0)\n\t"
                     "fsd f28, 968(a0)\n\t"
                     "fsd f29, 976(a0)\n\t"
                     "fsd f30, 984(a0)\n\t"
                     "fsd f31, 992(a0)\n\t"
                     ".endif\n\t"
                     "addi sp, sp, 48"
                     : "+r"(registers)
                     : [number] "i"(unsigned{kNumber}), [floats] "i"(kFloats ? 1 : 0)
                     : "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5", "t6",
                       "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "ra", "f0",
                       "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12", "f13",
                       "f14", "f15", "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23", "f24", "f25",
                       "f26", "f27", "f28", "f29", "f30", "f31", "memory");
    }
};
static_assert(offsetof(ProbedRegisters, out) == 232 && offsetof(ProbedRegisters, number_out) == 464 &&
              offsetof(ProbedRegisters, floats_in) == 488 && offsetof(ProbedRegisters, floats_out) == 744);

} // namespace suite
