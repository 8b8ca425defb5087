// SPDX-License-Identifier: MIT
/// What kernel/entry/offsets.cpp is for everything, for what only AArch64 has.
#include "kernel/arch/contract.hpp"

#include <bit>
#include <cstddef>

namespace kernel::arch {
namespace {

constexpr auto register_offset(std::size_t number) -> std::size_t {
    return offsetof(Registers, values) + number * sizeof(std::uint64_t);
}

[[gnu::used]] void offsets() {
    // An `asm` without instructions, for the sake of what the compiler prints in place of its operand.
    asm volatile(".equ kRegisterPc, %0" ::"i"(register_offset(Registers::kProgramCounter)));
    asm volatile(".equ kRegisterPstate, %0" ::"i"(register_offset(Registers::kFlags)));
    asm volatile(".equ kRegisterX0, %0" ::"i"(register_offset(Registers::kFirstGeneral)));
    asm volatile(".equ kSyndromeClassShift, %0" ::"i"(Exception::kClassShift));
    asm volatile(".equ kSyndromeCode, %0" ::"i"(Exception::kCode));
    asm volatile(".equ kSyndromeWrite, %0" ::"i"(Exception::kWrite));
    asm volatile(".equ kSyndromeWriteBit, %0" ::"i"(std::countr_zero(Exception::kWrite)));
    asm volatile(".equ kSyndromeCacheMaintenance, %0" ::"i"(Exception::kCacheMaintenance));
    asm volatile(".equ kClassInstructionAbort, %0" ::"i"(Exception::kInstructionAbort));
    asm volatile(".equ kClassDataAbort, %0" ::"i"(Exception::kDataAbort));
    asm volatile(".equ kAddressSpaceTranslation, %0" ::"i"(offsetof(AddressSpace, translation)));
    asm volatile(".equ kTrapNone, %0" ::"i"(FloatingPoint::kTrapNone));
    asm volatile(".equ kTrapUser, %0" ::"i"(FloatingPoint::kTrapUser));
}

} // namespace
} // namespace kernel::arch
