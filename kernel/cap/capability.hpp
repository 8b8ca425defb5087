// SPDX-License-Identifier: MIT
/// A capability: two words that name an object and say what their holder may do with it.
///
/// ```
///            63                                            12 11     6 5      0
///           +------------------------------------------------+--------+--------+
///  reference|             address of the object              | detail |  tag   |
///           +------------------------------------------------+--------+--------+
///  data     |        badge, guard, mapping, watermark: see the views           |
///           +------------------------------------------------------------------+
///
///  tag: 11rrrr endpoint with rights r    10rrrr notification with rights r    0ttttt anything else, of type
///  t
/// ```
/// Every object is aligned to 64 bytes. Frames, aligned to 4 KiB, keep their size and rights in `detail`.
/// What is not in memory (interrupt lines, cores) has its number in place of an address.
#pragma once

#include "kernel/abi/object.hpp"

#include <cstdint>

namespace kernel {

class Capability {
public:
    static constexpr unsigned kTagBits = 6;
    static constexpr std::uint64_t kTagMask = (1U << kTagBits) - 1;
    static constexpr std::uint64_t kEndpointTag = 0x30;
    static constexpr std::uint64_t kNotificationTag = 0x20;
    static constexpr std::uint64_t kClassMask = 0x30;
    static constexpr std::uint64_t kRightsMask = 0x0F;
    /// The tag of what is left of a CNode or TCB while it is taken apart. Not a type that user code sees.
    static constexpr std::uint64_t kZombieTag = 0x0F;

    constexpr Capability() = default;
    constexpr Capability(std::uint64_t reference, std::uint64_t data) : reference_{reference}, data_{data} {}

    /// A capability whose object is at `address`, or has this number shifted by `kTagBits`.
    [[nodiscard]] static constexpr auto of(abi::ObjectType type, std::uint64_t address,
                                           std::uint64_t data = 0) -> Capability {
        return {address | static_cast<std::uint64_t>(type), data};
    }
    [[nodiscard]] static constexpr auto endpoint(std::uint64_t address, std::uint64_t badge,
                                                 std::uint8_t rights) -> Capability {
        return {address | kEndpointTag | rights, badge};
    }
    [[nodiscard]] static constexpr auto notification(std::uint64_t address, std::uint64_t badge,
                                                     std::uint8_t rights) -> Capability {
        return {address | kNotificationTag | rights, badge};
    }

    [[nodiscard]] constexpr auto reference() const -> std::uint64_t { return reference_; }
    [[nodiscard]] constexpr auto data() const -> std::uint64_t { return data_; }
    [[nodiscard]] constexpr auto with_data(std::uint64_t data) const -> Capability {
        return {reference_, data};
    }

    [[nodiscard]] constexpr auto null() const -> bool { return reference_ == 0; }
    [[nodiscard]] constexpr auto is_endpoint() const -> bool {
        return (reference_ & kClassMask) == kEndpointTag;
    }
    [[nodiscard]] constexpr auto is_notification() const -> bool {
        return (reference_ & kClassMask) == kNotificationTag;
    }
    [[nodiscard]] constexpr auto is_zombie() const -> bool { return (reference_ & kTagMask) == kZombieTag; }
    /// Not for endpoints and notifications.
    [[nodiscard]] constexpr auto is(abi::ObjectType type) const -> bool {
        return (reference_ & kTagMask) == static_cast<std::uint64_t>(type);
    }
    /// The same for all types.
    [[nodiscard]] constexpr auto has_type(abi::ObjectType type) const -> bool {
        if (type == abi::ObjectType::Endpoint) {
            return is_endpoint();
        }
        return type == abi::ObjectType::Notification ? is_notification() : is(type);
    }
    /// What user code calls it. Zombies are null to user code.
    [[nodiscard]] constexpr auto type() const -> abi::ObjectType {
        if (is_endpoint()) {
            return abi::ObjectType::Endpoint;
        }
        if (is_notification()) {
            return abi::ObjectType::Notification;
        }
        return is_zombie() ? abi::ObjectType::Null : static_cast<abi::ObjectType>(reference_ & kTagMask);
    }

    /// Where the object is, or its number shifted by `kTagBits`.
    [[nodiscard]] constexpr auto address() const -> std::uint64_t { return reference_ & ~kTagMask; }
    [[nodiscard]] constexpr auto number() const -> std::uint64_t { return reference_ >> kTagBits; }

    /// Pre: the capability has the type of `Object`, which lives in memory and stays there while it is named.
    template <typename Object>
    [[nodiscard]] auto object() const -> Object& {
        // Kernel objects live in untyped memory; a capability is where their type is known.
        return *reinterpret_cast<Object*>(address());
    }

    /// Endpoints and notifications only.
    [[nodiscard]] constexpr auto badge() const -> std::uint64_t { return data_; }
    [[nodiscard]] constexpr auto ipc_rights() const -> std::uint8_t {
        return static_cast<std::uint8_t>(reference_ & kRightsMask);
    }
    [[nodiscard]] constexpr auto has_ipc_rights(std::uint8_t wanted) const -> bool {
        return (reference_ & wanted) == wanted;
    }

    friend constexpr auto operator==(Capability const&, Capability const&) -> bool = default;

private:
    std::uint64_t reference_{};
    std::uint64_t data_{};
};
static_assert(sizeof(Capability) == 16);

} // namespace kernel
