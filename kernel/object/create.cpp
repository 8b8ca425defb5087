// SPDX-License-Identifier: MIT
#include "kernel/object/create.hpp"

#include "kernel/cap/views.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/object/vspace.hpp"

namespace kernel::create {

using abi::ObjectType;

auto Kind::bits() const -> unsigned {
    switch (type) {
    case ObjectType::CNode: return size_bits + abi::kSlotBits;
    case ObjectType::Tcb: return abi::kTcbBits;
    case ObjectType::SchedContext: return abi::kSchedContextBits;
    case ObjectType::Endpoint: return abi::kEndpointBits;
    case ObjectType::Notification: return abi::kNotificationBits;
    case ObjectType::Reply: return abi::kReplyBits;
    case ObjectType::VSpace: return abi::kVSpaceBits;
    case ObjectType::PageTable: return abi::kPageTableBits;
    default: return size_bits;
    }
}

auto can_make(ObjectType type) -> bool { return type >= ObjectType::Untyped && type <= ObjectType::Frame; }

auto sizes(ObjectType type) -> SizeRange {
    switch (type) {
    case ObjectType::Untyped: return {abi::kMinUntypedBits, abi::kMaxUntypedBits};
    // A guard bit and a slot bit at least; the smallest one fills the alignment of objects.
    case ObjectType::CNode:
        return {abi::kMinUntypedBits - abi::kSlotBits, abi::kMaxUntypedBits - abi::kSlotBits};
    case ObjectType::Frame: return {abi::kSmallFrameBits, abi::kHugeFrameBits};
    default: return {1, 0};
    }
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
        vspace::create(capability.object<VSpace>());
        return capability;
    }
    default: return Capability::of(kind.type, address);
    }
}

} // namespace kernel::create
