// SPDX-License-Identifier: MIT
/// What an architecture gives to the generic kernel, as concepts. Generic code includes this file and names
/// the types below, nothing else of the architecture.
///
/// `kernel/arch/<architecture>/include` is on the include path of the kernel, and holds one file,
/// `kernel/arch/current.hpp`. It defines these types in `kernel::arch`: Registers, FloatingPoint, Memory,
/// Cache, Time, Interrupts, PageTableFormat, AddressSpace, Mmu, Cpu, Console, and Exception if it has entry
/// code. It may include no generic kernel header but forward declarations.
#pragma once

#include "base/address.hpp"
#include "kernel/abi/message.hpp"
#include "kernel/arch/types.hpp"
#include "kernel/arch/upcalls.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace kernel {

class Core;
struct Tcb;

namespace arch {

/// The registers of a thread, at the start of its TCB, numbered as `Tcb.read_registers` does.
///
/// Entry code saves all of them before it calls up, and loads all of them from the thread that is returned.
/// On a system call it stores the instruction after the trap as program counter, and the real value of
/// `kReceiveCapability`. The scratch registers of a system call (AArch64: x11..x18 and the condition flags)
/// are stored as zero, or not at all if `Tcb::frame` says so; then entry code loads them as zero.
template <typename T>
concept RegisterFrame =
    std::is_standard_layout_v<T> && requires(T frame, std::size_t index, std::uint64_t value) {
        requires std::same_as<decltype(T::kCount), std::size_t const>;
        /// The frame's only member, at its start.
        requires std::same_as<decltype(frame.values), std::array<std::uint64_t, T::kCount>>;
        requires std::same_as<decltype(T::kProgramCounter), std::size_t const>;
        requires std::same_as<decltype(T::kStackPointer), std::size_t const>;
        requires std::same_as<decltype(T::kFlags), std::size_t const>;
        /// Number of the first argument register (AArch64: x0; RISC-V: a0); the next ones follow it.
        requires std::same_as<decltype(T::kFirstGeneral), std::size_t const>;
        /// The registers of abi/syscall.hpp: capability in and badge out, tag, words, capability to receive
        /// on.
        requires std::same_as<decltype(T::kCapability), std::size_t const>;
        requires std::same_as<decltype(T::kTag), std::size_t const>;
        requires std::same_as<decltype(T::kWords), std::array<std::uint8_t, abi::kMessageWords> const>;
        requires std::same_as<decltype(T::kReceiveCapability), std::size_t const>;
        /// `value` as a user may have it in register `index`: privileged bits are masked or forced.
        { T::sanitized(index, value) } -> std::same_as<std::uint64_t>;
        /// Zeroes the scratch registers of a system call.
        { frame.clear_scratch() } -> std::same_as<void>;
        /// Makes the thread execute its system call again: moves the program counter back to the trap.
        { frame.rewind_system_call() } -> std::same_as<void>;
    };

/// The state of the floating-point unit, kept in the TCB. Loaded when a thread first uses it.
template <typename T>
concept FloatingPointUnit = requires(typename T::State state, typename T::State const& saved) {
    requires std::is_standard_layout_v<typename T::State>;
    { T::save(state) } -> std::same_as<void>; ///< whether user code may use the unit or not
    { T::load(saved) } -> std::same_as<void>; ///< while it may
    /// Whether user code may use the unit from now on; otherwise using it traps (upcalls: handle_fp_access).
    { T::enable() } -> std::same_as<void>;
    { T::disable() } -> std::same_as<void>;
};

/// All physical memory has a kernel address, at a fixed distance; only RAM can be reached through it.
template <typename T>
concept PhysicalMemory = requires(base::PhysAddr physical, std::uint64_t address, MemoryRange range) {
    { T::kernel_address(physical) } -> std::same_as<std::uint64_t>;
    { T::physical(address) } -> std::same_as<base::PhysAddr>;
    /// Fills RAM with zeroes. `begin` and `end` are multiples of 64.
    { T::clear(range) } -> std::same_as<void>;
};

template <typename T>
concept CacheOperations = requires(MemoryRange range) {
    { T::clean(range) } -> std::same_as<void>;
    { T::invalidate(range) } -> std::same_as<void>;
    { T::clean_invalidate(range) } -> std::same_as<void>;
    /// Makes what was written visible to instruction fetch, on every core.
    { T::unify(range) } -> std::same_as<void>;
};

/// Ticks are those of the counter that user code reads.
template <typename T>
concept Clock = requires(std::uint64_t ticks) {
    { T::now() } -> std::same_as<std::uint64_t>;
    /// Raises `Interrupts::kTimerLine` on this core at `ticks` (at once when that is past); kNever: no more.
    { T::set_deadline(ticks) } -> std::same_as<void>;
    /// The same for the alarm, whose line is `Interrupts::kAlarmLine`: it falls when a later deadline is set.
    { T::set_alarm(ticks) } -> std::same_as<void>;
    requires std::same_as<decltype(T::kNever), std::uint64_t const>;
    { T::frequency() } -> std::same_as<std::uint64_t>; ///< ticks a second
};

template <typename T>
concept InterruptController = requires(std::uint32_t line, Trigger trigger, std::size_t core) {
    /// Lines are 0 up to but not including this.
    requires std::same_as<decltype(T::kLineCount), std::uint32_t const>;
    requires std::same_as<decltype(T::kTimerLine),
                          std::uint32_t const>; ///< the kernel's own: never handed out
    requires std::same_as<decltype(T::kAlarmLine), std::uint32_t const>; ///< each core has its own
    /// From the first one up to but not including the other are lines that all cores share.
    requires std::same_as<decltype(T::kFirstShared), std::uint32_t const>;
    requires std::same_as<decltype(T::kEndOfShared), std::uint32_t const>;
    /// The next interrupt that waits for this core, which is completed once, masked or not. Nothing, or
    /// spurious: a number of no line.
    { T::claim() } -> std::same_as<std::uint32_t>;
    { T::complete(line) } -> std::same_as<void>;
    // Shared lines only; the others are never masked.
    { T::mask(line) } -> std::same_as<void>;
    { T::unmask(line) } -> std::same_as<void>;
    { T::configure(line, trigger) } -> std::same_as<void>;
    /// Has the line interrupt that core and no other; false: the hardware cannot.
    { T::route(line, core) } -> std::same_as<bool>;
    /// Raises `kCallLine` on another core. What was written before is visible to it then.
    { T::call(core) } -> std::same_as<void>;
    requires std::same_as<decltype(T::kCallLine), std::uint32_t const>; ///< the kernel's own
    /// Is an interrupt pending? Cheap: preemption points ask it often.
    { T::pending() } -> std::same_as<bool>;
};

/// Page tables: at most `kLevels` levels below one another, the last of which is of small pages. The root of
/// an address space is at its own first level.
template <typename T>
concept PageTables = requires(std::uint64_t entry, base::PhysAddr address, unsigned level,
                              std::uint8_t rights, MemoryKind kind, std::uint64_t* place) {
    requires std::same_as<decltype(T::kLevels), unsigned const>;
    requires std::same_as<decltype(T::kIndexBits), unsigned const>;
    /// Entries of the root that cover user addresses. The object's remaining bytes belong to generic code.
    requires std::same_as<decltype(T::kRootEntries), std::size_t const>;
    /// log2 of the bytes an entry of this level covers (AArch64: 30, 21, 12; RISC-V: 39, 30, 21, 12).
    { T::shift(level) } -> std::same_as<unsigned>;
    { T::is_empty(entry) } -> std::same_as<bool>;
    /// Is it a link to a table (true) or a leaf (false)? Only for entries that are not empty.
    { T::is_table(entry, level) } -> std::same_as<bool>;
    { T::address(entry, level) } -> std::same_as<base::PhysAddr>;
    { T::table(address) } -> std::same_as<std::uint64_t>;
    /// A leaf for user mode with exactly these `abi::rights` (read, write, execute), never executable by the
    /// kernel.
    { T::leaf(address, level, rights, kind) } -> std::same_as<std::uint64_t>;
    /// May one leaf take the place of another for the same frame at once, with an invalidation behind it? If
    /// not, the entry has to be empty in between.
    { T::may_replace(entry, entry) } -> std::same_as<bool>;
    /// Stores an entry so that the table walker sees it before user code runs again.
    { T::store(place, entry) } -> std::same_as<void>;
};

/// What the MMU keeps for an address space: its ASID and the value of the translation register. Lies in the
/// VSpace object, made of zeroed memory. Every word of it has bit 0 clear, so that the table walker may see
/// it.
template <typename T>
concept AddressSpaceState = std::is_standard_layout_v<T> && std::is_trivially_destructible_v<T> &&
                            sizeof(T) <= 64 && requires(T const space) {
                                {
                                    space.first_level()
                                } -> std::same_as<unsigned>; ///< of its page tables: that of the root
                                {
                                    space.end()
                                } -> std::same_as<std::uint64_t>; ///< user addresses are below it
                            };

template <typename T, typename Space>
concept MemoryManagement =
    requires(Space& space, base::PhysAddr root, base::VirtAddr address, std::uint8_t extra_bits) {
        /// How many bits more than `abi::kUserAddressBits` user addresses can have: on some machine, and on
        /// this one.
        requires std::same_as<decltype(T::kMaxExtraBits), std::uint8_t const>;
        { T::extra_bits() } -> std::same_as<std::uint8_t>;
        /// Before the address space is used: `root` is its zeroed root table (kernel entries are filled in
        /// here). `extra_bits`: 0, or what this machine has.
        { T::create(space, root, extra_bits) } -> std::same_as<void>;
        /// Before its root table is given away: nothing of it may remain in any TLB, and no core may have it
        /// active.
        { T::destroy(space) } -> std::same_as<void>;
        /// After a leaf was changed or emptied.
        { T::invalidate_page(space, address) } -> std::same_as<void>;
        /// After a link to a table was emptied.
        { T::invalidate_all(space) } -> std::same_as<void>;
    };

template <typename T>
concept Processor = requires(std::uint64_t base) {
    /// The state of the core that executes this.
    { T::core() } -> std::same_as<Core&>;
    /// Sleeps until an interrupt is pending for this core, although none is taken.
    { T::wait_for_interrupt() } -> std::same_as<void>;
    /// What the running thread finds as its thread-local storage base.
    { T::set_thread_local_base(base) } -> std::same_as<void>;
    /// Lets user code read this core's cycle counter; false when it has none. Boot code has denied it.
    { T::allow_cycle_counter() } -> std::same_as<bool>;
};

/// What an exception of user code means, made from the word that says why it was taken: `Exception`, for
/// architectures with entry code.
template <typename T>
concept ExceptionCause =
    std::constructible_from<T, std::uint64_t> && requires(T const cause, std::uint64_t address) {
        /// As a fault message: `Fault` of upcalls.hpp.
        { cause.fault(address) } -> std::same_as<Fault>;
        { cause.is_floating_point_access() } -> std::same_as<bool>;
    };

/// The kernel's own serial output, polled.
template <typename T>
concept DebugOutput = requires(char character, std::uint8_t status) {
    { T::put(character) } -> std::same_as<void>;
    /// Ends the simulation or turns the machine off; returns where the board cannot.
    { T::power_off(status) } -> std::same_as<void>;
};

} // namespace arch
} // namespace kernel

#include "kernel/arch/current.hpp"

namespace kernel::arch {

static_assert(RegisterFrame<Registers>);
static_assert(FloatingPointUnit<FloatingPoint>);
static_assert(PhysicalMemory<Memory>);
static_assert(CacheOperations<Cache>);
static_assert(Clock<Time>);
static_assert(InterruptController<Interrupts>);
static_assert(PageTables<PageTableFormat>);
static_assert(AddressSpaceState<AddressSpace>);
static_assert(MemoryManagement<Mmu, AddressSpace>);
static_assert(Processor<Cpu>);
static_assert(DebugOutput<Console>);

} // namespace kernel::arch
