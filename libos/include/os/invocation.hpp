// SPDX-License-Identifier: MIT
/// What the generated wrappers of kernel objects stand on: an invocation is a call that the kernel answers.
#pragma once

#include "kernel/abi/error.hpp"
#include "kernel/abi/message.hpp"
#include "os/syscall.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>

namespace os {

/// Invokes the object that `capability` names. `label` is its type and the method, `count` words are meant.
[[nodiscard]] inline auto invoke(abi::CPtr capability, std::uint64_t label, std::size_t count,
                                 abi::Words const& words) -> Message {
    return call(capability, Message{.tag = abi::MessageTag{label, count}, .words = words});
}

/// Why an invocation was refused; `Error::None` when it was not. An answer that does not come from the kernel
/// means that the capability is that of an endpoint.
[[nodiscard]] constexpr auto refusal(Message const& reply) -> abi::Error {
    if (!reply.tag.has(abi::MessageTag::kKernel)) [[unlikely]] {
        return abi::Error::InvalidCapability;
    }
    return static_cast<abi::Error>(reply.tag.label());
}

/// The answer of an invocation without results.
[[nodiscard]] constexpr auto succeeded(Message const& reply) -> std::expected<void, abi::Error> {
    if (auto const error = refusal(reply); error != abi::Error::None) [[unlikely]] {
        return std::unexpected(error);
    }
    return {};
}

} // namespace os
