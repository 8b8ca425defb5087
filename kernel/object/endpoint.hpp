// SPDX-License-Identifier: MIT
/// Where threads meet to pass a message.
#pragma once

#include "kernel/abi/object.hpp"
#include "kernel/object/thread_queue.hpp"

#include <cstddef>
#include <cstdint>

namespace kernel {

/// Invariant: a receiver waits together with a sender only if that receiver has no scheduling context of its
/// own and the sender does not call: nobody would lend it the time to handle the message.
struct alignas(64) Endpoint {
    ThreadQueue callers; ///< threads that call, or whose faults are calls
    ThreadQueue senders; ///< threads that send and expect no answer
    ThreadQueue receivers;
};
static_assert(sizeof(Endpoint) == std::size_t{1} << abi::kEndpointBits);

} // namespace kernel
