// SPDX-License-Identifier: MIT
/// One message that a server is handling: what generated dispatchers stand on.
#pragma once

#include "os/capability.hpp"
#include "os/failure.hpp"
#include "os/pending.hpp"
#include "os/receive_slot.hpp"
#include "os/rpc.hpp"
#include "os/service.hpp"
#include "os/syscall.hpp"
#include "os/window.hpp"

#include <concepts>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace os {

/// Whose message it is. The kernel vouches for it: the numbers are those of the badge.
class Caller {
public:
    constexpr Caller(std::uint16_t session_index, std::uint64_t object_number, Sessions const& sessions)
        : session{session_index}, object{object_number}, sessions_{&sessions} {}

    std::uint16_t session; ///< index in the start-up page
    std::uint64_t object;  ///< the `os::Object` that was called; 0 for a port

    /// The name of the client in system.yaml.
    [[nodiscard]] auto client() const -> std::string_view { return sessions_->client(information()); }
    [[nodiscard]] auto information() const -> Session const& { return (*sessions_)[session]; }

private:
    Sessions const* sessions_;
};

namespace rpc {

template <typename T>
inline constexpr bool kIsExpected = false;
template <typename T, typename E>
inline constexpr bool kIsExpected<std::expected<T, E>> = true;

/// What a server's method returns becomes its answer: the result itself, or a `std::expected` with it and any
/// error that an `os::Failure` of the method can be made of.
template <typename Answer, typename Returned>
[[nodiscard]] constexpr auto to_answer(Returned&& returned) -> Answer {
    if constexpr (!kIsExpected<std::remove_cvref_t<Returned>>) {
        return Answer{std::in_place, std::forward<Returned>(returned)};
    } else {
        if (!returned) {
            return std::unexpected(typename Answer::error_type{returned.error()});
        }
        if constexpr (std::is_void_v<typename Answer::value_type>) {
            return {};
        } else {
            return Answer{std::in_place, *std::forward<Returned>(returned)};
        }
    }
}

template <typename Result, typename Error, typename Returned>
inline constexpr bool kAnswers = std::convertible_to<Returned, Result>;
template <typename Error>
inline constexpr bool kAnswers<void, Error, void> = true;
template <typename Result, typename Error, typename Value, typename Refusal>
inline constexpr bool kAnswers<Result, Error, std::expected<Value, Refusal>> =
    std::convertible_to<Value, Result> && std::convertible_to<Refusal, Error>;
template <typename Error, typename Refusal>
inline constexpr bool kAnswers<void, Error, std::expected<void, Refusal>> =
    std::convertible_to<Refusal, Error>;

} // namespace rpc

/// What a server's function for `Method` may return.
template <typename Returned, typename Method>
concept AnswerFor =
    rpc::kAnswers<typename Method::Answer::value_type, typename Method::Answer::error_type, Returned>;

class Incoming {
public:
    /// `deferred` keeps the callers that are answered later.
    Incoming(Received const& received, Caller caller, AnswerTarget const& target, DeferredCalls& deferred)
        : received_{received}, caller_{caller}, target_{target}, deferred_{deferred} {}

    [[nodiscard]] auto label() const -> std::uint64_t { return received_.message.tag.label(); }
    [[nodiscard]] auto is(abi::MessageTag tag) const -> bool { return received_.message.tag == tag; }
    [[nodiscard]] auto words() const -> abi::Words const& { return received_.message.words; }
    [[nodiscard]] auto caller() const -> Caller const& { return caller_; }
    [[nodiscard]] auto window() const -> Window const& { return target_.window; }

    /// The answer to a message that is not served. A capability that came with it is deleted.
    [[nodiscard]] auto refuse(Transport status) const -> Message {
        if (received_.message.tag.has(abi::MessageTag::kCapability)) {
            receive_slot::discard();
        }
        return refusal(status);
    }

    /// The answer to a label that is no method's. If the implementation has `forget(session)`, it is called
    /// for a client that begins anew.
    template <typename Implementation>
    [[nodiscard]] auto answer_other(Implementation& server) const -> Message {
        if constexpr (requires { server.forget(caller_.session); }) {
            if (is(abi::MessageTag{rpc::kForgetSession, 0}) && rpc::clean<>(words())) {
                server.forget(caller_.session);
                return Message{};
            }
        }
        return refuse(Transport::Unsupported);
    }

    /// Calls `method` and makes a message of what it returns.
    template <typename Method, typename Function>
    [[nodiscard]] auto answer(Function const& method) const -> Message {
        using Answer = typename Method::Answer;
        if constexpr (std::is_void_v<decltype(method())>) {
            method();
            return Method::encode(target_, Answer{});
        } else {
            return Method::encode(target_, rpc::to_answer<Answer>(method()));
        }
    }

    /// Calls `method` with a `Pending`, which answers now or later.
    template <typename Method, typename Function>
    [[nodiscard]] auto defer(Function const& method) const -> std::optional<Message> {
        auto const ticket = deferred_.begin();
        if (!ticket) {
            return refusal(Transport::Busy);
        }
        method(Pending<Method>{deferred_, *ticket, target_});
        return deferred_.end(*ticket);
    }

    /// Lets the sender of a one-way message go on, then calls `method`.
    template <typename Function>
    [[nodiscard]] auto run_detached(Function const& method) const -> std::optional<Message> {
        reply(Message{});
        method();
        return std::nullopt;
    }

private:
    Received const& received_;
    Caller caller_;
    AnswerTarget target_;
    DeferredCalls& deferred_;
};

} // namespace os
