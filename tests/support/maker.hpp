// SPDX-License-Identifier: MIT
/// Kernel objects for test programs that make many, use them for a while and revoke all: of one block of
/// memory, into slots one after the other.
#pragma once

#include "base/result.hpp"
#include "kernel/abi/object.hpp"
#include "os/memory.hpp"
#include "os/slots.hpp"
#include "os/startup_info.hpp"

#include "generated/object/cnode.hpp"
#include "generated/object/frame.hpp"
#include "generated/object/page_table.hpp"
#include "generated/object/untyped.hpp"

#include <cstddef>
#include <cstring>
#include <expected>
#include <span>
#include <utility>

namespace tests {

class Maker {
public:
    using Slot = std::expected<abi::CPtr, abi::Error>;

    /// Takes the block of 2^`arena_bits` bytes, and so many slots. To be called once, before the rest.
    [[nodiscard]] auto set_up(unsigned arena_bits, std::size_t slots) -> std::expected<void, abi::Error> {
        arena_ = TRY(os::make_object<os::object::Untyped>(arena_bits)).release();
        first_ = next_ = TRY(os::allocate_slot(slots));
        return {};
    }

    [[nodiscard]] auto make(abi::ObjectType type, unsigned size_bits = 0) -> Slot {
        abi::CPtr const slot = next_++;
        TRY(arena().retype(std::to_underlying(type), static_cast<std::uint8_t>(size_bits), 0, 1,
                           os::slot::kCNode, 0, slot));
        return slot;
    }
    /// A copy of what is in a slot of the component, with a badge or fewer rights.
    [[nodiscard]] auto mint(abi::CPtr source, std::uint64_t badge, std::uint8_t rights = abi::rights::kAll)
        -> Slot {
        abi::CPtr const slot = next_++;
        TRY(kOwnNode.mint(os::kSlotDepth, os::kSlotDepth, rights, slot, os::slot::kCNode, source, badge));
        return slot;
    }
    /// Maps a copy of a frame, with the page tables that takes. The slot of the copy.
    [[nodiscard]] auto map(abi::CPtr frame, abi::CPtr space, std::uint64_t address, std::uint8_t rights)
        -> Slot {
        abi::CPtr const copy = TRY(mint(frame, 0));
        while (true) {
            auto const mapped = os::object::Frame{copy}.map(rights, 0, space, address);
            if (mapped) {
                return copy;
            }
            if (mapped.error() != abi::Error::FailedLookup) {
                return std::unexpected(mapped.error());
            }
            TRY(os::object::PageTable{TRY(make(abi::ObjectType::PageTable))}.map(space, address));
        }
    }

    [[nodiscard]] auto arena() const -> os::object::Untyped { return os::object::Untyped{arena_}; }
    [[nodiscard]] auto first_slot() const -> abi::CPtr { return first_; }
    /// The slots before this one have been used.
    [[nodiscard]] auto next_slot() const -> abi::CPtr { return next_; }
    /// Begins with the first slot again. The caller has emptied all and revoked the arena.
    void begin_again() { next_ = first_; }

private:
    static constexpr os::object::CNode kOwnNode{os::slot::kCNode};

    abi::CPtr arena_{};
    abi::CPtr first_{};
    abi::CPtr next_{};
};

/// A frame with a copy of this code, of a page at most, that is not of any arena.
[[nodiscard]] inline auto frame_with_code(std::span<std::byte const> code) -> Maker::Slot {
    constexpr std::uint64_t kPageSize = 4096;
    auto page = TRY(os::Mapping::allocate(kPageSize));
    std::memcpy(page.bytes().data(), code.data(), code.size());
    TRY(page.frame(0).unify(0, kPageSize));
    // A copy that stays when the mapping goes.
    abi::CPtr const slot = TRY(os::allocate_slot());
    TRY(os::object::CNode{os::slot::kCNode}.copy(os::kSlotDepth, os::kSlotDepth, abi::rights::kAll, slot,
                                                 os::slot::kCNode, page.frame(0).capability()));
    return slot;
}

} // namespace tests
