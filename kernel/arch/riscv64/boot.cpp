// SPDX-License-Identifier: MIT
/// Bringing up the machine, what each core has for itself, and the other cores.
#include "kernel/arch/boot.hpp"

#include "kernel/arch/contract.hpp"
#include "kernel/arch/panic.hpp"
#include "kernel/arch/riscv64/firmware.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

// Symbols of head.S, under its names.
// NOLINTBEGIN(readability-identifier-naming)
extern "C" {
extern std::uint64_t boot_hart;  // the number of the hart that the machine started with
extern std::uint64_t boot_ticks; // what the counter stood at then
extern char const enter_other_core;
}
// NOLINTEND(readability-identifier-naming)

namespace kernel::arch {

namespace {

/// The boot hart stays the first core, and the others follow in the order of the tree.
void number_harts(StatedProcessors const& processors) {
    hart_count = 1;
    for (std::size_t index = 0; index < processors.count && hart_count < board::kCoreCount; ++index) {
        auto const& [number, translation] = processors.all[index];
        // Some machines have a hart without an MMU beside the others.
        if (number != boot_hart && number < kHartNumbers && translation != "riscv,none") {
            harts[hart_count++].number = number;
        }
    }
}

/// Does some hart have no more than Sv39? That the first one has Sv48 says nothing of the others.
auto has_small_spaces_only(StatedProcessor const& processor) -> bool {
    return !processor.translation.empty() && processor.translation != "riscv,none" &&
           processor.translation != "riscv,sv48" && processor.translation != "riscv,sv57";
}

} // namespace

void initialise() {
    // The harts in order, but for the one that comes first.
    for (std::size_t core = 0; core < kMaxCores; ++core) {
        harts[core].number = core == boot_hart ? 0 : core;
    }
    harts[0].number = boot_hart;
    Mmu::initialise();
    Console::initialise();
    if (boot_hart >= kHartNumbers) {
        panic("the number of the first hart is too large");
    }
}

void initialise_interrupts() { Interrupts::initialise(); }

void initialise_core() {
    Mmu::initialise_core();
    FloatingPoint::disable();
    Interrupts::initialise_core();
    Time::initialise();
}

auto entry_ticks() -> std::uint64_t { return boot_ticks; }

void heed(StatedProcessors const& processors) {
    // A counter that is slower could not tell how long a thread has run.
    constexpr std::uint64_t kSlowest = 10'000;
    if (processors.timer_frequency >= kSlowest) {
        Time::set_frequency(processors.timer_frequency);
    }
    if (processors.count != 0) {
        number_harts(processors);
    }
    if (std::ranges::any_of(std::span{processors.all}.first(processors.count), has_small_spaces_only)) {
        Mmu::do_without_large_spaces();
    }
}

auto start_core(unsigned number) -> bool {
    if (number >= hart_count) {
        return false;
    }
    if constexpr (board::kCoreStart.method == drivers::CoreStart::None) {
        return false;
    }
    // Without these it could not be called, nor told that a translation is no longer true.
    if (!firmware::has(firmware::Extension::Interrupt) || !firmware::has(firmware::Extension::RemoteFence)) {
        return false;
    }
    auto const entry = image_start() + (reinterpret_cast<std::uint64_t>(&enter_other_core) - image_address());
    return firmware::start_hart(harts[number].number, entry.value(), number);
}

void Cache::unify(MemoryRange /*range*/) {
    // What was written comes before what is fetched from now on.
    asm volatile("fence rw, rw\n\tfence.i" ::: "memory");
    auto const others = Mmu::other_harts();
    if (others != 0) {
        firmware::fence_instructions(others);
    }
}

void Cpu::set_core(Core& core) {
    Mmu::tell_entry_code(core);
    asm volatile("mv tp, %0\n\tcsrw sscratch, %0" ::"r"(&core));
}

auto Cpu::allow_cycle_counter() -> bool {
    constexpr std::uint64_t kCycles = 1U << 0U;
    csr::set<csr::Number::CounterEnable>(kCycles);
    return (csr::read<csr::Number::CounterEnable>() & kCycles) != 0;
}

} // namespace kernel::arch
