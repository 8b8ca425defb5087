// SPDX-License-Identifier: MIT
#include "coverage.hpp"

#include "kernel/abi/error.hpp"
#include "kernel/abi/message.hpp"

namespace fuzz {
namespace {

using abi::MessageTag;
using abi::Syscall;

constexpr auto kFirst = static_cast<std::size_t>(Kind::FirstNamed);
constexpr std::array<std::string_view, kFirst> kPlain{"noise", "undefined", "trap"};
constexpr std::array<std::string_view, abi::kSyscallCount> kCalls{
    "Call", "ReplyRecv", "Send", "NBSend", "Recv", "NBRecv", "SendRecv", "Reply", "Yield"};

auto succeeded(Kind kind, Operation const& operation, Result const& result) -> bool {
    if (result.done == 0) {
        return false;
    }
    MessageTag const tag{result.tag};
    if (kind >= invocation_kind(0)) {
        return tag.has(MessageTag::kKernel) && tag.label() == static_cast<std::uint64_t>(abi::Error::None);
    }
    switch (static_cast<Syscall>(operation.kind)) {
    case Syscall::Call: return !tag.has(MessageTag::kKernel);
    case Syscall::NBRecv: return result.tag != 0;
    default: return true;
    }
}

} // namespace

auto Coverage::kinds() -> std::size_t { return kFirst + kCalls.size() + methods().size(); }

auto Coverage::name(std::size_t kind) -> std::string_view {
    if (kind < kFirst) {
        return kPlain[kind];
    }
    auto const call = kind - kFirst;
    return call < kCalls.size() ? kCalls[call] : methods()[call - kCalls.size()].name;
}

void Coverage::add(Kind kind, Operation const& operation, Result const& result) {
    auto& count = counts_[static_cast<std::size_t>(kind)];
    ++count.executed;
    if (succeeded(kind, operation, result)) {
        ++count.succeeded;
    }
    if (kind != Kind::Trap) {
        ++calls_;
    }
}

} // namespace fuzz
