// SPDX-License-Identifier: MIT
/// Objects out of memory: their sizes, and how they begin.
#pragma once

#include "kernel/abi/object.hpp"
#include "kernel/cap/capability.hpp"

#include <cstdint>
#include <optional>

namespace kernel::create {

/// What is to be made, from checked numbers.
struct Kind {
    abi::ObjectType type;
    unsigned size_bits; ///< as `Untyped.retype` takes it
    bool device;

    /// log2 of the bytes each takes.
    [[nodiscard]] auto bits() const -> unsigned;
};

/// Can user code make objects of this type? Those that are not memory come from the kernel alone.
[[nodiscard]] auto can_make(abi::ObjectType type) -> bool;
/// The sizes that the type may have; first > last when it has the one it has.
struct SizeRange {
    unsigned smallest;
    unsigned largest;
};
[[nodiscard]] auto sizes(abi::ObjectType type) -> SizeRange;

/// The first capability to an object of this kind at `address`, aligned to its size. Its memory is zero,
/// except for untyped memory and that of devices, which is not looked at.
[[nodiscard]] auto object(Kind kind, std::uint64_t address) -> Capability;

} // namespace kernel::create
