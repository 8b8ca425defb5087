// SPDX-License-Identifier: MIT
/// Moves a message from one thread to another: words, and a capability if there is one.
#pragma once

#include "kernel/object/endpoint.hpp"
#include "kernel/object/tcb.hpp"

#include <cstdint>

namespace kernel {

enum class Grant : bool { No, Yes };

/// Puts what `sender` sends into the registers of `receiver`, with `badge`. A capability that may not be
/// sent, or has nowhere to go, is left out; the message arrives all the same. `through` is the endpoint, null
/// for answers.
void deliver(Tcb& sender, Tcb& receiver, std::uint64_t badge, Grant grant, Endpoint const* through);

} // namespace kernel
