// SPDX-License-Identifier: MIT
#include "kernel/ipc/transfer.hpp"

#include "kernel/ipc/fault.hpp"
#include "kernel/ipc/message.hpp"
#include "kernel/object/cspace.hpp"
#include "kernel/object/derive.hpp"

namespace kernel {
namespace {

constexpr std::size_t kCapabilityWord = 7;

/// What came of the attached capability: the flag the receiver sees, and its word 7.
struct Arrival {
    std::uint64_t flag;
    std::uint64_t word;
};

auto receive_slot(Tcb const& receiver) -> Slot* {
    if (receiver.receive_root == abi::kNullCPtr) {
        return nullptr;
    }
    auto* const root = cspace::lookup(receiver.cspace(), receiver.receive_root);
    if (root == nullptr) {
        return nullptr;
    }
    auto* const slot =
        cspace::resolve(root->capability(), receiver.receive_index, receiver.receive_depth).value_or(nullptr);
    return slot != nullptr && slot->empty() ? slot : nullptr;
}

auto transfer_capability(Tcb& sender, Tcb& receiver, Endpoint const* through) -> Arrival {
    auto* const source = cspace::lookup(sender.cspace(), message::word(sender, kCapabilityWord));
    if (source == nullptr || source->empty()) {
        return {};
    }
    auto const capability = source->capability();
    if (through != nullptr && capability.is_endpoint() && &capability.object<Endpoint>() == through) {
        return {abi::MessageTag::kUnwrapped, capability.badge()};
    }
    auto* const destination = receive_slot(receiver);
    if (destination == nullptr) {
        return {};
    }
    auto const copy = derive::copy_of(*source, abi::rights::kAll);
    if (!copy) {
        return {};
    }
    derive::insert_copy(*source, *destination, *copy);
    return {abi::MessageTag::kCapability, 0};
}

} // namespace

void deliver(Tcb& sender, Tcb& receiver, std::uint64_t badge, Grant grant, Endpoint const* through) {
    if (sender.has_fault()) [[unlikely]] {
        deliver_fault(sender, receiver, badge);
        return;
    }
    auto const tag = message::tag(sender);
    auto received = abi::MessageTag{tag.raw() & ~std::uint64_t{0xFF}};
    message::set_words(receiver, message::words(sender));
    if (tag.has(abi::MessageTag::kCapability)) [[unlikely]] {
        auto const arrival = grant == Grant::Yes ? transfer_capability(sender, receiver, through) : Arrival{};
        received = abi::MessageTag{received.raw() | arrival.flag};
        message::set_word(receiver, kCapabilityWord, arrival.word);
    }
    message::set_header(receiver, badge, received);
}

} // namespace kernel
