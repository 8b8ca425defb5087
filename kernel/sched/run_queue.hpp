// SPDX-License-Identifier: MIT
/// The scheduling contexts that are ready on a core: a list for each priority, and a bitmap to find the
/// highest.
#pragma once

#include "kernel/abi/object.hpp"
#include "kernel/object/sched_context.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel {

/// Every operation takes constant time. Contexts in the queue are `State::Ready`.
class RunQueue {
public:
    static constexpr int kNone = -1;

    /// The highest priority that is ready, or kNone.
    [[nodiscard]] auto highest() const -> int { return highest_; }

    void push_back(SchedContext& context);
    void push_front(SchedContext& context);
    void remove(SchedContext& context);
    /// Takes out the first one of the highest priority; null when the queue is empty.
    auto pop() -> SchedContext*;

private:
    friend struct RunQueueOffsets;

    static constexpr std::size_t kPriorities = abi::kMaxPriority + 1;
    static constexpr std::size_t kWordBits = 64;

    struct List {
        SchedContext* first;
        SchedContext* last;
    };

    void mark(std::size_t priority);
    void unmark(std::size_t priority);

    int highest_{kNone};
    std::uint64_t occupied_words_{};                                ///< bit set: the word is not 0
    std::array<std::uint64_t, kPriorities / kWordBits> occupied_{}; ///< bit set: the list is not empty
    std::array<List, kPriorities> lists_{};
};

/// For entry code in assembly.
struct RunQueueOffsets {
    static constexpr std::size_t kHighest = offsetof(RunQueue, highest_);
    static constexpr std::size_t kOccupiedWords = offsetof(RunQueue, occupied_words_);
    static constexpr std::size_t kOccupied = offsetof(RunQueue, occupied_);
    static constexpr std::size_t kLists = offsetof(RunQueue, lists_); ///< of two pointers each
};

} // namespace kernel
