// SPDX-License-Identifier: MIT
/// Untyped.retype: sizes, room, reuse, zeroes.
#include "rig.hpp"
#include "tests.hpp"

#include "base/wire.hpp"
#include "os/syscall.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace suite {

namespace {

auto retype(CPtr untyped, ObjectType type, unsigned size_bits, CPtr slot, unsigned count = 1) -> Error {
    return refusal(object::Untyped{untyped}.retype(static_cast<std::uint8_t>(type),
                                                   static_cast<std::uint8_t>(size_bits), 0,
                                                   static_cast<std::uint16_t>(count), kRoot, 0, slot));
}

auto arguments_are_checked(Rig& rig) -> Outcome {
    CPtr const small = TRY(rig.make(ObjectType::Untyped, 14));
    CPtr const slot = rig.slot();
    REQUIRE(retype(small, ObjectType::Null, 0, slot) == Error::InvalidArgument);
    REQUIRE(retype(small, ObjectType::IrqControl, 0, slot) == Error::InvalidArgument);
    REQUIRE(retype(small, static_cast<ObjectType>(200), 0, slot) == Error::InvalidArgument);
    REQUIRE(retype(small, ObjectType::Untyped, 3, slot) == Error::RangeError);
    REQUIRE(retype(small, ObjectType::Untyped, 64, slot) == Error::RangeError);
    REQUIRE(retype(small, ObjectType::CNode, 64, slot) == Error::RangeError);
    REQUIRE(retype(small, ObjectType::Frame, 13, slot) != Error::None);
    REQUIRE(retype(small, ObjectType::Endpoint, 0, slot, 0) == Error::RangeError);
    REQUIRE(retype(small, ObjectType::Endpoint, 0, slot, abi::kMaxRetypeCount + 1) == Error::RangeError);
    REQUIRE(retype(small, ObjectType::Endpoint, 0, 1ULL << 40U) == Error::RangeError);
    REQUIRE(retype(small, ObjectType::Frame, 21, slot) == Error::NotEnoughMemory);
    REQUIRE(rig.type_in(slot) == ObjectType::Null);
    return {};
}

/// The whole refusal, with its details.
auto refused_retype(CPtr untyped, unsigned count, CPtr slot, CPtr root = kRoot) -> os::Message {
    constexpr std::uint64_t kRetype = 0x101;
    os::Message sent{.tag = abi::MessageTag{kRetype, 4}};
    base::wire::put<0>(sent.words, static_cast<std::uint8_t>(ObjectType::Endpoint));
    base::wire::put<4>(sent.words, static_cast<std::uint16_t>(count));
    base::wire::put<8>(sent.words, root);
    base::wire::put<24>(sent.words, slot);
    return os::call(untyped, sent);
}

auto is_range(os::Message const& answer, std::uint64_t smallest, std::uint64_t largest) -> bool {
    return kernel_error(answer) == Error::RangeError && answer.words[0] == smallest &&
           answer.words[1] == largest;
}

auto a_node_is_filled_and_emptied(Rig& rig) -> Outcome {
    constexpr unsigned kSlots = 16;
    CPtr const block = TRY(rig.make(ObjectType::Untyped, 12));
    CPtr const node = TRY(rig.make(ObjectType::CNode, 4));
    CPtr const root = TRY(rig.mint(node, 60)); // with a guard, so that it can be looked into
    object::CNode const inside{root};
    REQUIRE(is_range(refused_retype(block, 0, 0, node), 1, abi::kMaxRetypeCount));
    REQUIRE(is_range(refused_retype(block, 0xFFFF, 0, node), 1, abi::kMaxRetypeCount));
    REQUIRE(is_range(refused_retype(block, 1, kSlots, node), 0, kSlots - 1));
    REQUIRE(is_range(refused_retype(block, kSlots + 1, 0, node), 1, kSlots));
    REQUIRE(is_range(refused_retype(block, 3, kSlots - 2, node), 1, 2));
    for (int round = 0; round < 3; ++round) {
        for (unsigned first = 0; first < kSlots; first += 4) {
            REQUIRE(kernel_error(refused_retype(block, 4, first, node)) == Error::None);
        }
        // Each window that touches one of them is full.
        for (unsigned first = 0; first < kSlots; ++first) {
            REQUIRE(kernel_error(refused_retype(block, 1, first, node)) == Error::DeleteFirst);
        }
        for (unsigned slot = 0; slot < kSlots; ++slot) {
            auto const found = TRY(must(inside.identify(kDepth, slot)));
            REQUIRE(found.type == static_cast<std::uint8_t>(ObjectType::Endpoint));
            TRY(must(inside.delete_(kDepth, slot)));
        }
    }
    return {};
}

auto nothing_is_larger_than_its_untyped(Rig& rig) -> Outcome {
    for (unsigned bits = 12; bits <= 14; ++bits) {
        CPtr const small = TRY(rig.make(ObjectType::Untyped, bits));
        CPtr const slot = rig.slot();
        for (unsigned size = bits + 1; size <= abi::kMaxUntypedBits; ++size) {
            REQUIRE(retype(small, ObjectType::Untyped, size, slot) == Error::NotEnoughMemory);
        }
        constexpr unsigned kMaxRadix = 20;
        for (unsigned size = bits + 1; size <= kMaxRadix + abi::kSlotBits; ++size) {
            REQUIRE(retype(small, ObjectType::CNode, size - abi::kSlotBits, slot) == Error::NotEnoughMemory);
        }
        REQUIRE(rig.type_in(slot) == ObjectType::Null);
        REQUIRE(retype(small, ObjectType::Untyped, bits, slot) == Error::None);
        TRY(must(rig.root().delete_(kDepth, slot)));
        REQUIRE(retype(small, ObjectType::CNode, bits - abi::kSlotBits, slot) == Error::None);
    }
    return {};
}

auto sixteen_pages_fit(Rig& rig) -> Outcome {
    constexpr unsigned kPages = 16;
    CPtr const block = TRY(rig.make(ObjectType::Untyped, 16));
    CPtr const first = rig.slot();
    for (unsigned page = 0; page < kPages; ++page) {
        (void)rig.slot(); // the following ones, and one more
    }
    constexpr unsigned kBits = abi::kSmallFrameBits;
    REQUIRE(retype(block, ObjectType::Frame, kBits, first, 0xFFFF) == Error::RangeError);
    REQUIRE(retype(block, ObjectType::Frame, kBits, first, kPages + 1) == Error::NotEnoughMemory);
    REQUIRE(rig.type_in(first) == ObjectType::Null);
    REQUIRE(retype(block, ObjectType::Frame, kBits, first, kPages) == Error::None);
    for (unsigned page = 0; page < kPages; ++page) {
        REQUIRE(retype(block, ObjectType::Frame, kBits, first + page) == Error::DeleteFirst);
    }
    REQUIRE(retype(block, ObjectType::Frame, kBits, first + kPages) == Error::NotEnoughMemory);
    REQUIRE(rig.type_in(first + kPages) == ObjectType::Null);
    return {};
}

auto full_slots_are_kept(Rig& rig) -> Outcome {
    CPtr const first = rig.slot();
    CPtr const second = TRY(rig.make(ObjectType::Endpoint));
    REQUIRE(second == first + 1);
    CPtr const small = TRY(rig.make(ObjectType::Untyped, 14));
    REQUIRE(retype(small, ObjectType::Notification, 0, first, 2) == Error::DeleteFirst);
    REQUIRE(rig.type_in(first) == ObjectType::Null);
    REQUIRE(rig.type_in(second) == ObjectType::Endpoint);
    return {};
}

auto memory_is_used_up_and_reused(Rig& rig) -> Outcome {
    CPtr const small = TRY(rig.make(ObjectType::Untyped, 13));
    CPtr const first = rig.slot();
    CPtr const second = rig.slot();
    CPtr const third = rig.slot();
    REQUIRE(retype(small, ObjectType::Frame, 12, first, 2) == Error::None);
    REQUIRE(retype(small, ObjectType::Endpoint, 0, third) == Error::NotEnoughMemory);
    TRY(must(rig.root().delete_(kDepth, first)));
    // One child is left, so nothing is free yet.
    REQUIRE(retype(small, ObjectType::Endpoint, 0, third) == Error::NotEnoughMemory);
    TRY(must(rig.root().delete_(kDepth, second)));
    REQUIRE(retype(small, ObjectType::Endpoint, 0, third) == Error::None);
    return {};
}

auto reused_memory_is_zero(Rig& rig) -> Outcome {
    CPtr const small = TRY(rig.make(ObjectType::Untyped, 12));
    for (int round = 0; round < 3; ++round) {
        CPtr const frame = rig.slot();
        REQUIRE(retype(small, ObjectType::Frame, 12, frame) == Error::None);
        TRY(rig.map(frame, kFreeAddress, kReadWrite));
        std::span<std::uint64_t> const words{reinterpret_cast<std::uint64_t*>(kFreeAddress), 512};
        REQUIRE(std::ranges::all_of(words, [](std::uint64_t word) { return word == 0; }));
        std::ranges::fill(words, ~std::uint64_t{0});
        TRY(must(rig.root().delete_(kDepth, frame)));
    }
    return {};
}

auto memory_with_children_is_not_copied(Rig& rig) -> Outcome {
    CPtr const small = TRY(rig.make(ObjectType::Untyped, 12));
    REQUIRE(retype(small, ObjectType::Endpoint, 0, rig.slot()) == Error::None);
    REQUIRE(refusal(rig.root().copy(kDepth, kDepth, 0xF, rig.slot(), kRoot, small)) == Error::RevokeFirst);
    return {};
}

auto a_copy_takes_over_the_memory(Rig& rig) -> Outcome {
    CPtr const small = TRY(rig.make(ObjectType::Untyped, 12));
    CPtr const copy = TRY(rig.mint(small, 0));
    REQUIRE(retype(small, ObjectType::Endpoint, 0, rig.slot()) == Error::NotEnoughMemory);
    REQUIRE(retype(copy, ObjectType::Endpoint, 0, rig.slot()) == Error::None);
    return {};
}

auto many_at_once(Rig& rig) -> Outcome {
    CPtr const block = TRY(rig.make(ObjectType::Untyped, 14));
    CPtr const first = rig.slot();
    constexpr unsigned kCount = 200;
    for (unsigned index = 1; index < kCount; ++index) {
        (void)rig.slot();
    } // the following ones
    REQUIRE(retype(block, ObjectType::Endpoint, 0, first, kCount) == Error::None);
    for (unsigned index = 0; index < kCount; ++index) {
        REQUIRE(rig.type_in(first + index) == ObjectType::Endpoint);
    }
    return {};
}

constexpr std::array kTests{
    Test{"retype_checks_its_arguments", arguments_are_checked, "RETYPE0000"},
    Test{"retype_keeps_full_slots", full_slots_are_kept, "RETYPE0000"},
    Test{"memory_is_used_up_and_reused", memory_is_used_up_and_reused, "RETYPE0002"},
    Test{"reused_memory_is_zero", reused_memory_is_zero, "CACHEFLUSH0004"},
    Test{"memory_with_children_is_not_copied", memory_with_children_is_not_copied},
    Test{"a_copy_takes_over_the_memory", a_copy_takes_over_the_memory},
    Test{"a_node_is_filled_and_emptied", a_node_is_filled_and_emptied, "RETYPE0000"},
    Test{"nothing_is_larger_than_its_untyped", nothing_is_larger_than_its_untyped, "RETYPE0001"},
    Test{"sixteen_pages_fit", sixteen_pages_fit, "RETYPE0002"},
    Test{"retype_makes_many_at_once", many_at_once, "RETYPE0000"},
};

} // namespace

auto untyped_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
