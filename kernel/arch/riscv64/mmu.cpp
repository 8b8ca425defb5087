// SPDX-License-Identifier: MIT
/// ASIDs and the TLBs, where it is not a matter of a switch.
#include "kernel/arch/riscv64/mmu.hpp"

#include "kernel/arch/kernel_tables.hpp"
#include "kernel/arch/riscv64/firmware.hpp"
#include "kernel/arch/riscv64/memory.hpp"
#include "kernel/arch/riscv64/page_entry.hpp"
#include "kernel/arch/riscv64/processor.hpp"
#include "kernel/arch/upcalls.hpp"

#include <span>

namespace kernel::arch {

namespace {

constexpr std::uint64_t kGenerationStep = 2;

/// Of this core.
void drop_everything() { asm volatile("sfence.vma" ::: "memory"); }

/// For a moment the root of Sv48.
constinit Table trial{};

} // namespace

void Mmu::initialise() {
    // The field of the ASID keeps as many bits as there are.
    std::uint64_t const current = csr::read<csr::Number::Translation>();
    csr::write<csr::Number::Translation>(current | kMaxAsid << kAsidShift);
    asid_count_ = (csr::read<csr::Number::Translation>() >> kAsidShift & kMaxAsid) + 1;
    empty_translation_ = current;
    if (has_large_mode()) {
        extra_bits_ = kMaxExtraBits;
    }
}

/// A mode that the processor does not have leaves all of the register as it is.
auto Mmu::has_large_mode() -> bool {
    fill_large(trial.entries);
    drop_everything();
    csr::write<csr::Number::Translation>(kLargeMode | physical_address(trial).value() >> base::kPageBits);
    bool const is_large = csr::read<csr::Number::Translation>() >> kModeShift == kLargeMode >> kModeShift;
    activate_none();
    drop_everything();
    return is_large;
}

/// All of the kernel's addresses are below the last entry, where they are as with Sv39.
void Mmu::fill_large(std::span<std::uint64_t, kTableEntries> root) {
    constexpr std::uint64_t kPageNumber = (std::uint64_t{1} << kAsidShift) - 1;
    base::PhysAddr const kernel{(empty_translation_ & kPageNumber) << base::kPageBits};
    root.back() = PageTableFormat::table(kernel);
}

void Mmu::initialise_core() {
    activate_none();
    drop_everything();
    running_ |= core_bit(core_number());
    ++core_count_;
    this_hart().generation = generation_;
}

void Mmu::tell_entry_code(Core& core) {
    // kCoreGeneration and kCoreHart.
    Hart& hart = this_hart();
    hart.bit = core_bit(core_number());
    entry_data(core) = {hart.generation, reinterpret_cast<std::uint64_t>(&hart)};
}

auto Mmu::asid(AddressSpace const& space) -> std::uint64_t {
    return register_value(space) >> kAsidShift & kMaxAsid;
}

void Mmu::create(AddressSpace& space, base::PhysAddr root, std::uint8_t extra_bits) {
    // A root table, zeroed, in RAM.
    std::span<std::uint64_t, kTableEntries> const table{
        reinterpret_cast<std::uint64_t*>(Memory::kernel_address(root)), kTableEntries};
    space = {};
    space.user_end = std::uint64_t{1} << (abi::kUserAddressBits + extra_bits);
    auto const mode = extra_bits == 0 ? kMode : kLargeMode;
    space.translation = (root.value() >> base::kPageBits | mode) - register_value(space);
    if (extra_bits == 0) {
        fill(table);
    } else {
        fill_large(table);
    }
}

void Mmu::fill(std::span<std::uint64_t, kTableEntries> root) {
    auto const kernel = kernel_entries();
    if (memory_end_ == 0) [[unlikely]] {
        memory_end_ = kImageEntry;
        while (PageTableFormat::is_empty(kernel[memory_end_ - 1])) {
            --memory_end_;
        }
    }
    for (std::size_t index = kFirstKernelEntry; index < memory_end_; ++index) {
        root[index] = kernel[index];
    }
    root[kImageEntry] = kernel[kImageEntry];
}

void Mmu::assign(AddressSpace& space) {
    if (next_asid_ >= asid_count_) {
        next_asid_ = asid_count_ > 1 ? 1 : 0;
        generation_ += kGenerationStep;
        behind_ = core_count_;
    }
    space.translation += (next_asid_ - asid(space)) << kAsidShift;
    space.generation = generation_;
    space.cores = 0;
    ++next_asid_;
}

void Mmu::catch_up(Hart& hart) {
    activate_none();
    drop_everything();
    hart.generation = generation_;
    tell_entry_code(Cpu::core());
    --behind_;
}

void Mmu::destroy(AddressSpace& space) {
    // This core may run it, if under an ASID of an earlier generation; all others have been stopped.
    activate_none();
    invalidate_all(space);
    space = {};
}

void Mmu::invalidate_page(AddressSpace& space, base::VirtAddr address) {
    if (behind_ != 0) [[unlikely]] {
        invalidate_everything();
        return;
    }
    asm volatile("sfence.vma %0, %1" ::"r"(address.value()), "r"(asid(space)) : "memory");
    auto const others = other_harts(space);
    if (others != 0) {
        firmware::fence_translations(others, address.value(), base::kPageSize, asid(space));
    }
}

void Mmu::invalidate_all(AddressSpace& space) {
    if (behind_ != 0) [[unlikely]] {
        invalidate_everything();
        return;
    }
    asm volatile("sfence.vma zero, %0" ::"r"(asid(space)) : "memory");
    auto const others = other_harts(space);
    if (others != 0) {
        firmware::fence_translations(others, 0, 0, asid(space));
    }
}

/// A core may still run the space under an ASID of an earlier generation, which nobody has kept.
void Mmu::invalidate_everything() {
    drop_everything();
    auto const others = other_harts();
    if (others != 0) {
        firmware::fence_translations(others, 0, 0);
    }
}

auto Mmu::other_harts(AddressSpace const& space) -> std::uint64_t {
    std::uint64_t mask = 0;
    std::size_t const own = core_number();
    for (std::size_t core = 0; space.cores >= core_bit(core); ++core) {
        if ((space.cores & core_bit(core)) != 0 && core != own) {
            mask |= std::uint64_t{1} << harts[core].number;
        }
    }
    return mask;
}

auto Mmu::other_harts() -> std::uint64_t {
    return other_harts({.translation = 0, .generation = 0, .cores = running_, .user_end = 0});
}

} // namespace kernel::arch
