// SPDX-License-Identifier: MIT
/// The parts of a server that are off the fast path: capabilities of objects, and callers that wait.
#include "os/server.hpp"

#include "kernel/abi/object.hpp"
#include "os/memory.hpp"
#include "os/slots.hpp"

#include "generated/object/cnode.hpp"

#include <utility>

namespace os {

auto ObjectGranter::grant(std::uint16_t session, std::uint32_t interface_hash, std::uint64_t id)
    -> std::expected<abi::CPtr, Transport> {
    std::size_t index = 0;
    while (index < kMaxInterfaces && hashes_[index] != interface_hash) {
        ++index;
    }
    if (index == kMaxInterfaces || id > badge::kObjectMask) {
        return std::unexpected(Transport::Unsupported);
    }
    if (slot_ == abi::kNullCPtr) {
        auto const slot = allocate_slot();
        if (!slot) {
            return std::unexpected(Transport::Busy);
        }
        slot_ = *slot;
    }
    delete_capability(slot_);
    constexpr auto kClientRights =
        static_cast<std::uint8_t>(abi::rights::kWrite | abi::rights::kGrant | abi::rights::kGrantReply);
    auto const badge = session | id << badge::kObjectShift | std::uint64_t{index} << badge::kInterfaceShift;
    auto const minted = object::CNode{slot::kCNode}.mint(kSlotDepth, kSlotDepth, kClientRights, slot_,
                                                         slot::kCNode, slot::kService, badge);
    if (!minted) {
        return std::unexpected(Transport::Busy);
    }
    return slot_;
}

auto Sessions::has_client(Session const& session) -> bool {
    // When a component is destroyed, its notification goes, with all capabilities to it.
    auto const found = object::CNode{slot::kCNode}.identify(kSlotDepth, session.event_notification);
    return found && found->type == std::to_underlying(abi::ObjectType::Notification);
}

auto DeferredCalls::begin() -> std::optional<Ticket> {
    for (std::uint16_t index = 0; index < kCapacity; ++index) {
        if (calls_[index].state == State::Free) {
            calls_[index].state = State::Handled;
            return Ticket{index};
        }
    }
    return std::nullopt;
}

auto DeferredCalls::end(Ticket ticket) -> std::optional<Message> {
    auto& call = calls_[ticket.index];
    switch (call.state) {
    case State::Answered: call.state = State::Free; return answer_;
    case State::Abandoned: call.state = State::Free; return std::nullopt;
    default: break;
    }
    if (keep_caller(call)) {
        call.state = State::Kept;
        return std::nullopt;
    }
    call.state = State::Lost;
    return refusal(Transport::Busy);
}

void DeferredCalls::answer(Ticket ticket, Message const& message) {
    auto& call = calls_[ticket.index];
    if (call.state == State::Handled) {
        answer_ = message;
        call.state = State::Answered;
        return;
    }
    if (call.state == State::Kept) {
        try_send(call.reply.slot(), message);
    }
    call.state = State::Free;
}

void DeferredCalls::abandon(Ticket ticket) {
    auto& call = calls_[ticket.index];
    if (call.state == State::Handled) {
        call.state = State::Abandoned;
        return;
    }
    // The only way to fail is that the caller is gone, which is what is wanted.
    if (call.state == State::Kept) {
        (void)call.reply->abort();
    }
    call.state = State::Free;
}

auto DeferredCalls::keep_caller(Call& call) -> bool {
    if (!call.reply) {
        auto made = make_object<object::Reply>();
        if (!made) {
            return false;
        }
        call.reply = std::move(*made);
    }
    return call.reply->save().has_value();
}

} // namespace os
