// SPDX-License-Identifier: MIT
/// The component's own memory: it makes kernel objects of the untyped block it was given, and builds its
/// address space itself.
#pragma once

#include "base/address.hpp"
#include "kernel/abi/error.hpp"
#include "kernel/abi/object.hpp"
#include "os/capability.hpp"
#include "os/notification.hpp"

#include "generated/object/cnode.hpp"
#include "generated/object/frame.hpp"
#include "generated/object/page_table.hpp"
#include "generated/object/reply.hpp"
#include "generated/object/sched_context.hpp"
#include "generated/object/tcb.hpp"
#include "generated/object/untyped.hpp"
#include "generated/object/vspace.hpp"

#include <cstddef>
#include <expected>
#include <span>

namespace os {

/// The kernel's name for what a wrapper invokes.
template <typename Object>
inline constexpr abi::ObjectType kObjectType = abi::ObjectType::Null;
template <>
inline constexpr abi::ObjectType kObjectType<object::Untyped> = abi::ObjectType::Untyped;
template <>
inline constexpr abi::ObjectType kObjectType<object::CNode> = abi::ObjectType::CNode;
template <>
inline constexpr abi::ObjectType kObjectType<object::Tcb> = abi::ObjectType::Tcb;
template <>
inline constexpr abi::ObjectType kObjectType<object::SchedContext> = abi::ObjectType::SchedContext;
template <>
inline constexpr abi::ObjectType kObjectType<object::Endpoint> = abi::ObjectType::Endpoint;
template <>
inline constexpr abi::ObjectType kObjectType<object::Notification> = abi::ObjectType::Notification;
template <>
inline constexpr abi::ObjectType kObjectType<object::Reply> = abi::ObjectType::Reply;
template <>
inline constexpr abi::ObjectType kObjectType<object::VSpace> = abi::ObjectType::VSpace;
template <>
inline constexpr abi::ObjectType kObjectType<object::PageTable> = abi::ObjectType::PageTable;
template <>
inline constexpr abi::ObjectType kObjectType<object::Frame> = abi::ObjectType::Frame;

/// Consecutive slots with new objects.
struct NewObjects {
    abi::CPtr first_slot;
    MemoryBlock block;
};

/// Makes `count` objects (at most abi::kMaxRetypeCount) in consecutive slots. `size_bits` as in
/// `Untyped.retype`. Errors: NotEnoughMemory, the component's memory is used up; RangeError, its slots are;
/// InvalidArgument.
[[nodiscard]] auto make_objects(abi::ObjectType type, unsigned size_bits, std::size_t count)
    -> std::expected<NewObjects, abi::Error>;

/// Makes one object. `size_bits` counts for Untyped and Frame (log2 of bytes) and CNode (log2 of slots).
template <typename Object>
[[nodiscard]] auto make_object(unsigned size_bits = 0) -> std::expected<Cap<Object>, abi::Error> {
    static_assert(kObjectType<Object> != abi::ObjectType::Null, "nothing that is made of memory");
    auto const made = make_objects(kObjectType<Object>, size_bits, 1);
    if (!made) {
        return std::unexpected(made.error());
    }
    return Cap<Object>{made->first_slot, made->block};
}

/// Adds 2^`size_bits` bytes to the memory of which the component makes its objects and pages, for good. The
/// untyped comes from someone who gives memory, such as a Memory port. Error: NotEnoughMemory, there are too
/// many blocks.
[[nodiscard]] auto add_memory(Cap<object::Untyped> memory, unsigned size_bits)
    -> std::expected<void, abi::Error>;

enum class Caching : std::uint8_t { Cached = 0, Uncached = 1 };

/// Maps a frame at `address`, with the page tables it takes. `rights` as in abi::rights. Errors: those of
/// `Frame.map` and of `make_objects`. `Frame.unmap`, or deleting the capability, undoes it.
[[nodiscard]] auto map_frame(object::Frame frame, base::VirtAddr address, std::uint8_t rights,
                             Caching caching = Caching::Cached) -> std::expected<void, abi::Error>;

/// Memory at addresses of its own: the frames, their mapping, and the addresses belong to this object.
class Mapping {
public:
    /// At most 1 MiB, rounded up to pages; zeroed, readable and writable, from the component's own memory.
    /// No page next to it is mapped by another Mapping.
    [[nodiscard]] static auto allocate(std::size_t size) -> std::expected<Mapping, abi::Error>;

    /// Maps a small frame that someone else has given.
    [[nodiscard]] static auto of(Cap<object::Frame> frame, std::uint8_t rights)
        -> std::expected<Mapping, abi::Error>;

    constexpr Mapping() = default;
    Mapping(Mapping const&) = delete;
    auto operator=(Mapping const&) -> Mapping& = delete;
    Mapping(Mapping&& other) noexcept;
    auto operator=(Mapping&& other) noexcept -> Mapping&;
    ~Mapping();

    [[nodiscard]] auto address() const -> base::VirtAddr { return address_; }
    [[nodiscard]] auto size() const -> std::size_t { return pages_ * base::kPageSize; }
    [[nodiscard]] auto bytes() const -> std::span<std::byte>;
    /// The frame of page `index`.
    [[nodiscard]] auto frame(std::size_t index) const -> object::Frame {
        return object::Frame{first_frame_ + index};
    }

private:
    Mapping(base::VirtAddr address, std::size_t pages, abi::CPtr first_frame, MemoryBlock block)
        : address_{address}, pages_{pages}, first_frame_{first_frame}, block_{block} {}

    [[nodiscard]] auto map_all(std::uint8_t rights) const -> std::expected<void, abi::Error>;
    void reset();

    base::VirtAddr address_{};
    std::size_t pages_{}; ///< 0: holds nothing
    abi::CPtr first_frame_{};
    MemoryBlock block_{};
};

/// How much the component has left.
struct MemoryLeft {
    std::size_t slots;
    std::size_t heap; ///< bytes up to the limit of the heap
};
[[nodiscard]] auto memory_left() -> MemoryLeft;

} // namespace os
