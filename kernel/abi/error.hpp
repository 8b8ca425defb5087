// SPDX-License-Identifier: MIT
/// What the kernel answers when it refuses. A refusal leaves every object as it was.
#pragma once

#include <cstdint>

namespace abi {

/// Travels as the label of a reply that has `MessageTag::kKernel` set. Words 0 and 1 hold the details named
/// here, all other words are zero.
enum class Error : std::uint8_t {
    None = 0,
    InvalidArgument = 1, ///< word 0: index of the argument
    InvalidCapability =
        2, ///< the invoked capability (word 0 = 0) or argument number word 0 has the wrong type
    IllegalOperation = 3, ///< the object does not do this, or the capability lacks the right
    RangeError = 4,       ///< words 0, 1: smallest and largest value allowed
    AlignmentError = 5,
    FailedLookup =
        6, ///< word 0: 0 while looking up the source, 1 the destination; word 1: bits left, or level missing
    TruncatedMessage = 7, ///< fewer words than the invocation has
    DeleteFirst = 8,      ///< the destination is in use
    RevokeFirst = 9,      ///< the object has children, or is given out already
    NotEnoughMemory = 10, ///< word 0: bytes left in the untyped
    Aborted = 11, ///< the server was deleted, stopped by a fault, or received again, before it replied
};

} // namespace abi
