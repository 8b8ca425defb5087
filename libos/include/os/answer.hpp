// SPDX-License-Identifier: MIT
/// What it takes to make the answer to a call: the session's window, and a way to hand out capabilities.
#pragma once

#include "kernel/abi/message.hpp"
#include "os/failure.hpp"
#include "os/message.hpp"
#include "os/rpc.hpp"
#include "os/window.hpp"

#include <cstdint>
#include <expected>
#include <utility>

namespace os {

/// An object of a server, to be handed out as a capability. Calls of `Interface` with it carry `id` as
/// `Caller::object`; ids have 40 bits.
template <typename Interface>
struct Object {
    std::uint64_t id;
};

/// Makes the capabilities of objects. A server is one.
class ObjectGranter {
public:
    ObjectGranter() = default;
    ObjectGranter(ObjectGranter const&) = delete;
    auto operator=(ObjectGranter const&) -> ObjectGranter& = delete;

    /// A capability for `id`, an object of the interface with this hash, in this session. It stays until the
    /// next one is made. Errors: Unsupported, the server has no such objects; Busy, there is no slot for it.
    [[nodiscard]] auto grant(std::uint16_t session, std::uint32_t interface_hash, std::uint64_t id)
        -> std::expected<abi::CPtr, Transport>;

protected:
    ~ObjectGranter() = default;

    static constexpr std::size_t kMaxInterfaces = 16;

    /// By the interface index that badges carry; 0: none.
    std::array<std::uint32_t, kMaxInterfaces> hashes_{};

private:
    abi::CPtr slot_{abi::kNullCPtr}; ///< holds what the last answer carried
};

/// Where an answer goes.
struct AnswerTarget {
    Window window;
    std::uint16_t session;
    ObjectGranter* granter;

    /// The capability of an object that an answer hands out.
    template <typename Interface>
    [[nodiscard]] auto grant(Object<Interface> const& object) const -> std::expected<abi::CPtr, Transport> {
        return granter->grant(session, Interface::kHash, object.id);
    }
};

/// The answer that says why there is none.
[[nodiscard]] constexpr auto refusal(Transport status) -> Message {
    return Message{.tag = abi::MessageTag{std::to_underlying(status), 0}, .words = {}};
}

template <typename Error>
[[nodiscard]] constexpr auto refusal(Failure<Error> const& failure) -> Message {
    return Message{.tag = abi::MessageTag{failure.label(), 0}, .words = {}};
}

} // namespace os
