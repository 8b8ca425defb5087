// SPDX-License-Identifier: MIT
/// What the server's logic stands on: operations on untyped memory, each a system call or two.
#pragma once

#include <cstdint>
#include <expected>

namespace memory {

/// Index of a slot, as abi::CPtr.
using Slot = std::uint64_t;

enum class Refusal : std::uint8_t {
    Quota,     ///< the session has used up its share
    Exhausted, ///< there is no memory, or are no slots, left
    BadBlock,  ///< not a size there is, or not a block of the session
};

/// What a client gets.
enum class Kind : std::uint8_t { Frame, Untyped };

class UntypedOperations {
public:
    UntypedOperations() = default;
    UntypedOperations(UntypedOperations const&) = delete;
    auto operator=(UntypedOperations const&) -> UntypedOperations& = delete;

    /// Makes two untyped blocks of 2^`bits` bytes of the whole of `whole`, in consecutive slots; the first.
    virtual auto split(Slot whole, unsigned bits) -> std::expected<Slot, Refusal> = 0;
    /// Undoes that: afterwards `whole` has no children, and the two slots are free.
    virtual void merge(Slot whole, Slot first) = 0;

    /// Makes one object of the whole of `whole`, a block of 2^`bits` bytes; its slot.
    virtual auto make(Slot whole, Kind kind, unsigned bits) -> std::expected<Slot, Refusal> = 0;
    /// Undoes that, wherever the object has gone.
    virtual void destroy(Slot whole, Slot object) = 0;

protected:
    ~UntypedOperations() = default;
};

} // namespace memory
