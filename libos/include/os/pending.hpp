// SPDX-License-Identifier: MIT
/// Calls that are answered later: `Pending` is the promise to do so, `DeferredCalls` keeps the callers.
#pragma once

#include "os/answer.hpp"
#include "os/capability.hpp"
#include "os/message.hpp"

#include "generated/object/reply.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace os {

/// The callers of one server that wait for an answer. Each is kept in a Reply object, which is made of the
/// component's own memory when it is first needed, and kept.
class DeferredCalls {
public:
    static constexpr std::size_t kCapacity = 32;

    /// Names a call. One that has been answered is of no further use.
    struct Ticket {
        std::uint16_t index;
    };

    /// Takes a place for the caller of the message that is being handled; nothing when all are taken.
    [[nodiscard]] auto begin() -> std::optional<Ticket>;

    /// Ends the handling of a message: its answer if it has one by now, otherwise its caller is kept. Nothing
    /// is to be sent then.
    [[nodiscard]] auto end(Ticket ticket) -> std::optional<Message>;

    /// Answers a call, now or, if its message is still being handled, at the end of that.
    void answer(Ticket ticket, Message const& message);

    /// Gives a call up without an answer; one whose message has been handled ends with `Error::Aborted`.
    void abandon(Ticket ticket);

private:
    /// Free -> Handled -> Free (answered or abandoned at once), or
    /// Free -> Handled -> Kept -> Free (answered later), or
    /// Free -> Handled -> Lost -> Free (its caller could not be kept, and was told `Busy`)
    enum class State : std::uint8_t { Free, Handled, Answered, Abandoned, Kept, Lost };

    struct Call {
        Cap<object::Reply> reply;
        State state{State::Free};
    };

    [[nodiscard]] static auto keep_caller(Call& call) -> bool;

    std::array<Call, kCapacity> calls_;
    Message answer_{}; ///< of the call in state Answered: there is at most one
};

/// The promise to answer a call of `Method`. Move-only; destroyed without an answer, it answers `Busy`. It
/// must not outlive the server.
template <typename Method>
class Pending {
public:
    using Answer = typename Method::Answer;

    Pending(DeferredCalls& calls, DeferredCalls::Ticket ticket, AnswerTarget const& target)
        : calls_{&calls}, ticket_{ticket}, target_{target} {}
    Pending(Pending const&) = delete;
    auto operator=(Pending const&) -> Pending& = delete;
    Pending(Pending&& other) noexcept
        : calls_{std::exchange(other.calls_, nullptr)}, ticket_{other.ticket_}, target_{other.target_} {}
    auto operator=(Pending&& other) noexcept -> Pending& {
        if (this != &other) {
            refuse(Transport::Busy);
            calls_ = std::exchange(other.calls_, nullptr);
            ticket_ = other.ticket_;
            target_ = other.target_;
        }
        return *this;
    }
    ~Pending() { refuse(Transport::Busy); }

    /// Answers the call. Once is enough: what follows does nothing.
    void answer(Answer const& result = {}) {
        if (calls_ != nullptr) {
            std::exchange(calls_, nullptr)->answer(ticket_, Method::encode(target_, result));
        }
    }

    /// Answers with a failure of the transport.
    void refuse(Transport status) {
        if (calls_ != nullptr) {
            std::exchange(calls_, nullptr)->answer(ticket_, refusal(status));
        }
    }

    /// Answers nobody: the caller is about to be deleted. Later than in the method itself, the caller's call
    /// ends as if the server had died.
    void abandon() {
        if (calls_ != nullptr) {
            std::exchange(calls_, nullptr)->abandon(ticket_);
        }
    }

    /// True until it has answered.
    [[nodiscard]] explicit operator bool() const { return calls_ != nullptr; }

private:
    DeferredCalls* calls_;
    DeferredCalls::Ticket ticket_;
    AnswerTarget target_;
};

} // namespace os
