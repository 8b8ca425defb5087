// SPDX-License-Identifier: MIT
/// A lock that serves who waits in the order in which they came.
#pragma once

#include <atomic>
#include <cstdint>

namespace kernel {

/// Entry code in assembly takes and releases it too: it relies on the order of the two words. Aligned so that
/// both can be exchanged as one.
class alignas(64) TicketLock {
public:
    /// To wait for: the lock is the caller's when it is the ticket's turn.
    [[nodiscard]] auto draw() -> std::uint32_t { return next_.fetch_add(1, std::memory_order_relaxed); }
    [[nodiscard]] auto is_turn_of(std::uint32_t ticket) const -> bool {
        return serving_.load(std::memory_order_acquire) == ticket;
    }
    /// Pre: the caller has taken it.
    void release() {
        // Only who holds the lock changes this word.
        serving_.store(serving_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

private:
    std::atomic<std::uint32_t> serving_;
    std::atomic<std::uint32_t> next_;
};

} // namespace kernel
