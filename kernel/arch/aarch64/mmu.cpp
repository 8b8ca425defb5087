// SPDX-License-Identifier: MIT
/// ASIDs and the TLB, where it is not a matter of a switch.
#include "kernel/arch/aarch64/mmu.hpp"

#include "kernel/arch/aarch64/boot_tables.hpp"
#include "kernel/arch/upcalls.hpp"

namespace kernel::arch {

namespace {

constexpr unsigned kAsidShift = 48;
constexpr std::uint64_t kAsidCount = std::uint64_t{1} << 16U;

auto asid_field(AddressSpace const& space) -> std::uint64_t {
    return space.translation >> kAsidShift << kAsidShift;
}

/// Every core's TLB; waits until it is done.
void drop_asid(std::uint64_t field) { asm volatile("tlbi aside1is, %0\n\tdsb ish" ::"r"(field) : "memory"); }

} // namespace

void Mmu::initialise() { empty_translation_ = empty_user_root().value(); }

void Mmu::initialise_core() {
    activate_none();
    // The boot's identity mapping was in this half.
    asm volatile("isb\n\ttlbi vmalle1\n\tdsb nsh\n\tisb" ::: "memory");
}

void Mmu::assign(AddressSpace& space) {
    if (next_asid_ == kAsidCount) {
        next_asid_ = 1;
        while (assigned_ != nullptr) {
            release(*assigned_);
        }
        // No core walks tables with an old ASID once its TLB is empty.
        hold_other_cores();
        activate_none();
        asm volatile("tlbi vmalle1is\n\tdsb ish\n\tisb" ::: "memory");
    }
    space.translation = space.root | next_asid_ << kAsidShift;
    ++next_asid_;
    space.next = assigned_;
    if (assigned_ != nullptr) {
        assigned_->previous = &space;
    }
    assigned_ = &space;
}

void Mmu::release(AddressSpace& space) {
    (space.previous == nullptr ? assigned_ : space.previous->next) = space.next;
    if (space.next != nullptr) {
        space.next->previous = space.previous;
    }
    create(space, base::PhysAddr{space.root}, 0);
}

void Mmu::destroy(AddressSpace& space) {
    if (space.translation == 0) {
        return;
    }
    std::uint64_t loaded = 0;
    asm volatile("mrs %0, ttbr0_el1" : "=r"(loaded));
    if (loaded == space.translation) {
        activate_none();
    }
    invalidate_all(space);
    release(space);
}

void Mmu::invalidate_page(AddressSpace& space, base::VirtAddr address) {
    std::uint64_t const field = asid_field(space);
    if (field == 0) {
        return;
    }
    std::uint64_t const page = address.value() >> base::kPageBits;
    asm volatile("tlbi vae1is, %0\n\tdsb ish" ::"r"(field | page) : "memory");
}

void Mmu::invalidate_all(AddressSpace& space) {
    std::uint64_t const field = asid_field(space);
    if (field != 0) {
        drop_asid(field);
    }
}

} // namespace kernel::arch
