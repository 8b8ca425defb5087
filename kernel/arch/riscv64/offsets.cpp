// SPDX-License-Identifier: MIT
/// What kernel/entry/offsets.cpp is for everything, for what only RISC-V has.
#include "kernel/arch/contract.hpp"

#include <cstddef>

namespace kernel::arch {
namespace {

constexpr auto register_offset(std::size_t number) -> std::size_t {
    return offsetof(Registers, values) + number * sizeof(std::uint64_t);
}

[[gnu::used]] void offsets() {
    // An `asm` without instructions, for the sake of what the compiler prints in place of its operand.
    asm volatile(".equ kRegisterPc, %0" ::"i"(register_offset(Registers::kProgramCounter)));
    asm volatile(".equ kRegisterSp, %0" ::"i"(register_offset(Registers::kStackPointer)));
    asm volatile(".equ kRegisterA0, %0" ::"i"(register_offset(Registers::kFirstGeneral)));
    asm volatile(".equ kRegisterT0, %0" ::"i"(register_offset(Registers::kFirstTemporary)));
    asm volatile(".equ kRegisterS0, %0" ::"i"(register_offset(Registers::kFirstSaved)));
    asm volatile(".equ kRegisterRa, %0" ::"i"(register_offset(Registers::kReturnAddress)));
    asm volatile(".equ kRegisterGp, %0" ::"i"(register_offset(Registers::kGlobalPointer)));
    asm volatile(".equ kAddressSpaceTranslation, %0" ::"i"(offsetof(AddressSpace, translation)));
    asm volatile(".equ kAddressSpaceGeneration, %0" ::"i"(offsetof(AddressSpace, generation)));
    asm volatile(".equ kAddressSpaceCores, %0" ::"i"(offsetof(AddressSpace, cores)));
    asm volatile(".equ kHartDeadline, %0" ::"i"(offsetof(Hart, deadline)));
    asm volatile(".equ kHartAlarm, %0" ::"i"(offsetof(Hart, alarm)));
    asm volatile(".equ kHartProgrammed, %0" ::"i"(offsetof(Hart, programmed)));
    asm volatile(".equ kHartBit, %0" ::"i"(offsetof(Hart, bit)));
    asm volatile(".equ kTimeCompare, %0" ::"i"(csr::Number::TimeCompare));
    asm volatile(".equ kFloatingPoint, %0" ::"i"(csr::kFloatingPoint));
    asm volatile(".equ kCause, %0" ::"i"(Exception::kCause));
    asm volatile(".equ kIllegalInstruction, %0" ::"i"(Exception::kIllegalInstruction));
    asm volatile(".equ kFetchPage, %0" ::"i"(Exception::kFetchPage));
    asm volatile(".equ kLoadPage, %0" ::"i"(Exception::kLoadPage));
    asm volatile(".equ kStorePage, %0" ::"i"(Exception::kStorePage));
    asm volatile(".equ kSystemCall, %0" ::"i"(Exception::kSystemCall));
}

} // namespace
} // namespace kernel::arch
