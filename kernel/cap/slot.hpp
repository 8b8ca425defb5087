// SPDX-License-Identifier: MIT
/// A place for a capability, and its links in the derivation tree.
#pragma once

#include "kernel/abi/object.hpp"
#include "kernel/cap/capability.hpp"

#include <cstdint>

namespace kernel {

/// The tree is kept as a doubly linked list in prefix order: every capability comes before those derived from
/// it. An empty slot is in no list. All-zero memory is an empty slot.
class Slot {
public:
    Slot() = default;
    ~Slot() = default;
    Slot(Slot const&) = delete;
    auto operator=(Slot const&) -> Slot& = delete;

    [[nodiscard]] auto capability() const -> Capability { return capability_; }
    [[nodiscard]] auto empty() const -> bool { return capability_.null(); }
    /// Replaces the words of the capability; its place in the tree stays. Pre: `capability` is null if and
    /// only if the slot is in no list.
    void set_capability(Capability capability) { capability_ = capability; }

    [[nodiscard]] auto previous() const -> Slot* { return previous_; }
    [[nodiscard]] auto next() const -> Slot* {
        // The flags are in the bits that alignment leaves free.
        return reinterpret_cast<Slot*>(next_ & ~kFlagMask);
    }
    /// Can capabilities be derived from it that its `revoke` deletes?
    [[nodiscard]] auto revocable() const -> bool { return (next_ & kRevocable) != 0; }
    /// Is it the first with its badge? Then it is not derived from an earlier one with the same badge.
    [[nodiscard]] auto first_badged() const -> bool { return (next_ & kFirstBadged) != 0; }

    enum class Flags : std::uint8_t { None = 0, Original = 3 };
    [[nodiscard]] auto flags() const -> Flags { return static_cast<Flags>(next_ & kFlagMask); }

    void set_previous(Slot* slot) { previous_ = slot; }
    void set_next(Slot* slot) { next_ = reinterpret_cast<std::uint64_t>(slot) | (next_ & kFlagMask); }
    void set_flags(Flags flags) { next_ = (next_ & ~kFlagMask) | static_cast<std::uint64_t>(flags); }

    /// Makes the slot empty without a look at the list: its neighbours must not point to it any more.
    void clear() {
        capability_ = {};
        previous_ = nullptr;
        next_ = 0;
    }

private:
    static constexpr std::uint64_t kRevocable = 1U << 0U;
    static constexpr std::uint64_t kFirstBadged = 1U << 1U;
    static constexpr std::uint64_t kFlagMask = kRevocable | kFirstBadged;

    Capability capability_;
    Slot* previous_{};
    std::uint64_t next_{}; ///< address of the next slot, and the flags
};
static_assert(sizeof(Slot) == std::uint64_t{1} << abi::kSlotBits);

} // namespace kernel
