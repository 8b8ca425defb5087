// SPDX-License-Identifier: MIT
/// `Cap<Object>`: owns a slot and the capability in it.
#pragma once

#include "kernel/abi/object.hpp"
#include "os/slots.hpp"

#include <utility>

namespace os {

/// The block of the component's own memory that an object was made in; 0: it was made elsewhere.
using MemoryBlock = std::uint16_t;

/// Tells the component's memory that `count` objects of a block are gone. `Cap` and `Mapping` call it.
void release_memory(MemoryBlock block, std::size_t count = 1);

/// Move-only. `Object` is a wrapper of kernel invocations, `os::object::...`, constructed from a CPtr. When
/// the owner goes, the capability is deleted (with it, if it was the last, the object) and the slot is free.
template <typename Object>
class Cap {
    struct Arrow {
        Object object;
        constexpr auto operator->() const -> Object const* { return &object; }
    };

public:
    /// Owns nothing.
    constexpr Cap() = default;
    /// Takes over a slot from `allocate_slot`, and the capability in it.
    explicit constexpr Cap(abi::CPtr slot, MemoryBlock block = 0) : slot_{slot}, block_{block} {}

    Cap(Cap const&) = delete;
    auto operator=(Cap const&) -> Cap& = delete;
    Cap(Cap&& other) noexcept
        : slot_{std::exchange(other.slot_, abi::kNullCPtr)},
          block_{std::exchange(other.block_, MemoryBlock{0})} {}
    auto operator=(Cap&& other) noexcept -> Cap& {
        if (this != &other) {
            reset();
            slot_ = std::exchange(other.slot_, abi::kNullCPtr);
            block_ = std::exchange(other.block_, MemoryBlock{0});
        }
        return *this;
    }
    ~Cap() { reset(); }

    [[nodiscard]] auto slot() const -> abi::CPtr { return slot_; }
    [[nodiscard]] auto block() const -> MemoryBlock { return block_; }
    [[nodiscard]] explicit operator bool() const { return slot_ != abi::kNullCPtr; }

    /// The object, to invoke it. Pre: owns one.
    [[nodiscard]] auto operator*() const -> Object { return Object{slot_}; }
    [[nodiscard]] auto operator->() const -> Arrow { return Arrow{Object{slot_}}; }

    /// Deletes the capability now.
    void reset() {
        if (slot_ == abi::kNullCPtr) {
            return;
        }
        delete_capability(slot_);
        free_slot(slot_);
        if (block_ != 0) {
            release_memory(block_);
        }
        slot_ = abi::kNullCPtr;
        block_ = 0;
    }

    /// Gives up ownership: the slot is now the caller's affair, and the memory stays in use.
    [[nodiscard]] auto release() -> abi::CPtr {
        block_ = 0;
        return std::exchange(slot_, abi::kNullCPtr);
    }

private:
    abi::CPtr slot_{abi::kNullCPtr};
    MemoryBlock block_{};
};

} // namespace os
