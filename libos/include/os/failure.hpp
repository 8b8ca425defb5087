// SPDX-License-Identifier: MIT
/// Why a call to a service failed: on the way, or because the service says so.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace os {

/// What can go wrong with any call. The first four are sent by servers, as label of the answer.
enum class Transport : std::uint8_t {
    BadRequest = 1,  ///< the message is malformed
    Unsupported = 2, ///< the server has no such method
    Denied = 3,      ///< the client may not do this
    Busy = 4,        ///< the server has no room for this call, or gave it up
    PeerDied = 16,   ///< the server is gone, or went before it answered
    TooLong = 17,    ///< an argument is longer than the interface allows; nothing was sent
    BadReply = 18,   ///< the answer is malformed
    NoSlot = 19,     ///< the client has no slot for the capability in the answer; nothing was sent
};

[[nodiscard]] constexpr auto name(Transport status) -> std::string_view {
    switch (status) {
    case Transport::BadRequest: return "bad request";
    case Transport::Unsupported: return "unsupported";
    case Transport::Denied: return "denied";
    case Transport::Busy: return "busy";
    case Transport::PeerDied: return "peer died";
    case Transport::TooLong: return "too long";
    case Transport::BadReply: return "bad reply";
    case Transport::NoSlot: return "no slot";
    }
    return "unknown";
}

/// The errors of a method that declares none.
enum class NoError : std::uint8_t {};

[[nodiscard]] constexpr auto valid(NoError /*error*/) -> bool { return false; }
[[nodiscard]] constexpr auto name(NoError /*error*/) -> std::string_view { return "none"; }

/// Labels of answers: 0 success, below `kFirstError` a `Transport`, from there on declared errors.
inline constexpr std::uint64_t kFirstError = 64;

/// A `Transport` or an error that the interface declares.
template <typename Error = NoError>
class Failure {
    static_assert(std::is_same_v<std::underlying_type_t<Error>, std::uint8_t>);

public:
    constexpr explicit(false) Failure(Transport status) : label_{std::to_underlying(status)} {}
    constexpr explicit(false) Failure(Error error)
        : label_{static_cast<std::uint16_t>(kFirstError + std::to_underlying(error))} {}
    /// A failure of a method without errors is one of any other.
    template <std::same_as<NoError> Other>
        requires(!std::is_same_v<Error, Other>)
    constexpr explicit(false) Failure(Failure<Other> const& other)
        : label_{static_cast<std::uint16_t>(other.label())} {}

    /// The declared error, if it is one.
    [[nodiscard]] constexpr auto error() const -> std::optional<Error> {
        if (label_ < kFirstError) {
            return std::nullopt;
        }
        return static_cast<Error>(label_ - kFirstError);
    }
    /// What went wrong on the way, if that is it.
    [[nodiscard]] constexpr auto transport() const -> std::optional<Transport> {
        if (label_ >= kFirstError) {
            return std::nullopt;
        }
        return static_cast<Transport>(label_);
    }
    /// For messages to people.
    [[nodiscard]] constexpr auto text() const -> std::string_view {
        if (auto const declared = error()) {
            return name(*declared);
        }
        return name(static_cast<Transport>(label_));
    }
    /// As it is in the tag of an answer.
    [[nodiscard]] constexpr auto label() const -> std::uint64_t { return label_; }

    friend constexpr auto operator==(Failure const&, Failure const&) -> bool = default;
    friend constexpr auto operator==(Failure const& failure, Error error) -> bool {
        return failure == Failure{error};
    }
    friend constexpr auto operator==(Failure const& failure, Transport status) -> bool {
        return failure == Failure{status};
    }

private:
    std::uint16_t label_;
};

} // namespace os
