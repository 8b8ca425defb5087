// SPDX-License-Identifier: MIT
/// The client's side of a session: what generated clients stand on.
#pragma once

#include "kernel/abi/error.hpp"
#include "os/capability.hpp"
#include "os/failure.hpp"
#include "os/notification.hpp"
#include "os/receive_slot.hpp"
#include "os/rpc.hpp"
#include "os/startup_info.hpp"
#include "os/syscall.hpp"
#include "os/window.hpp"

#include <cstdint>
#include <utility>

namespace os {

/// An endpoint that is badged for a session, and the session's window. One thread at a time uses a session.
struct Connection {
    abi::CPtr endpoint{abi::kNullCPtr};
    Window window{};
    std::uint64_t event_badge{};

    constexpr Connection() = default;
    constexpr Connection(abi::CPtr endpoint_capability, Window shared, std::uint64_t badge = 0)
        : endpoint{endpoint_capability}, window{shared}, event_badge{badge} {}
    explicit(false) Connection(UsedPort const& port)
        : endpoint{port.endpoint}, window{port.window}, event_badge{port.event_badge} {}

    /// Calls a method: `label` is its ordinal, `length` the number of words that count.
    [[nodiscard]] auto call(std::uint64_t label, std::size_t length, abi::Words const& words) const
        -> Message {
        return os::call(endpoint, Message{.tag = abi::MessageTag{label, length}, .words = words});
    }

    /// Calls a method with a capability.
    [[nodiscard]] auto call_with(abi::CPtr capability, std::uint64_t label, std::size_t length,
                                 abi::Words words) const -> Message {
        words[rpc::kCapabilityWord] = capability;
        return os::call(endpoint, Message{.tag = abi::MessageTag{label, length, abi::MessageTag::kCapability},
                                          .words = words});
    }

    /// The other end of a capability that this session's server has given: it shares the window.
    [[nodiscard]] auto opened(abi::CPtr capability) const -> Connection {
        return Connection{capability, window};
    }
};

/// A client of an interface that another one handed out, with the capability it stands on.
template <typename Client>
class Opened {
public:
    Opened(Cap<object::Endpoint> capability, Connection const& parent)
        : capability_{std::move(capability)}, client_{parent.opened(capability_.slot())} {}

    [[nodiscard]] auto operator*() const -> Client const& { return client_; }
    [[nodiscard]] auto operator->() const -> Client const* { return &client_; }

private:
    Cap<object::Endpoint> capability_;
    Client client_;
};

namespace rpc {

/// What the kernel's own answer to a call means.
[[nodiscard]] constexpr auto kernel_refusal(std::uint64_t label) -> Transport {
    switch (static_cast<abi::Error>(label)) {
    case abi::Error::Aborted:
    case abi::Error::InvalidCapability: return Transport::PeerDied;
    default: return Transport::Denied;
    }
}

/// Why an answer is not a success; a capability that came with it is deleted. Takes a copy, so that a good
/// answer never has to leave the registers for it.
template <typename Error>
[[nodiscard, gnu::cold, gnu::noinline]] auto
failure(Message reply) // NOLINT(performance-unnecessary-value-param)
    -> Failure<Error> {
    auto const label = reply.tag.label();
    if (reply.tag.has(abi::MessageTag::kKernel)) {
        return kernel_refusal(label);
    }
    if (reply.tag.has(abi::MessageTag::kCapability)) {
        receive_slot::discard();
        return Transport::BadReply;
    }
    if (reply.tag != abi::MessageTag{label, 0} || !clean<>(reply.words)) {
        return Transport::BadReply;
    }
    if (label >= std::to_underlying(Transport::BadRequest) && label <= std::to_underlying(Transport::Busy)) {
        return static_cast<Transport>(label);
    }
    if (label < kFirstError || label - kFirstError > 0xFF) {
        return Transport::BadReply;
    }
    auto const error = static_cast<Error>(label - kFirstError);
    return valid(error) ? Failure<Error>{error} : Failure<Error>{Transport::BadReply};
}

} // namespace rpc
} // namespace os
