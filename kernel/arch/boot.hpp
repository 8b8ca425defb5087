// SPDX-License-Identifier: MIT
/// What boot code, besides the contract, asks of an architecture.
#pragma once

#include "base/address.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/arch/processors.hpp"

#include <atomic>
#include <cstdint>

namespace kernel::arch {

/// Brings up what the machine has once, on core 0: first what needs no more than the image, such as the
/// console; then, when the memory map is made, the interrupt controller.
void initialise();
void initialise_interrupts();
/// Brings up what each core has for itself: its interrupts, timers and registers.
void initialise_core();
/// What the counter stood at when the kernel began; 0: it is not known.
[[nodiscard]] auto entry_ticks() -> std::uint64_t;
/// Takes over what the device tree says of the processors, before another core is started and before there is
/// an address space. An architecture that does not need it ignores it.
void heed(StatedProcessors const& processors);
/// Has core `number` run `kernel_other_core`, on its own stack. False: the machine has none, or no way to
/// start it.
[[nodiscard]] auto start_core(unsigned number) -> bool;

extern "C" {
/// The core that is being started, while it may still join; 0: there is none. For entry code, too.
extern std::atomic<std::uint64_t> joining_core; // NOLINT(readability-identifier-naming): a label
/// Runs the thread that these are the registers of.
[[noreturn]] void leave_kernel(Registers const* registers);
}

/// Physical address of the image, and how many bytes of it are the kernel's own.
[[nodiscard]] auto image_start() -> base::PhysAddr;
[[nodiscard]] auto image_size() -> std::uint64_t;
/// Kernel address of the image's first byte.
[[nodiscard]] auto image_address() -> std::uint64_t;

/// `map_memory` works in blocks of 2^this bytes.
inline constexpr unsigned kMemoryBlockBits = 21;

/// Gives RAM from `begin` to `end` its kernel address, in whole blocks: what is less at the edges is left
/// out. What has one already stays. Answers where it stopped: before `end` rounded down if the kernel has too
/// few tables.
[[nodiscard]] auto map_memory(base::PhysAddr begin, base::PhysAddr end) -> base::PhysAddr;

} // namespace kernel::arch
