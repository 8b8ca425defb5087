// SPDX-License-Identifier: MIT
/// Two things that a RISC-V processor does not say about an exception: whether a page is missing or
/// forbidden, and whether an instruction is illegal or only needs the floating-point unit.
#include "kernel/arch/riscv64/exception.hpp"

#include "kernel/arch/riscv64/csr.hpp"
#include "kernel/arch/riscv64/floating_point.hpp"
#include "kernel/arch/riscv64/memory.hpp"
#include "kernel/arch/riscv64/mmu.hpp"
#include "kernel/arch/riscv64/page_entry.hpp"

namespace kernel::arch {

namespace {

using Format = PageTableFormat;

auto entry_in(base::PhysAddr table, base::VirtAddr address, unsigned level) -> std::uint64_t {
    auto const index = table_index(address.value(), Format::shift(level));
    // Tables lie in RAM, which is mapped at a fixed distance.
    return reinterpret_cast<std::uint64_t const*>(Memory::kernel_address(table))[index];
}

/// The entry at which the active address space's walk for `address` ends; 0 for what is no address of its
/// user.
[[gnu::always_inline]] inline auto walk(base::VirtAddr address) -> std::uint64_t {
    constexpr std::uint64_t kPageNumber = (std::uint64_t{1} << 44U) - 1;
    constexpr unsigned kLargeModeBit = 60;
    std::uint64_t const translation = csr::read<csr::Number::Translation>();
    base::PhysAddr table{(translation & kPageNumber) << base::kPageBits};
    auto user_bits = abi::kUserAddressBits;
    if ((translation >> kLargeModeBit & 1U) != 0) [[unlikely]] {
        user_bits += Mmu::kMaxExtraBits;
        auto const entry = entry_in(table, address, 0);
        if (Format::is_empty(entry)) {
            return 0;
        }
        table = Format::address(entry, 0);
    }
    if (address.value() >> user_bits != 0) {
        return 0;
    }
    for (unsigned level = 1;; ++level) {
        auto const entry = entry_in(table, address, level);
        if (Format::is_empty(entry) || !Format::is_table(entry, level)) {
            return entry;
        }
        table = Format::address(entry, level);
    }
}

constexpr auto needed_bit(std::uint64_t cause) -> std::uint64_t {
    switch (cause) {
    case Exception::kFetchPage: return entry_bit::kExecute;
    case Exception::kLoadPage: return entry_bit::kRead;
    default: return entry_bit::kWrite;
    }
}

auto examine_page_fault(std::uint64_t cause, std::uint64_t value) -> std::uint64_t {
    std::uint64_t const entry = walk(base::VirtAddr{value});
    if (Format::is_empty(entry)) {
        return cause;
    }
    auto const needed = needed_bit(cause) | entry_bit::kUser;
    if ((entry & needed) != needed) {
        return cause | Exception::kNotAllowed;
    }
    // The page, or a table on the way to it, has been linked since this core last looked, and it remembers
    // that there was none. All addresses: with one alone, the fence would not be for links to tables.
    asm volatile("sfence.vma zero, %0" ::"r"(Mmu::active_asid()) : "memory");
    return 0;
}

/// `instruction`: as many of its bits as it has, or 0 where the processor does not tell.
constexpr auto may_use_floating_point(std::uint64_t instruction) -> bool {
    constexpr std::uint64_t kOpcode = 0x7F;
    constexpr std::uint64_t kCompressedOpcode = 0xE003;
    switch (instruction & kCompressedOpcode) {
    case 0x2000:              // c.fld
    case 0xA000:              // c.fsd
    case 0x2002:              // c.fldsp
    case 0xA002: return true; // c.fsdsp
    default: break;
    }
    switch (instruction & kOpcode) {
    case 0x00: return instruction == 0;
    case 0x07: // loads
    case 0x27: // stores
    case 0x43: // multiply and add, four kinds
    case 0x47:
    case 0x4B:
    case 0x4F:
    case 0x53: return true; // everything else
    case 0x73: {            // fflags, frm and fcsr
        constexpr std::uint64_t kLastRegister = 3;
        std::uint64_t const number = instruction >> 20U & 0xFFFU;
        return number != 0 && number <= kLastRegister && (instruction >> 12U & 3U) != 0;
    }
    default: return false;
    }
}

} // namespace

extern "C" auto examine_exception(std::uint64_t cause, std::uint64_t value) -> std::uint64_t {
    switch (cause) {
    case Exception::kFetchPage:
    case Exception::kLoadPage:
    case Exception::kStorePage: return examine_page_fault(cause, value);
    case Exception::kIllegalInstruction: {
        bool const is_off = (csr::read<csr::Number::Status>() & csr::kFloatingPoint) == 0;
        bool const needs_it = is_off && may_use_floating_point(value) && has_floating_point != 0;
        return needs_it ? cause | Exception::kFloatingPoint : cause;
    }
    case Exception::kFetchMisaligned: // 0 has a meaning of its own; with two-byte instructions it does not
                                      // happen
        return Exception::kFetchAccess;
    default: return cause;
    }
}

} // namespace kernel::arch
