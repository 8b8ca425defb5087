// SPDX-License-Identifier: MIT
/// A message: a tag and eight words, all in registers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace abi {

inline constexpr std::size_t kMessageWords = 8;
using Words = std::array<std::uint64_t, kMessageWords>;

/// Index of a capability in the caller's CSpace, resolved from its root CNode, most significant bits first.
using CPtr = std::uint64_t;
inline constexpr CPtr kNullCPtr = 0;

/// ```
///  63                                   12 11     8 7            0
/// +---------------------------------------+--------+--------------+
/// |                 label                 | length |    flags     |
/// +---------------------------------------+--------+--------------+
/// ```
/// `length` counts the words the sender means (0..8); the kernel carries all eight and does not look at it,
/// except that an invocation with fewer words than it takes is refused with `Error::TruncatedMessage`.
class MessageTag {
public:
    /// Sent: a capability is attached, its CPtr is in word 7.
    /// Received: one has arrived in the receive slot; word 7 is zero.
    static constexpr std::uint64_t kCapability = 1U << 0U;
    /// Received: the attached capability named the endpoint the message came through: word 7 is its badge.
    static constexpr std::uint64_t kUnwrapped = 1U << 1U;
    /// Received: this is a signal, the badge register holds the notification's word.
    static constexpr std::uint64_t kNotification = 1U << 2U;
    /// Received: the kernel sent this for a thread that faulted; the label is a `FaultKind`.
    static constexpr std::uint64_t kFault = 1U << 3U;
    /// Received: the kernel answered this call itself; the label is an `Error`.
    static constexpr std::uint64_t kKernel = 1U << 4U;

    /// What a user may set; the kernel clears everything else on the way.
    static constexpr std::uint64_t kSendableFlags = kCapability;

    constexpr MessageTag() = default;
    explicit constexpr MessageTag(std::uint64_t raw) : raw_{raw} {}
    constexpr MessageTag(std::uint64_t label, std::size_t length, std::uint64_t flags = 0)
        : raw_{(label << 12U) | ((length & 0xFU) << 8U) | (flags & 0xFFU)} {}

    [[nodiscard]] constexpr auto raw() const -> std::uint64_t { return raw_; }
    [[nodiscard]] constexpr auto label() const -> std::uint64_t { return raw_ >> 12U; }
    [[nodiscard]] constexpr auto length() const -> std::size_t { return (raw_ >> 8U) & 0xFU; }
    [[nodiscard]] constexpr auto flags() const -> std::uint64_t { return raw_ & 0xFFU; }
    [[nodiscard]] constexpr auto has(std::uint64_t flag) const -> bool { return (raw_ & flag) != 0; }

    friend constexpr auto operator==(MessageTag const&, MessageTag const&) -> bool = default;

private:
    std::uint64_t raw_{};
};

} // namespace abi
