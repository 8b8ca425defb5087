// SPDX-License-Identifier: MIT
/// The first thread's CSpace and VSpace while boot fills them.
#pragma once

#include "base/address.hpp"
#include "kernel/abi/message.hpp"
#include "kernel/boot/range_set.hpp"
#include "kernel/cap/capability.hpp"
#include "kernel/cap/slot.hpp"
#include "kernel/object/vspace.hpp"

#include <cstdint>

namespace kernel::boot {

/// Takes pieces out of free memory for boot's own objects. Panics when there is none left.
class BootMemory {
public:
    explicit BootMemory(RangeSet& free) : free_{&free} {}

    /// 2^`bits` bytes of zeroes, aligned to their size; at least a page.
    [[nodiscard]] auto allocate(unsigned bits) -> base::PhysAddr;

private:
    RangeSet* free_;
};

class InitSpace {
public:
    /// Makes a CNode of 2^`radix` slots and an empty VSpace.
    InitSpace(BootMemory& memory, unsigned radix);

    [[nodiscard]] auto vspace() -> VSpace& { return *vspace_; }
    /// Resolves all 64 bits of a CPtr, so that small CPtrs are plain indices.
    [[nodiscard]] auto cnode_capability() const -> Capability;
    [[nodiscard]] auto vspace_capability() const -> Capability;

    /// The slot with this index.
    [[nodiscard]] auto slot(abi::CPtr index) const -> Slot&;
    [[nodiscard]] auto slot_count() const -> std::uint64_t { return std::uint64_t{1} << radix_; }
    /// The slot that `add` fills next.
    [[nodiscard]] auto next_slot() const -> abi::CPtr { return next_slot_; }
    /// Panics when no slot is left.
    void add(Capability capability);

    /// Makes page tables until a page at each address up to `begin + size` can be mapped; adds them.
    void make_tables(base::VirtAddr begin, std::uint64_t size);
    /// The capability of the page at `page`, mapped at `address`, where the tables are and nothing is mapped.
    [[nodiscard]] auto map(base::PhysAddr page, base::VirtAddr address, std::uint8_t rights) -> Capability;

private:
    void make_table(base::VirtAddr address, vspace::Entry entry);

    BootMemory* memory_;
    unsigned radix_;
    std::uint64_t cnode_; ///< kernel address of the slots
    VSpace* vspace_;
    abi::CPtr next_slot_;
};

} // namespace kernel::boot
