// SPDX-License-Identifier: MIT
/// Boot is the only one who fills a CNode and a VSpace without invocations; here is how.
#include "kernel/boot/init_space.hpp"

#include "base/bits.hpp"
#include "kernel/abi/boot_info.hpp"
#include "kernel/arch/panic.hpp"
#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"

namespace kernel::boot {

auto BootMemory::allocate(unsigned bits) -> base::PhysAddr {
    auto const block = free_->take(bits);
    if (!block.has_value()) {
        panic("not enough memory to boot");
    }
    std::uint64_t const begin = arch::Memory::kernel_address(*block);
    arch::Memory::clear({begin, begin + base::power_of_two(bits)});
    return *block;
}

InitSpace::InitSpace(BootMemory& memory, unsigned radix)
    : memory_{&memory},
      radix_{radix},
      cnode_{arch::Memory::kernel_address(memory.allocate(radix + abi::kSlotBits))},
      // Zeroed memory is what a VSpace is made of.
      vspace_{reinterpret_cast<VSpace*>(arch::Memory::kernel_address(memory.allocate(abi::kVSpaceBits)))},
      next_slot_{abi::init_slot::kFirstFree} {
    vspace::create(*vspace_, 0);
}

auto InitSpace::cnode_capability() const -> Capability {
    constexpr unsigned kPointerBits = 64;
    return CNodeView{CNodeView::make(cnode_, radix_)}.with_guard(0, kPointerBits - radix_);
}

auto InitSpace::vspace_capability() const -> Capability {
    return Capability::of(abi::ObjectType::VSpace, vspace_->root());
}

auto InitSpace::slot(abi::CPtr index) const -> Slot& {
    // A CNode is an array of slots; zeroed memory is empty slots.
    return reinterpret_cast<Slot*>(cnode_)[index];
}

void InitSpace::add(Capability capability) {
    if (next_slot_ == slot_count()) {
        panic("init's CNode is full");
    }
    derivation::insert_root(slot(next_slot_++), capability);
}

void InitSpace::make_table(base::VirtAddr address, vspace::Entry entry) {
    base::PhysAddr const table = memory_->allocate(abi::kPageTableBits);
    arch::PageTableFormat::store(entry.place, arch::PageTableFormat::table(table));
    // A table is known by the first address that it covers.
    auto const mapping =
        Mapping::make(vspace_->serial(), address.align_down(arch::PageTableFormat::shift(entry.level)));
    add(Capability::of(abi::ObjectType::PageTable, arch::Memory::kernel_address(table), mapping.data()));
}

void InitSpace::make_tables(base::VirtAddr begin, std::uint64_t size) {
    constexpr std::uint64_t kStep = std::uint64_t{1}
                                    << abi::kLargeFrameBits; // what a last-level table covers
    for (base::VirtAddr at = begin.align_down(abi::kLargeFrameBits); at < begin + size; at = at + kStep) {
        auto entry = vspace::walk(*vspace_, at, vspace::kLastLevel);
        while (entry.level < vspace::kLastLevel) {
            make_table(at, entry);
            entry = vspace::walk(*vspace_, at, vspace::kLastLevel);
        }
    }
}

auto InitSpace::map(base::PhysAddr page, base::VirtAddr address, std::uint8_t rights) -> Capability {
    auto const entry = vspace::walk(*vspace_, address, vspace::kLastLevel);
    if (entry.level != vspace::kLastLevel || !entry.empty()) {
        panic("parts of init overlap");
    }
    arch::PageTableFormat::store(
        entry.place, arch::PageTableFormat::leaf(page, entry.level, rights, arch::MemoryKind::Normal));
    constexpr std::uint8_t kAllRights = abi::rights::kRead | abi::rights::kWrite | abi::rights::kExecute;
    FrameView const frame{
        FrameView::make(arch::Memory::kernel_address(page), abi::kSmallFrameBits, false, kAllRights)};
    return frame.with_mapping(Mapping::make(vspace_->serial(), address));
}

} // namespace kernel::boot
