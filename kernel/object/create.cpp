// SPDX-License-Identifier: MIT
#include "kernel/object/create.hpp"

#include "kernel/cap/views.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/object/vspace.hpp"

#include <array>

namespace kernel::create {

using abi::ObjectType;

namespace {

/// A level more of page tables.
constexpr std::uint8_t kLevelBits = arch::PageTableFormat::kIndexBits;
constexpr auto kTypes = static_cast<std::size_t>(ObjectType::DebugConsole) + 1;
constexpr std::array<Sizes, kTypes> kSizes = [] {
    std::array<Sizes, kTypes> sizes{};
    auto const set = [&](ObjectType type, Sizes entry) { sizes[static_cast<std::size_t>(type)] = entry; };
    auto const fixed = [&](ObjectType type, std::uint8_t bits) { set(type, {bits, 0, 0, 0}); };
    set(ObjectType::Untyped, {0, abi::kMinUntypedBits, abi::kMaxUntypedBits, 1});
    // The smallest CNode fills the alignment of objects.
    set(ObjectType::CNode,
        {abi::kSlotBits, abi::kMinUntypedBits - abi::kSlotBits, abi::kMaxUntypedBits - abi::kSlotBits, 1});
    set(ObjectType::Frame,
        {0, abi::kSmallFrameBits, abi::kHugeFrameBits, abi::kLargeFrameBits - abi::kSmallFrameBits});
    set(ObjectType::VSpace, {abi::kVSpaceBits, 0, kLevelBits, kLevelBits});
    fixed(ObjectType::Tcb, abi::kTcbBits);
    fixed(ObjectType::SchedContext, abi::kSchedContextBits);
    fixed(ObjectType::Endpoint, abi::kEndpointBits);
    fixed(ObjectType::Notification, abi::kNotificationBits);
    fixed(ObjectType::Reply, abi::kReplyBits);
    fixed(ObjectType::PageTable, abi::kPageTableBits);
    return sizes;
}();

} // namespace

auto sizes(ObjectType type) -> Sizes {
    auto const index = static_cast<std::size_t>(type);
    return index < kTypes ? kSizes[index] : Sizes{};
}

auto object(Kind kind, std::uint64_t address) -> Capability {
    // Objects are implicit-lifetime types whose first state is all zero.
    switch (kind.type) {
    case ObjectType::Untyped: return UntypedView::make(address, kind.size_bits, kind.device);
    case ObjectType::CNode: return CNodeView::make(address, kind.size_bits);
    case ObjectType::Frame:
        return FrameView::make(address, kind.size_bits, kind.device,
                               abi::rights::kRead | abi::rights::kWrite | abi::rights::kExecute);
    case ObjectType::Endpoint: return Capability::endpoint(address, 0, abi::rights::kAll);
    case ObjectType::Notification: return Capability::notification(address, 0, abi::rights::kAll);
    case ObjectType::Tcb: {
        auto const capability = Capability::of(kind.type, address);
        auto& flags = capability.object<Tcb>().registers.values[arch::Registers::kFlags];
        flags = arch::Registers::sanitized(arch::Registers::kFlags, 0);
        return capability;
    }
    case ObjectType::VSpace: {
        auto const capability = Capability::of(kind.type, address);
        vspace::create(capability.object<VSpace>(), kind.size_bits);
        return capability;
    }
    default: return Capability::of(kind.type, address);
    }
}

} // namespace kernel::create
