// SPDX-License-Identifier: MIT
/// Numbers to be taken and given back by any thread without a lock: slots of a CNode, pages of a range.
#pragma once

#include "base/bits.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace base {

/// Manages the numbers 0 up to `kNumbers`. At first none is free: `give` says which are.
template <std::size_t kNumbers>
class AtomicBitmap {
    static_assert(kNumbers % 64 == 0);
    static constexpr std::size_t kWords = kNumbers / 64;

public:
    /// Takes one free number.
    [[nodiscard]] auto take() -> std::optional<std::size_t> {
        auto const start = hint_.load(std::memory_order_relaxed); // only a hint: any value is right
        for (std::size_t step = 0; step < kWords; ++step) {
            auto const index = (start + step) % kWords;
            // Relaxed: what is seen here is only a candidate, take_bits decides.
            auto candidates = words_[index].load(std::memory_order_relaxed);
            while (candidates != 0) {
                auto const lowest = candidates & (~candidates + 1);
                if (take_bits(index, lowest)) {
                    hint_.store(index, std::memory_order_relaxed);
                    return index * 64 + static_cast<std::size_t>(std::countr_zero(lowest));
                }
                candidates &= ~lowest;
            }
        }
        return std::nullopt;
    }

    /// Takes `count` consecutive numbers, at least one; the first of them.
    [[nodiscard]] auto take(std::size_t count) -> std::optional<std::size_t> {
        if (count == 1) {
            return take();
        }
        std::size_t first = 0;
        std::size_t run = 0;
        for (std::size_t number = 0; number < kNumbers; ++number) {
            if (!is_free(number)) {
                run = 0;
                continue;
            }
            if (run == 0) {
                first = number;
            }
            if (++run == count) {
                if (take_run(first, count)) {
                    return first;
                }
                run = 0;
            }
        }
        return std::nullopt;
    }

    /// Gives back, or adds, `count` consecutive numbers. Pre: all below `kNumbers`, none is free.
    void give(std::size_t first, std::size_t count = 1) {
        for_each_word(first, count, [this](std::size_t index, std::uint64_t mask) {
            // Release: whoever takes these numbers next sees what was done with them before (take_bits).
            words_[index].fetch_or(mask, std::memory_order_release);
            return true;
        });
    }

    [[nodiscard]] auto free_count() const -> std::size_t {
        std::size_t count = 0;
        for (auto const& word : words_) {
            count += static_cast<std::size_t>(std::popcount(word.load(std::memory_order_relaxed)));
        }
        return count;
    }

private:
    [[nodiscard]] auto is_free(std::size_t number) const -> bool {
        return (words_[number / 64].load(std::memory_order_relaxed) >> (number % 64) & 1U) != 0;
    }

    /// All of `mask` or nothing.
    auto take_bits(std::size_t index, std::uint64_t mask) -> bool {
        auto word = words_[index].load(std::memory_order_relaxed);
        while ((word & mask) == mask) {
            // Acquire: pairs with the release in `give`.
            if (words_[index].compare_exchange_weak(word, word & ~mask, std::memory_order_acquire,
                                                    std::memory_order_relaxed)) {
                return true;
            }
        }
        return false;
    }

    /// All of the run or nothing: what was taken before the first word that fails is given back.
    auto take_run(std::size_t first, std::size_t count) -> bool {
        std::size_t taken = 0;
        auto const complete = for_each_word(first, count, [&](std::size_t index, std::uint64_t mask) {
            if (!take_bits(index, mask)) {
                return false;
            }
            taken += static_cast<std::size_t>(std::popcount(mask));
            return true;
        });
        if (!complete) {
            give(first, taken);
        }
        return complete;
    }

    /// Calls `visit(index, mask)` for each word that the numbers lie in, until it returns false.
    template <typename Visit>
    static auto for_each_word(std::size_t first, std::size_t count, Visit visit) -> bool {
        while (count > 0) {
            auto const offset = first % 64;
            auto const bits = count < 64 - offset ? count : 64 - offset;
            if (!visit(first / 64, low_bits(static_cast<unsigned>(bits)) << offset)) {
                return false;
            }
            first += bits;
            count -= bits;
        }
        return true;
    }

    std::array<std::atomic<std::uint64_t>, kWords> words_{}; ///< bit set: the number is free
    std::atomic<std::size_t> hint_{};                        ///< where to look first
};

} // namespace base
