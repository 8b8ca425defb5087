// SPDX-License-Identifier: MIT
/// Deadlines by their number, the earliest at hand: a binary heap that knows where each number is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace timer {

/// The deadline that does not come, in every unit.
inline constexpr std::uint64_t kNever = ~std::uint64_t{0};

class DeadlineQueue {
public:
    using Number = std::uint32_t;

    struct Entry {
        std::uint64_t deadline;
        Number number;
    };

    /// Sets the deadline of `number`, in place of the one it had.
    void set(Number number, std::uint64_t deadline);

    /// Forgets the deadline of `number`, if it has one.
    void cancel(Number number);

    /// The entry with the earliest deadline; of equal ones, that with the lowest number.
    [[nodiscard]] auto earliest() const -> std::optional<Entry>;

    [[nodiscard]] auto count() const -> std::size_t { return heap_.size(); }

private:
    static constexpr std::size_t kAbsent = ~std::size_t{0};

    void place(std::size_t position, Entry entry);
    void sift_up(std::size_t position);
    void sift_down(std::size_t position);
    [[nodiscard]] auto position_of(Number number) const -> std::size_t;

    // heap_[positions_[n]].number == n for every n that is present; no child is earlier than its parent.
    std::vector<Entry> heap_{};
    std::vector<std::size_t> positions_{};
};

} // namespace timer
