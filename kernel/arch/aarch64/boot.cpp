// SPDX-License-Identifier: MIT
/// Bringing up the machine, what each core has for itself, and the other cores.
#include "kernel/arch/boot.hpp"

#include "kernel/arch/aarch64/cycle_counter.hpp"
#include "kernel/arch/aarch64/firmware.hpp"
#include "kernel/arch/contract.hpp"

extern "C" {
extern char const enter_other_core; // head.S NOLINT(readability-identifier-naming): a label
}

namespace kernel::arch {

namespace {

/// Where a core that has been started goes on, with its MMU off.
auto other_core_entry() -> base::PhysAddr {
    return image_start() + (reinterpret_cast<std::uint64_t>(&enter_other_core) - image_address());
}

template <drivers::CoreStart kMethod>
struct CoreStarter;

template <>
struct CoreStarter<drivers::CoreStart::None> {
    static auto start(std::uint64_t /*number*/) -> bool { return false; }
};

template <>
struct CoreStarter<drivers::CoreStart::Psci> {
    static auto start(std::uint64_t number) -> bool {
        constexpr std::uint64_t kCpuOn = 0xC400'0003;
        return call_firmware(kCpuOn, number, other_core_entry().value()) == 0;
    }
};

/// The firmware's code polls a table of words, one for each core, for the address to go to.
template <>
struct CoreStarter<drivers::CoreStart::SpinTable> {
    static auto start(std::uint64_t number) -> bool {
        constexpr std::uint64_t kWord = sizeof(std::uint64_t);
        auto const word = Memory::kernel_address(base::PhysAddr{board::kCoreStart.table} + number * kWord);
        // Volatile: another core reads it, past the caches.
        *reinterpret_cast<std::uint64_t volatile*>(word) = other_core_entry().value();
        Cache::clean({word, word + kWord});
        asm volatile("dsb sy\n\tsev" ::: "memory");
        return true;
    }
};

} // namespace

void initialise() {
    Mmu::initialise();
    Console::initialise();
}

void initialise_interrupts() { Interrupts::initialise(); }

void initialise_core() {
    Mmu::initialise_core();
    Time::initialise();
    FloatingPoint::disable();
    Interrupts::initialise_core();
    deny_counters();
    // Debug exceptions stay the kernel's; user code reads no register of them.
    asm volatile("msr mdscr_el1, xzr\n\tmsr tpidrro_el0, xzr\n\tisb" ::: "memory");
}

auto entry_ticks() -> std::uint64_t { return 0; }

void heed(StatedProcessors const& /*processors*/) {
    // The counter's frequency is in a register, and PSCI says which cores there are.
}

auto start_core(unsigned number) -> bool { return CoreStarter<board::kCoreStart.method>::start(number); }

} // namespace kernel::arch
