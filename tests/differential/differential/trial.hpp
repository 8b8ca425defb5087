// SPDX-License-Identifier: MIT
/// Rounds of a trial: everyone runs until all wait, then what can be seen is folded into a hash, and
/// something is done about those who wait.
#pragma once

#include "hash.hpp"
#include "world.hpp"

#include "generated/object/debug_console.hpp"

namespace differential {

/// How much of what was meant to happen did happen.
struct Counts {
    std::uint64_t operations;
    std::uint64_t answered; ///< calls that another worker has answered
    std::uint64_t received; ///< messages that came with ReplyRecv
    std::uint64_t faults;   ///< fault messages among all received
    std::uint64_t signals;  ///< signals among all received
    std::uint64_t interrupts;
    std::uint64_t violations;
};

class Trial {
public:
    Trial(std::uint64_t seed, std::uint64_t traced_world) : random_{seed}, traced_world_{traced_world} {}

    [[nodiscard]] auto set_up() -> World::Outcome { return world_.set_up(); }
    /// Makes a world and plays with it for a while.
    [[nodiscard]] auto play() -> World::Outcome;

    [[nodiscard]] auto counts() const -> Counts const& { return counts_; }
    [[nodiscard]] auto hash() const -> std::uint64_t { return hash_.value(); }

private:
    [[nodiscard]] auto number(Worker const& worker) -> std::size_t {
        return static_cast<std::size_t>(&worker - world_.workers().data());
    }
    void look();
    void look_at_results(Worker& worker);
    void look_at_thread(Worker const& worker);
    void look_at_slots(Worker const& worker);
    void look_at_invariants();
    void interfere();
    void interrupt(CPtr notification);
    void go_on(Worker& worker);
    void upset(Worker& worker);
    template <typename Result>
    void fold(Result const& result);

    Random random_;
    Hash hash_;
    World world_;
    Counts counts_{};
    std::uint64_t traced_world_;
    std::uint64_t played_{};
};

} // namespace differential
