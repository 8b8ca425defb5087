// SPDX-License-Identifier: MIT
/// A place to keep a caller until it is answered.
#pragma once

#include "kernel/abi/object.hpp"

#include <cstddef>
#include <cstdint>

namespace kernel {

struct Tcb;

/// Invariant: `caller->reply == this` and it waits for a reply, when there is one.
struct alignas(64) Reply {
    Tcb* caller;
    bool may_grant; ///< whether the answer may carry a capability
};
static_assert(sizeof(Reply) == std::size_t{1} << abi::kReplyBits);

} // namespace kernel
