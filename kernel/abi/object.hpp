// SPDX-License-Identifier: MIT
/// Kernel objects as user code names them: types, sizes, rights.
#pragma once

#include <cstdint>

namespace abi {

/// The type of the object a capability names. The numbers are part of every invocation label:
/// label = type << 8 | ordinal of the method in `idl/kernel/`.
enum class ObjectType : std::uint8_t {
    Null = 0,
    Untyped = 1,
    CNode = 2,
    Tcb = 3,
    SchedContext = 4,
    Endpoint = 5,
    Notification = 6,
    Reply = 7,
    VSpace = 8,
    PageTable = 9,
    Frame = 10,
    IrqControl = 11,
    IrqHandler = 12,
    CoreControl = 13,
    DebugConsole = 14,
};

/// log2 of the size in bytes of the objects whose size is fixed. Untyped, CNode and Frame take theirs from
/// the `size_bits` of `Untyped.retype`: bytes, slots and bytes, each as log2.
inline constexpr unsigned kSlotBits = 5;
inline constexpr unsigned kTcbBits = 11;
inline constexpr unsigned kSchedContextBits = 7;
inline constexpr unsigned kEndpointBits = 6;
inline constexpr unsigned kNotificationBits = 6;
inline constexpr unsigned kReplyBits = 6;
inline constexpr unsigned kVSpaceBits = 12;
inline constexpr unsigned kPageTableBits = 12;

inline constexpr unsigned kSmallFrameBits = 12;
inline constexpr unsigned kLargeFrameBits = 21;
inline constexpr unsigned kHugeFrameBits = 30;

inline constexpr unsigned kMinUntypedBits = 6;
inline constexpr unsigned kMaxUntypedBits = 40;
inline constexpr unsigned kMaxRetypeCount = 256;
inline constexpr unsigned kMaxPriority = 255;

/// User addresses end here, unless the address space was made larger: 256 GiB, what one half of Sv39 spans.
inline constexpr unsigned kUserAddressBits = 38;

/// Rights of a capability, a bit set. What a bit allows depends on the type:
/// endpoints: receive, send, attach capabilities, call. Notifications: wait, signal. Frames: read, write,
/// execute. Other types ignore them unless their invocation says so.
namespace rights {
inline constexpr std::uint8_t kRead = 1U << 0U;
inline constexpr std::uint8_t kWrite = 1U << 1U;
inline constexpr std::uint8_t kGrant = 1U << 2U;
inline constexpr std::uint8_t kGrantReply = 1U << 3U;
inline constexpr std::uint8_t kExecute = 1U << 2U;
inline constexpr std::uint8_t kAll = 0xF;
} // namespace rights

} // namespace abi
