// SPDX-License-Identifier: MIT
/// A message as user code holds it: what travels in the registers of a system call.
#pragma once

#include "kernel/abi/message.hpp"

#include <cstdint>

namespace os {

struct Message {
    abi::MessageTag tag{};
    abi::Words words{};
};

/// A message with the badge of the capability it was sent through.
struct Received {
    std::uint64_t badge{};
    Message message{};
};

} // namespace os
