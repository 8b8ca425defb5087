// SPDX-License-Identifier: MIT
#include "generator.hpp"

#include "os/arch.hpp"
#include "worker.hpp"
#include "world.hpp"

namespace fuzz {
namespace {

using abi::MessageTag;
using abi::Syscall;

constexpr std::uint64_t kPage = 4096;

/// Labels that noise must not have: the machine would go off, or the report be spoilt.
auto forbidden(std::uint64_t label) -> bool {
    constexpr std::uint64_t kWrite = 0xE01;
    constexpr std::uint64_t kPowerOff = 0xE02;
    return label == kWrite || label == kPowerOff;
}

/// Puts a value where wire::put would: aligned to its size, after what is there.
class Packer {
public:
    void put(std::uint64_t value, std::size_t size) {
        at_ = (at_ + size - 1) / size * size;
        auto const word = at_ / 8;
        auto const shift = at_ % 8 * 8;
        auto const mask = size == 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << size * 8) - 1;
        if (word < words_.size()) {
            words_[word] |= (value & mask) << shift;
        }
        at_ += size;
    }
    [[nodiscard]] auto words() const -> abi::Words const& { return words_; }
    [[nodiscard]] auto length() const -> std::size_t { return (at_ + 7) / 8; }

private:
    abi::Words words_{};
    std::size_t at_{};
};

} // namespace

auto Generator::word() -> std::uint64_t {
    constexpr std::array<std::uint64_t, 10> kSpecial{
        0,
        1,
        ~std::uint64_t{0},
        std::uint64_t{1} << 63U,
        std::uint64_t{1} << 38U,
        (std::uint64_t{1} << 38U) - kPage,
        0xFFFF'FF80'0000'0000,
        kPage,
        World::kCodeAddress,
        World::kWindowAddress,
    };
    switch (random_.below(4)) {
    case 0: return random_.next();
    case 1: return random_.any_of(kSpecial);
    default: return random_.below(std::uint64_t{1} << Model::kRootRadix);
    }
}

auto Generator::loop() -> std::uint64_t {
    auto const offset = static_cast<std::uint64_t>(&worker_loops - &worker_begin);
    return World::kCodeAddress + offset + random_.below(worker::kLoops) * worker::kLoopSize;
}

auto Generator::address() -> std::uint64_t {
    constexpr std::uint64_t kPages = 16;
    constexpr std::uint64_t kLarge = std::uint64_t{1} << abi::kLargeFrameBits;
    switch (random_.below(4)) {
    case 0: return World::kWindowAddress + random_.below(8) * kLarge;
    case 1: return World::kWindowAddress + (random_.below(4) << abi::kHugeFrameBits);
    default: return World::kWindowAddress + random_.below(kPages) * kPage;
    }
}

auto Generator::object_size(ObjectType type) -> std::uint64_t {
    switch (type) {
    case ObjectType::Untyped: return 6 + random_.below(12);
    case ObjectType::CNode: return 1 + random_.below(6);
    case ObjectType::Frame:
        return random_.one_in(16) ? std::uint64_t{abi::kLargeFrameBits} : std::uint64_t{abi::kSmallFrameBits};
    default: return random_.below(2) * random_.below(32);
    }
}

auto Generator::place(Context const& context, Meaning meaning) -> std::uint64_t {
    auto const& [model, to, from, pivot, made, exact] = context;
    switch (meaning) {
    case Meaning::ToDepth: return to.depth;
    case Meaning::ToNode: return to.capability;
    case Meaning::ToEmpty: return to.index(Model::empty_slot(random_, to));
    case Meaning::ToFull: return to.index(Model::full_slot(random_, to));
    case Meaning::ToEndpoint: return to.index(Model::slot_with(random_, to, ObjectType::Endpoint));
    case Meaning::ToOffset: return Model::empty_slot(random_, to);
    case Meaning::FromDepth: return from.depth;
    case Meaning::FromNode: return from.capability;
    case Meaning::FromFull: return from.index(Model::full_slot(random_, from));
    case Meaning::PivotDepth: return pivot.depth;
    case Meaning::PivotNode: return pivot.capability;
    default: return pivot.index(Model::full_slot(random_, pivot));
    }
}

auto Generator::number(Meaning meaning) -> std::uint64_t {
    constexpr std::uint64_t kLines = 300;
    switch (meaning) {
    case Meaning::Zero: return 0;
    case Meaning::Small: return random_.below(32);
    case Meaning::Flag: return random_.below(2);
    case Meaning::Rights: return random_.one_in(2) ? 0xF : random_.below(16);
    case Meaning::Badge: return random_.one_in(2) ? 0 : random_.below(64);
    case Meaning::NoDepth: return random_.one_in(16) ? random_.below(65) : 0;
    case Meaning::Count: return 1 + random_.below(random_.one_in(8) ? 64 : 2);
    case Meaning::Address: return address();
    case Meaning::Offset: return random_.below(kPage + 1);
    case Meaning::Line: return random_.below(kLines);
    case Meaning::Priority: return random_.below(World::kHighest + 1);
    case Meaning::Budget: return 1 + random_.below(1U << 16U);
    case Meaning::Period: return random_.one_in(2) ? 0 : random_.below(1U << 18U);
    case Meaning::Time: return os::arch::counter() + random_.below(1U << 12U);
    case Meaning::FirstRegister: return random_.below(os::arch::reg::kCount);
    case Meaning::RegisterCount: return 1 + random_.below(7);
    case Meaning::ProgramCounter: return loop();
    case Meaning::Text: return '.';
    default: return word();
    }
}

