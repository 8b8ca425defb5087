// SPDX-License-Identifier: MIT
/// The rest of the host machine: time that stands still until a test moves it, interrupts that a test raises.
#pragma once

#include "base/address.hpp"
#include "kernel/arch/host/memory.hpp"
#include "kernel/arch/types.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kernel {

class Core;

namespace arch {

struct FloatingPoint {
    struct State {
        std::array<std::uint64_t, 4> values;
    };
    static void save(State& state);
    static void load(State const& state);
    static void enable();
    static void disable();
};

struct Time {
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};
    static auto now() -> std::uint64_t;
    static void set_deadline(std::uint64_t ticks);
    static void set_alarm(std::uint64_t ticks);
    static auto frequency() -> std::uint64_t { return 1'000'000; }
};

struct Interrupts {
    static constexpr std::uint32_t kLineCount = 64;
    static constexpr std::uint32_t kFirstShared = 1;
    static constexpr std::uint32_t kEndOfShared = 60;
    static constexpr std::uint32_t kTimerLine = 60;
    static constexpr std::uint32_t kAlarmLine = 61;
    static constexpr std::uint32_t kCallLine = 0;
    static constexpr std::uint32_t kNone = 1023;

    static void call(std::size_t core);
    static auto claim() -> std::uint32_t;
    static void complete(std::uint32_t line);
    static void mask(std::uint32_t line);
    static void unmask(std::uint32_t line);
    static void configure(std::uint32_t line, Trigger trigger);
    static auto route(std::uint32_t line, std::size_t core) -> bool;
    static auto pending() -> bool;
};

struct Cpu {
    static auto core() -> Core&;
    static void wait_for_interrupt();
    static void set_thread_local_base(std::uint64_t base);
    static auto allow_cycle_counter() -> bool;
};

struct Console {
    static void put(char character);
    static void power_off(std::uint8_t status);
};

namespace host {

enum class CacheOperation : std::uint8_t { Clean, Invalidate, CleanInvalidate, Unify };

/// What a test sets and reads.
struct Machine {
    std::uint64_t now{1000};
    std::uint64_t step{}; ///< what passes each time that someone looks
    std::uint64_t deadline{Time::kNever};
    static constexpr std::size_t kCores = 8;
    std::array<std::uint64_t, kCores> alarms{}; ///< of each core; 0: not set yet

    std::deque<std::uint32_t> raised; ///< interrupts that wait to be claimed
    std::set<std::uint32_t> unmasked;
    std::vector<std::uint32_t> completed;
    std::array<Trigger, Interrupts::kLineCount> triggers{};
    std::array<std::size_t, Interrupts::kLineCount> routes{}; ///< a core for each line
    bool can_route{true};
    /// `pending` says yes once when it has been asked this often; empty: only when an interrupt was raised.
    std::optional<std::uint64_t> preempt_after;

    std::size_t core{};             ///< the one that the kernel runs on
    std::vector<std::size_t> calls; ///< cores that were called
    bool answers_calls{true};       ///< a core that is called enters the kernel

    std::array<std::uint64_t, 4> fp_registers{};
    bool fp_enabled{};
    std::uint64_t thread_local_base{};
    bool has_cycle_counter{true};
    bool cycle_counter_allowed{};

    std::uint8_t extra_bits{Mmu::kMaxExtraBits}; ///< of user addresses
    std::vector<base::VirtAddr> invalidated_pages;
    std::size_t invalidated_spaces{};
    std::vector<std::pair<CacheOperation, MemoryRange>> cache_operations;

    std::string output;
    std::optional<std::uint8_t> powered_off;
};

/// The machine of the running test.
[[nodiscard]] auto machine() -> Machine&;
/// A new machine, with RAM full of garbage.
void restart();

} // namespace host
} // namespace arch
} // namespace kernel
