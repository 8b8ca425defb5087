// SPDX-License-Identifier: MIT
/// Init's thread, its authority, and the page that tells it what it has.
#include "kernel/boot/init_thread.hpp"

#include "base/bits.hpp"
#include "generated/board_facts.hpp"
#include "kernel/abi/boot_info.hpp"
#include "kernel/arch/boot.hpp"
#include "kernel/boot/init_memory.hpp"
#include "kernel/boot/init_space.hpp"
#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/object/sched_context.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/object/vspace.hpp"

namespace kernel::boot {

namespace {

/// The capabilities that are not memory.
void add_authority(InitSpace& space, unsigned cores) {
    using abi::ObjectType;
    derivation::insert_root(space.slot(abi::init_slot::kCNode), space.cnode_capability());
    derivation::insert_root(space.slot(abi::init_slot::kVSpace), space.vspace_capability());
    derivation::insert_root(space.slot(abi::init_slot::kIrqControl),
                            Capability::of(ObjectType::IrqControl, 0));
    derivation::insert_root(space.slot(abi::init_slot::kDebugConsole),
                            Capability::of(ObjectType::DebugConsole, 0));
    for (unsigned core = 0; core < cores; ++core) {
        derivation::insert_root(space.slot(abi::init_slot::kFirstCoreControl + core),
                                CoreControlView::make(core, abi::kMaxPriority, abi::rights::kAll));
    }
}

/// Both in one page of zeroes, which is what they are made of.
auto make_thread_objects(InitSpace& space, BootMemory& memory) -> InitThread {
    std::uint64_t const page = arch::Memory::kernel_address(memory.allocate(base::kPageBits));
    std::uint64_t const context_address = page + base::power_of_two(abi::kTcbBits);
    auto const tcb = Capability::of(abi::ObjectType::Tcb, page);
    auto const context = Capability::of(abi::ObjectType::SchedContext, context_address);
    derivation::insert_root(space.slot(abi::init_slot::kTcb), tcb);
    derivation::insert_root(space.slot(abi::init_slot::kSchedContext), context);
    return {tcb.object<Tcb>(), context.object<SchedContext>()};
}

void set_up_thread(InitSpace& space, Tcb& thread, base::VirtAddr entry) {
    using Registers = arch::Registers;
    derivation::insert_derived(space.slot(abi::init_slot::kCNode), thread.slots[Tcb::kCSpace],
                               space.cnode_capability());
    derivation::insert_derived(space.slot(abi::init_slot::kVSpace), thread.slots[Tcb::kVSpace],
                               space.vspace_capability());
    thread.registers.values[Registers::kProgramCounter] = entry.value();
    thread.registers.values[Registers::kStackPointer] = abi::kInitStackTop;
    thread.registers.values[Registers::kFirstGeneral] = abi::kBootInfoAddress;
}

/// The page that init reads all this from.
auto make_boot_info(InitSpace& space, BootMemory& memory) -> abi::BootInfo& {
    base::PhysAddr const page = memory.allocate(base::kPageBits);
    base::VirtAddr const address{abi::kBootInfoAddress};
    space.make_tables(address, base::kPageSize);
    derivation::insert_root(space.slot(abi::init_slot::kBootInfoFrame),
                            space.map(page, address, abi::rights::kRead));
    // A page of zeroes is a structure of numbers.
    return *reinterpret_cast<abi::BootInfo*>(arch::Memory::kernel_address(page));
}

void describe_machine(abi::BootInfo& info, MemoryMap const& map) {
    info.magic = abi::BootInfo::kMagic;
    info.version = abi::BootInfo::kVersion;
    info.board = board::kName;
    info.timer_frequency = arch::Time::frequency();
    info.entry_ticks = arch::entry_ticks();
    info.device_tree_physical = map.device_tree.base;
    info.device_tree_size = map.device_tree.size;
}

} // namespace

auto make_init(MemoryMap& map, PayloadView const& payload, unsigned cores) -> InitThread {
    BootMemory memory{map.free};
    InitSpace space{memory, cnode_radix(payload)};
    abi::BootInfo& info = make_boot_info(space, memory);
    describe_machine(info, map);
    info.core_count = cores;
    add_authority(space, cores);
    auto const objects = make_thread_objects(space, memory);
    set_up_thread(space, objects.thread, payload.entry());
    map_init(space, memory, payload, info);
    hand_out_memory(space, map, info);
    info.free_slots = {space.next_slot(), space.slot_count()};
    return objects;
}

} // namespace kernel::boot
