// SPDX-License-Identifier: MIT
#include "kernel/arch/host/machine.hpp"

#include "base/assert.hpp"
#include "base/log.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/arch/panic.hpp"
#include "kernel/sched/core.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace base {

[[noreturn]] void assertion_failed(char const* expression, std::source_location location) {
    std::fprintf(stderr, "%s:%u: assertion failed: %s\n", location.file_name(),
                 static_cast<unsigned>(location.line()), expression);
    std::abort();
}

void write_log_line(std::string_view line) {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
}

} // namespace base

namespace kernel {

[[noreturn]] void panic(char const* reason) {
    std::fprintf(stderr, "kernel panic: %s\n", reason);
    std::abort();
}

namespace arch {
namespace {

/// RAM at an address that agrees with the physical one in its low 30 bits, so that what is aligned here is
/// there.
auto ram() -> std::byte* {
    constexpr std::size_t kAlignment = std::size_t{1} << 30U;
    static auto* const start = [] {
        void* const mapped =
            mmap(nullptr, 2 * kAlignment, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        ASSERT(mapped != MAP_FAILED);
        auto const address = reinterpret_cast<std::uint64_t>(mapped);
        auto* const aligned = reinterpret_cast<std::byte*>((address + kAlignment - 1) & ~(kAlignment - 1));
        ASSERT(mprotect(aligned, host::kRamSize, PROT_READ | PROT_WRITE) == 0);
        return aligned;
    }();
    return start;
}

auto ram_address() -> std::uint64_t { return reinterpret_cast<std::uint64_t>(ram()); }

} // namespace

namespace host {

auto machine() -> Machine& {
    static Machine the_machine;
    return the_machine;
}

void restart() {
    constexpr int kGarbage = 0xA5;
    machine() = Machine{};
    std::memset(ram(), kGarbage, kRamSize);
}

} // namespace host

using host::machine;

auto Memory::kernel_address(base::PhysAddr physical) -> std::uint64_t {
    return physical.value() - host::kRamBase.value() + ram_address();
}
auto Memory::physical(std::uint64_t address) -> base::PhysAddr {
    return base::PhysAddr{address - ram_address() + host::kRamBase.value()};
}
void Memory::clear(MemoryRange range) {
    ASSERT(range.begin >= ram_address() && range.end <= ram_address() + host::kRamSize);
    ASSERT(range.begin % 64 == 0 && range.end % 64 == 0 && range.begin <= range.end);
    std::memset(reinterpret_cast<void*>(range.begin), 0, range.end - range.begin);
}

void Cache::clean(MemoryRange range) {
    machine().cache_operations.emplace_back(host::CacheOperation::Clean, range);
}
void Cache::invalidate(MemoryRange range) {
    machine().cache_operations.emplace_back(host::CacheOperation::Invalidate, range);
}
void Cache::clean_invalidate(MemoryRange range) {
    machine().cache_operations.emplace_back(host::CacheOperation::CleanInvalidate, range);
}
void Cache::unify(MemoryRange range) {
    machine().cache_operations.emplace_back(host::CacheOperation::Unify, range);
}

auto Mmu::extra_bits() -> std::uint8_t { return machine().extra_bits; }
void Mmu::create(AddressSpace& space, base::PhysAddr root, std::uint8_t extra_bits) {
    space = {root.value(), extra_bits};
}
void Mmu::destroy(AddressSpace& space) { space.root = 0; }
void Mmu::invalidate_page(AddressSpace& /*space*/, base::VirtAddr address) {
    machine().invalidated_pages.push_back(address);
}
void Mmu::invalidate_all(AddressSpace& /*space*/) { ++machine().invalidated_spaces; }

void FloatingPoint::save(State& state) { state.values = machine().fp_registers; }
void FloatingPoint::load(State const& state) { machine().fp_registers = state.values; }
void FloatingPoint::enable() { machine().fp_enabled = true; }
void FloatingPoint::disable() { machine().fp_enabled = false; }

auto Time::now() -> std::uint64_t { return machine().now += machine().step; }
void Time::set_deadline(std::uint64_t ticks) { machine().deadline = ticks; }
void Time::set_alarm(std::uint64_t ticks) { machine().alarms.at(machine().core) = ticks; }

void Interrupts::call(std::size_t core) {
    machine().calls.push_back(core);
    // It comes at once: in the kernel it waits, as it would for the lock.
    if (machine().answers_calls) {
        Core::by_number(core).begin_wait(Core::Entry::Trap);
    }
}
auto Interrupts::claim() -> std::uint32_t {
    auto& raised = machine().raised;
    auto const deliverable = [](std::uint32_t line) {
        return line < kFirstShared || line >= kEndOfShared || machine().unmasked.contains(line);
    };
    auto const found = std::ranges::find_if(raised, deliverable);
    if (found == raised.end()) {
        return kNone;
    }
    auto const line = *found;
    raised.erase(found);
    return line;
}
void Interrupts::complete(std::uint32_t line) { machine().completed.push_back(line); }
void Interrupts::mask(std::uint32_t line) { machine().unmasked.erase(line); }
void Interrupts::unmask(std::uint32_t line) { machine().unmasked.insert(line); }
void Interrupts::configure(std::uint32_t line, Trigger trigger) { machine().triggers.at(line) = trigger; }
auto Interrupts::route(std::uint32_t line, std::size_t core) -> bool {
    if (machine().can_route) {
        machine().routes.at(line) = core;
    }
    return machine().can_route;
}
auto Interrupts::pending() -> bool {
    auto& countdown = machine().preempt_after;
    if (countdown) {
        if (*countdown == 0) {
            countdown.reset();
            return true;
        }
        --*countdown;
    }
    return !machine().raised.empty();
}

auto Cpu::core() -> Core& { return Core::by_number(machine().core); }
void Cpu::wait_for_interrupt() { panic("the test's machine would sleep for ever"); }
void Cpu::set_thread_local_base(std::uint64_t base) { machine().thread_local_base = base; }
auto Cpu::allow_cycle_counter() -> bool {
    machine().cycle_counter_allowed = machine().has_cycle_counter;
    return machine().has_cycle_counter;
}

void Console::put(char character) { machine().output.push_back(character); }
void Console::power_off(std::uint8_t status) { machine().powered_off = status; }

} // namespace arch
} // namespace kernel
