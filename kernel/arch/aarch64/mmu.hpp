// SPDX-License-Identifier: MIT
/// Address spaces of user code: ASIDs, the translation register, the TLB.
#pragma once

#include "base/address.hpp"
#include "kernel/abi/object.hpp"

#include <cstdint>

namespace kernel::arch {

/// Lies in the VSpace object behind the root table. The lowest bit of each word is zero.
struct AddressSpace {
    /// What TTBR0_EL1 holds while this runs: the root table, the ASID in the upper 16 bits. 0: no ASID now.
    std::uint64_t translation;
    std::uint64_t root; ///< physical address of the table
    // The list of those that have an ASID.
    AddressSpace* next;
    AddressSpace* previous;

    static constexpr auto first_level() -> unsigned { return 0; }
    static constexpr auto end() -> std::uint64_t { return std::uint64_t{1} << abi::kUserAddressBits; }
};

/// ASIDs are given out in order, at the first use of a space. When none is left they are taken from all
/// spaces, the whole TLB is dropped, and each space gets a new one when it is used next. So neither a switch
/// nor the death of an address space ever flushes more than its own entries.
struct Mmu {
    /// On core 0, before the first `activate`.
    static void initialise();
    static void initialise_core();

    static constexpr std::uint8_t kMaxExtraBits = 0;
    static constexpr auto extra_bits() -> std::uint8_t { return 0; }
    static void create(AddressSpace& space, base::PhysAddr root, std::uint8_t /*extra_bits*/) {
        space = {0, root.value(), nullptr, nullptr};
    }
    static void destroy(AddressSpace& space);
    static void invalidate_page(AddressSpace& space, base::VirtAddr address);
    static void invalidate_all(AddressSpace& space);

    /// Makes `space` the one that user code of this core runs in.
    static void activate(AddressSpace& space) {
        if (space.translation == 0) [[unlikely]] {
            assign(space);
        }
        load(space.translation);
    }
    /// Does user code of this core run in `space`?
    static auto is_active(AddressSpace const& space) -> bool { return space.translation == active(); }
    /// User addresses mean nothing from here on, and no table of them is walked.
    static void activate_none() {
        load(empty_translation_);
        asm volatile("isb" ::: "memory");
    }

private:
    static void assign(AddressSpace& space);
    /// Takes the ASID away.
    static void release(AddressSpace& space);
    static auto active() -> std::uint64_t {
        std::uint64_t translation = 0;
        // Volatile: other functions write it.
        asm volatile("mrs %0, ttbr0_el1" : "=r"(translation));
        return translation;
    }
    static void load(std::uint64_t translation) {
        // No barrier: the kernel does not use this half, and the exception return synchronises.
        if (active() != translation) {
            asm volatile("msr ttbr0_el1, %0" ::"r"(translation) : "memory");
        }
    }

    static inline std::uint64_t next_asid_ = 1;
    static inline AddressSpace* assigned_ = nullptr;
    static inline std::uint64_t empty_translation_ = 0;
};

} // namespace kernel::arch
