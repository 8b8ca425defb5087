// SPDX-License-Identifier: MIT
/// Address spaces: ASIDs, the translation register, the TLB.
#pragma once

#include "base/address.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/arch/riscv64/csr.hpp"
#include "kernel/arch/riscv64/hart.hpp"
#include "kernel/arch/riscv64/layout.hpp"

#include <cstdint>
#include <span>

namespace kernel {
class Core;
}

namespace kernel::arch {

/// Lies in the VSpace object behind the entries of users. The lowest bit of each word is zero.
struct AddressSpace {
    /// What satp holds while this runs, less the number of this word's page in the kernel's map of memory. So
    /// it is even, and entry code gets satp with two instructions.
    std::uint64_t translation;
    /// The generation of ASIDs that the ASID belongs to, doubled. Of an older one, it is no longer this
    /// space's.
    std::uint64_t generation;
    /// The cores whose TLBs may know it, a bit for each from bit 1 on.
    std::uint64_t cores;
    /// The first address that is not the user's: 2^38 with Sv39, 2^47 with Sv48.
    std::uint64_t user_end;

    [[nodiscard]] auto first_level() const -> unsigned {
        return static_cast<unsigned>(user_end >> abi::kUserAddressBits & 1U);
    }
    [[nodiscard]] auto end() const -> std::uint64_t { return user_end; }
};

/// ASIDs are given out in order, at the first use of a space. When none is left a new generation begins: each
/// core drops its whole TLB before it switches spaces the next time, and each space gets a new one when it is
/// used next. So neither a switch nor the death of an address space ever flushes more than its own entries.
/// On a processor without ASIDs each switch begins a generation.
struct Mmu {
    /// On core 0, before the first `activate`.
    static void initialise();
    static void initialise_core();

    /// What fast_path.S knows of this core: its hart, and which spaces it may switch to, those of the
    /// generation that it is at.
    static void tell_entry_code(Core& core);

    /// Sv48 beyond Sv39.
    static constexpr std::uint8_t kMaxExtraBits = 9;
    static auto extra_bits() -> std::uint8_t { return extra_bits_; }
    static void do_without_large_spaces() { extra_bits_ = 0; }
    static void create(AddressSpace& space, base::PhysAddr root, std::uint8_t extra_bits);
    static void destroy(AddressSpace& space);
    static void invalidate_page(AddressSpace& space, base::VirtAddr address);
    static void invalidate_all(AddressSpace& space);

    /// Makes `space` the one that user code of this core runs in.
    static void activate(AddressSpace& space) {
        if (space.generation != generation_) [[unlikely]] {
            assign(space);
        }
        std::uint64_t const translation = register_value(space);
        if (csr::read<csr::Number::Translation>() != translation) {
            switch_to(space, translation);
        }
    }
    /// Does user code of this core run in `space`?
    static auto is_active(AddressSpace const& space) -> bool {
        return space.generation == generation_ &&
               csr::read<csr::Number::Translation>() == register_value(space);
    }
    /// The one under which this core knows what user code of it runs in.
    static auto active_asid() -> std::uint64_t {
        return csr::read<csr::Number::Translation>() >> kAsidShift & kMaxAsid;
    }
    /// User addresses mean nothing from here on, and no table of them is walked.
    static void activate_none() { csr::write<csr::Number::Translation>(empty_translation_); }

    /// Which harts run the kernel, but for the one that executes this: a mask of their numbers.
    [[nodiscard]] static auto other_harts() -> std::uint64_t;

private:
    // The translation register, satp: mode, ASID, number of the root table's page.
    static constexpr unsigned kModeShift = 60;
    static constexpr std::uint64_t kMode = std::uint64_t{8} << kModeShift;      ///< Sv39
    static constexpr std::uint64_t kLargeMode = std::uint64_t{9} << kModeShift; ///< Sv48
    static constexpr unsigned kAsidShift = 44;
    static constexpr std::uint64_t kMaxAsid = 0xFFFF;

    static auto register_value(AddressSpace const& space) -> std::uint64_t {
        return space.translation + (reinterpret_cast<std::uint64_t>(&space) >> base::kPageBits);
    }
    static constexpr auto core_bit(std::size_t core) -> std::uint64_t { return std::uint64_t{2} << core; }

    /// fast_path.S does the same where nothing has to catch up.
    static void switch_to(AddressSpace& space, std::uint64_t translation) {
        auto const core = core_number();
        if (harts[core].generation != generation_) [[unlikely]] {
            catch_up(harts[core]);
        }
        space.cores |= core_bit(core);
        // No fence: nothing of an earlier space is known under this ASID.
        csr::write<csr::Number::Translation>(translation);
    }
    [[nodiscard]] static auto asid(AddressSpace const& space) -> std::uint64_t;
    static void assign(AddressSpace& space);
    static void catch_up(Hart& hart);
    [[nodiscard]] static auto other_harts(AddressSpace const& space) -> std::uint64_t;
    static void invalidate_everything();
    /// The kernel's entries of a root table.
    static void fill(std::span<std::uint64_t, kTableEntries> root);
    static void fill_large(std::span<std::uint64_t, kTableEntries> root);
    static auto has_large_mode() -> bool;

    static inline std::uint64_t generation_ = 2;
    static inline std::uint64_t next_asid_ = 1;
    static inline std::uint64_t asid_count_ = 1;
    static inline std::uint64_t empty_translation_ = 0;
    static inline std::uint8_t extra_bits_ = 0;
    /// The first entry of a root table behind those of RAM, which is mapped before the first space is made.
    static inline std::size_t memory_end_ = 0;
    static inline std::uint64_t running_ = 0; ///< cores, as in `AddressSpace::cores`
    static inline unsigned core_count_ = 0;
    static inline unsigned behind_ = 0; ///< cores that have not dropped what an earlier generation left
};

} // namespace kernel::arch
