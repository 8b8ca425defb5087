// SPDX-License-Identifier: MIT
#include "program.hpp"

#include "kernel/abi/message.hpp"

namespace differential {
namespace {

/// Reply.save.
constexpr std::uint64_t kSave = std::uint64_t{static_cast<std::uint8_t>(ObjectType::Reply)} << 8U | 1;

enum class Role : std::uint8_t { Client, Server, Mixed, Watcher };

/// Labels of invocations whose answers are the same on every kernel: not the physical address of a frame, nor
/// how much time has passed.
auto method(Random& random, CPtr slot) -> std::uint64_t {
    constexpr std::array<ObjectType, 9> kTypes{
        ObjectType::Reply,        ObjectType::Reply, ObjectType::CNode,  ObjectType::Untyped, ObjectType::Tcb,
        ObjectType::SchedContext, ObjectType::Null,  ObjectType::VSpace, ObjectType::Frame};
    constexpr std::uint64_t kMethods = 12;
    constexpr std::uint64_t kThird = 3; // SchedContext.consumed, Frame.info
    auto const type = static_cast<std::uint64_t>(kTypes[slot - toy::kReply]);
    auto const ordinal = random.below(kMethods);
    bool const differs = slot == toy::kContext || slot == toy::kFrame;
    return type << 8U | (differs && ordinal == kThird ? 1 : ordinal);
}

class Writer {
public:
    Writer(Random& random, Worker const& worker) : random_{random}, worker_{worker} {}

    auto calm_operation() -> Operation {
        if (random_.one_in(24)) {
            return any(random_.below(100));
        }
        if (random_.one_in(8)) {
            return message(Kind::FloatingPoint, 0);
        }
        if (worker_.is_client) {
            return message(Kind::Call,
                           toy::kEndpoint + random_.below(random_.one_in(4) ? 8 : worker_.served));
        }
        return message(Kind::ReplyRecv,
                       worker_.served + (random_.one_in(4) ? toy::kReadOnly : toy::kEndpoint));
    }

    auto operation(Role role, bool first) -> Operation {
        if (role == Role::Server && first) {
            return message(Kind::Recv, served());
        }
        auto const dice = random_.below(100);
        if (role == Role::Watcher && dice < 70) {
            // The same one: so several wait there.
            return message(dice < 40 ? Kind::Recv : Kind::Send, toy::kNotification);
        }
        if ((role == Role::Client || role == Role::Server) && dice < 78) {
            return role == Role::Client ? message(Kind::Call, called()) : message(Kind::ReplyRecv, served());
        }
        return any(random_.below(100));
    }

private:
    /// Mostly the same endpoints, so that threads meet.
    auto served() -> CPtr {
        return toy::kEndpoint + (random_.one_in(8) ? random_.below(12) : random_.below(2));
    }
    auto called() -> CPtr {
        return toy::kEndpoint + (random_.one_in(2) ? random_.below(12) : random_.below(2));
    }
    auto notification() -> CPtr { return toy::kNotification + random_.below(kNotifications); }
    auto anything() -> CPtr { return random_.below(toy::kCount); }

    auto word() -> std::uint64_t {
        switch (random_.below(4)) {
        case 0: return random_.next();
        case 1: return worker_.base + random_.below(toy::kCount);
        default: return random_.below(64);
        }
    }

    auto message(Kind kind, CPtr slot) -> Operation {
        Operation operation{};
        operation.kind = kind;
        operation.capability = worker_.base + slot;
        for (auto& each : operation.words) {
            each = word();
        }
        bool const carries = random_.one_in(8);
        auto const label = random_.one_in(2) ? 0 : random_.below(16);
        auto const flags =
            random_.one_in(16) ? random_.below(256) & ~std::uint64_t{abi::MessageTag::kCapability} : 0;
        operation.tag = abi::MessageTag{label, random_.below(9), flags | (carries ? 1U : 0U)}.raw();
        if (carries) {
            operation.words[7] = worker_.base + anything();
        }
        if (random_.one_in(8)) {
            // Lets a faulting thread go on behind what it did.
            operation.tag = abi::MessageTag{0, 1}.raw();
            operation.words[0] = World::after_address();
        }
        operation.second_capability = worker_.base + served();
        return operation;
    }

    auto invocation() -> Operation {
        auto const slot = toy::kReply + random_.below(9);
        auto operation = message(Kind::Call, slot);
        operation.tag = abi::MessageTag{method(random_, slot), random_.below(9)}.raw();
        if (slot == toy::kUntyped) {
            // type, size_bits, node_depth and count; then the CNode that holds the slots.
            operation.words = {random_.below(10) | random_.below(14) << 8U | std::uint64_t{1} << 24U,
                               worker_.base + toy::kNode, 0, toy::kMake + random_.below(8)};
        }
        return operation;
    }

    auto fault() -> Operation {
        constexpr auto kFirst = static_cast<std::uint64_t>(Kind::UnknownSystemCall);
        auto operation = message(static_cast<Kind>(kFirst + random_.below(kKinds - kFirst)), anything());
        if (random_.one_in(2)) {
            operation.words[0] = worker_.page_address + random_.below(512) * 8;
        }
        return operation;
    }

    auto any(std::uint64_t dice) -> Operation {
        if (dice < 20) {
            return message(Kind::Call, called());
        }
        if (dice < 36) {
            return message(Kind::ReplyRecv, served());
        }
        if (dice < 44) {
            return message(Kind::Recv, served());
        }
        if (dice < 50) {
            return message(Kind::Send, random_.one_in(4) ? anything() : called());
        }
        if (dice < 56) {
            return message(Kind::NBSend,
                           random_.one_in(4) ? toy::kReply + random_.below(kReplies) : called());
        }
        if (dice < 60) {
            return message(Kind::NBRecv, random_.one_in(4) ? notification() : served());
        }
        if (dice < 64) {
            return message(Kind::SendRecv,
                           random_.one_in(2) ? toy::kReply + random_.below(kReplies) : called());
        }
        if (dice < 68) {
            return message(Kind::Reply, 0);
        }
        if (dice < 76) {
            return message(Kind::Send, notification());
        }
        if (dice < 78) {
            return message(Kind::Recv, notification());
        }
        if (dice < 81) {
            return message(Kind::Yield, 0);
        }
        if (dice < 84) {
            return message(Kind::FloatingPoint, 0);
        }
        if (dice < 87) {
            auto operation = message(Kind::Call, toy::kReply + random_.below(kReplies));
            operation.tag = abi::MessageTag{kSave, 0}.raw();
            return operation;
        }
        if (dice < 92) {
            return invocation();
        }
        return dice < 97 ? fault() : message(static_cast<Kind>(random_.below(9)), anything());
    }

    Random& random_;
    Worker const& worker_;
};

} // namespace

void write_program(Random& random, Mood mood, Worker const& worker) {
    Writer writer{random, worker};
    constexpr std::array<Role, 5> kRoles{Role::Client, Role::Server, Role::Server, Role::Mixed,
                                         Role::Watcher};
    auto const role = random.any_of(kRoles);
    auto& page = *worker.page;
    page.index = 0;
    page.count = mood == Mood::Calm ? Page::kOperations : 1 + random.below(Page::kOperations);
    for (std::size_t index = 0; index < page.count; ++index) {
        page.operations[index] =
            mood == Mood::Calm ? writer.calm_operation() : writer.operation(role, index == 0);
    }
    page.results = {};
}

} // namespace differential
