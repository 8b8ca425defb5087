// SPDX-License-Identifier: MIT
/// Keeps the workers going, counts what they do, and looks after everyone else.
///
/// It has the highest priority and wakes for one of two reasons: a thread of the lowest priority signals that
/// all others wait, or one that is above the workers signals now and then, whatever they do. That one
/// measures time by its budget: when it has spent it, it does not run until the next period.
#pragma once

#include "coverage.hpp"
#include "generator.hpp"
#include "world.hpp"

namespace fuzz {

class Supervisor {
public:
    explicit Supervisor(std::uint64_t seed) : random_{Random::mixed(seed)}, generator_{random_} {}

    /// Once. Errors are those of the kernel.
    [[nodiscard]] auto set_up() -> World::Outcome;
    /// Plays in a world of its own: about `calls` system calls. Error: RangeError, an invariant of the kernel
    /// does not hold; otherwise as `World::end`.
    [[nodiscard]] auto play(std::uint64_t calls) -> World::Outcome;

    [[nodiscard]] auto coverage() const -> Coverage const& { return coverage_; }
    /// How often the invariants were checked, and how often the supervisor has looked after the workers.
    [[nodiscard]] auto checks() const -> std::uint64_t { return checks_; }
    [[nodiscard]] auto rounds() const -> std::uint64_t { return rounds_; }

private:
    /// What a worker's page holds.
    struct Batch {
        std::array<Kind, Page::kOperations> kinds{};
        std::size_t counted{}; ///< results that have been looked at
        std::uint64_t seen{};  ///< index at the last look
        unsigned idle{};       ///< looks since the index changed
    };

    /// Starts a thread of this component that never ends.
    [[nodiscard]] auto start_helper(void (*run)(std::uint64_t), std::uint8_t priority, std::uint64_t budget,
                                    std::uint64_t period) const -> World::Outcome;
    [[nodiscard]] auto look_after(std::size_t index) -> World::Outcome;
    void count(Page const& page, Batch& batch);
    void fill(Worker const& worker, Batch& batch);
    [[nodiscard]] auto check_invariants() -> World::Outcome;

    Random random_;
    Generator generator_;
    CPtr wake_{}; ///< the notification that it waits on
    World world_;
    Coverage coverage_;
    std::array<Batch, World::kMaxWorkers> batches_{};
    std::uint64_t checks_{};
    std::uint64_t rounds_{};
};

} // namespace fuzz
