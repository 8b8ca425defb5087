// SPDX-License-Identifier: MIT
/// Runs an operation often, and says how many instructions it takes.
#pragma once

#include "measure.hpp"
#include "os/thread.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <expected>
#include <string_view>

namespace bench {

/// Why the benchmark cannot go on.
using Outcome = std::expected<void, std::string_view>;

/// Turns a result of the kernel or of a stub into an Outcome.
template <typename T, typename Error>
[[nodiscard]] auto must(std::expected<T, Error> const& result, std::string_view what) -> Outcome {
    if (!result) {
        return std::unexpected(what);
    }
    return {};
}

[[nodiscard]] inline auto require(bool condition, std::string_view what) -> Outcome {
    if (!condition) {
        return std::unexpected(what);
    }
    return {};
}

/// Instructions between the two readings, without the reading itself.
[[nodiscard]] inline auto length(arch::Interval interval) -> std::uint64_t {
    constexpr std::uint64_t kReading = 1; // `check_counter` has made sure
    return interval.end - interval.begin - kReading;
}

/// The counter counts what is executed, exactly, and reading it takes one instruction.
[[nodiscard]] auto check_counter() -> Outcome;

/// The instructions of one operation, executed kRounds times.
class Samples {
public:
    static constexpr std::size_t kWarmUp = 32;
    static constexpr std::size_t kRounds = 101;

    void add(std::uint64_t instructions) { values_[count_++ % kRounds] = instructions; }

    /// Prints `BENCH <name> <smallest> <median> <largest>`.
    void report(std::string_view name);

private:
    std::array<std::uint64_t, kRounds> values_{};
    std::size_t count_{};
};

/// Starts the thread that `give_up_floating_point` needs, with the highest priority.
[[nodiscard]] auto make_floating_point_thief() -> std::expected<os::Thread, abi::Error>;
/// Has another thread use the floating-point registers: those of this thread are saved, and do not have to be
/// kept while it uses none.
void give_up_floating_point();

/// Executes an operation warm; `once` measures it once.
template <typename Once>
[[nodiscard]] auto sample(Once const& once) -> Samples {
    Samples samples;
    give_up_floating_point();
    // What it was while warming up is overwritten.
    for (std::size_t round = 0; round < Samples::kWarmUp + Samples::kRounds; ++round) {
        samples.add(once());
    }
    return samples;
}

/// The length of `operation`, which is compiled in place: its arguments are set up, and its result is looked
/// at, between the readings.
template <typename Operation>
[[gnu::always_inline]] inline auto timed(Operation const& operation) -> std::uint64_t {
    auto const begin = arch::counter();
    operation();
    return length({begin, arch::counter()});
}

/// A value that the compiler knows nothing about, as an argument is that comes from elsewhere.
template <typename T>
[[gnu::always_inline]] inline auto unknown(T value) -> T {
    asm volatile("" : "+r"(value)); // an instruction that is not there, and might have changed it
    return value;
}

/// Makes the compiler have the value here.
template <typename T>
[[gnu::always_inline]] inline void use(T const& value) {
    asm volatile("" ::"r"(value)); // an instruction that is not there, and might read it
}

/// Prints a line on the kernel's console.
void write_line(std::string_view text);

} // namespace bench