auto Generator::argument(Context const& context, Parameter const& parameter) -> std::uint64_t {
    if (!context.exact && random_.one_in(24)) {
        return word();
    }
    switch (parameter.meaning) {
    case Meaning::Capability: return context.model.find(random_, parameter.type);
    case Meaning::Fault: return random_.one_in(2) ? 0 : context.model.find(random_, ObjectType::Endpoint);
    case Meaning::ObjectKind: return static_cast<std::uint64_t>(context.made);
    case Meaning::ObjectSize: return object_size(context.made);
    default: break;
    }
    auto const is_place = parameter.meaning >= Meaning::ToDepth && parameter.meaning <= Meaning::PivotFull;
    return is_place ? place(context, parameter.meaning) : number(parameter.meaning);
}

auto Generator::invocation(Model const& model) -> Made {
    auto index = random_.below(methods().size());
    while (!random_.one_in(methods()[index].rarity)) {
        index = random_.below(methods().size());
    }
    auto const& method = methods()[index];
    constexpr std::uint64_t kKinds = 11; // up to Frame
    Context const context{model,
                          model.node(random_),
                          model.node(random_),
                          model.node(random_),
                          static_cast<ObjectType>(random_.below(kKinds)),
                          method.type == ObjectType::DebugConsole};
    Packer packer;
    for (auto const& parameter : method.parameters) {
        if (parameter.meaning != Meaning::Nothing) {
            packer.put(argument(context, parameter), parameter.size);
        }
    }
    auto const to_node = method.parameters[0].meaning == Meaning::ToDepth && method.type == ObjectType::CNode;
    Operation operation{};
    operation.capability = to_node ? context.to.capability : model.find(random_, method.type);
    operation.words = packer.words();
    auto const length = random_.one_in(32) ? random_.below(16) : packer.length();
    operation.tag = MessageTag{method.label(), length}.raw();
    return {operation, invocation_kind(index)};
}

auto Generator::message(Model const& model) -> Made {
    constexpr std::array kCalls{Syscall::Call,     Syscall::Call,  Syscall::ReplyRecv, Syscall::Send,
                                Syscall::NBSend,   Syscall::Recv,  Syscall::NBRecv,    Syscall::NBRecv,
                                Syscall::SendRecv, Syscall::Reply, Syscall::Reply,     Syscall::Yield};
    constexpr std::array kTypes{ObjectType::Endpoint, ObjectType::Endpoint, ObjectType::Notification,
                                ObjectType::Reply};
    auto const call = random_.any_of(kCalls);
    auto const receives = call == Syscall::Recv || call == Syscall::NBRecv || call == Syscall::ReplyRecv;
    Operation operation{};
    auto const type = call == Syscall::Call           ? ObjectType::Endpoint
                      : receives && random_.one_in(2) ? ObjectType::Notification
                                                      : random_.any_of(kTypes);
    auto const meet = type == ObjectType::Endpoint && !random_.one_in(3);
    operation.capability = meet ? Model::kMeeting : model.find(random_, type);
    operation.second = random_.one_in(3) ? model.find(random_, ObjectType::Notification) : Model::kMeeting;
    for (auto& each : operation.words) {
        each = word();
    }
    // The answer to a fault lets the thread go on if its label is 0.
    auto const label = random_.one_in(2) ? 0 : random_.below(1U << 12U) | 1U << 12U;
    operation.tag = MessageTag{label, random_.below(9),
                               random_.one_in(3) ? std::uint64_t{MessageTag::kCapability} : random_.below(2)}
                        .raw();
    operation.kind = static_cast<std::uint64_t>(call);
    return {operation, message_kind(call)};
}

auto Generator::noise() -> Made {
    constexpr std::uint64_t kTypes = 16;
    constexpr std::uint64_t kMethods = 14;
    auto label =
        random_.below(4) == 0 ? random_.next() >> 12U : random_.below(kTypes) << 8U | random_.below(kMethods);
    if (forbidden(label)) {
        label = 0;
    }
    Operation operation{
        .capability = word(),
        .tag = MessageTag{label, random_.below(16), random_.one_in(4) ? random_.next() : 0}.raw(),
        .words = {},
        .second = word(),
        .kind = random_.one_in(2) ? 0 : random_.below(abi::kSyscallCount)};
    for (auto& each : operation.words) {
        each = word();
    }
    if (random_.one_in(4)) {
        operation.kind = kind::kUndefined + random_.below(worker::kUndefined + worker::kOther);
        return {operation,
                operation.kind < kind::kUndefined + worker::kUndefined ? Kind::Undefined : Kind::Trap};
    }
    return {operation, Kind::Noise};
}

auto Generator::make(Model const& model) -> Made {
    switch (random_.below(8)) {
    case 0: return noise();
    case 1:
    case 2: return message(model);
    default: return invocation(model);
    }
}

} // namespace fuzz
