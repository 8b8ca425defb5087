// SPDX-License-Identifier: MIT
/// Objects out of memory: their sizes, and how they begin.
#pragma once

#include "kernel/abi/object.hpp"
#include "kernel/cap/capability.hpp"

#include <cstdint>

namespace kernel::create {

/// What is to be made, from checked numbers.
struct Kind {
    abi::ObjectType type;
    bool device;
    std::uint8_t size_bits; ///< as `Untyped.retype` takes it
};

/// What sizes a type has. That of an address space says how far its addresses go, and not what memory it
/// takes.
struct Sizes {
    std::uint8_t bits;     ///< log2 of the bytes it takes with a `size_bits` of 0
    std::uint8_t smallest; ///< `size_bits`
    std::uint8_t largest;  ///< `size_bits`; 0: it means nothing
    std::uint8_t step;     ///< between the sizes there are

    /// Can user code make it? What is not memory comes from the kernel alone.
    [[nodiscard]] constexpr auto can_make() const -> bool { return bits != 0 || largest != 0; }
    /// Does the type ignore `size_bits`?
    [[nodiscard]] constexpr auto fixed() const -> bool { return largest == 0; }
};
[[nodiscard]] auto sizes(abi::ObjectType type) -> Sizes;

/// The first capability to an object of this kind at `address`, aligned to its size. Its memory is zero,
/// except for untyped memory and that of devices, which is not looked at.
[[nodiscard]] auto object(Kind kind, std::uint64_t address) -> Capability;

} // namespace kernel::create
