// SPDX-License-Identifier: MIT
#include "home.hpp"
#include "instructions.hpp"

#include <algorithm>
#include <cstring>

// Defined by user.ld and crt0.S. NOLINTBEGIN(readability-identifier-naming)
extern "C" {
extern std::byte const _start[];
extern std::byte const os_main_tls[];
extern std::byte const os_tls_size[];
}
// NOLINTEND(readability-identifier-naming)

namespace suite {

namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kTlsHeader = 64;

/// The pages of this program, from its code to the end of its data.
struct Image {
    std::uint64_t begin;
    std::uint64_t pages;
};

auto image() -> Image {
    auto const begin = reinterpret_cast<std::uint64_t>(_start) & ~(kPage - 1);
    auto const end = reinterpret_cast<std::uint64_t>(os_main_tls) + kTlsHeader +
                     reinterpret_cast<std::uint64_t>(os_tls_size);
    return {begin, (end - begin + kPage - 1) / kPage};
}

} // namespace

auto Home::make(Rig& rig, Where where) -> Got<Home> {
    std::uint64_t const address = rig.addresses(1);
    CPtr const frame = TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits));
    TRY(rig.map(frame, address, kReadWrite));
    Home home{rig, address};
    if (where != Where::Same) {
        unsigned const extra_bits = where == Where::Large ? instruction::kExtraAddressBits : 0;
        TRY(home.make_process(TRY(rig.mint(frame, 0)), extra_bits));
    }
    return home;
}

auto Home::make_process(CPtr shared_frame, unsigned extra_bits) -> Outcome {
    node_ = TRY(rig_->make(ObjectType::CNode, kRadix));
    root_ = TRY(rig_->mint(node_, 64 - kRadix)); // a guard of zeroes: its CPtrs are the numbers of its slots
    space_ = TRY(rig_->make(ObjectType::VSpace, extra_bits));
    TRY(rig_->map_in(space_, shared_frame, shared_, kReadWrite));
    return copy_program();
}

auto Home::copy_program() -> Outcome {
    auto const [begin, pages] = image();
    CPtr const first = rig_->slot();
    for (std::uint64_t page = 1; page < pages; ++page) {
        (void)rig_->slot(); // the next one
    }
    TRY(must(rig_->arena().retype(static_cast<std::uint8_t>(ObjectType::Frame), abi::kSmallFrameBits, 0,
                                  static_cast<std::uint16_t>(pages), kRoot, 0, first)));
    std::uint64_t const window = rig_->addresses(1);
    constexpr std::uint8_t kEverything = abi::rights::kRead | abi::rights::kWrite | abi::rights::kExecute;
    for (std::uint64_t page = 0; page < pages; ++page) {
        object::Frame const frame{first + page};
        std::uint64_t const address = begin + page * kPage;
        TRY(rig_->map(frame.capability(), window, kReadWrite));
        // Both are whole pages of this address space.
        std::memcpy(reinterpret_cast<void*>(window), reinterpret_cast<void const*>(address), kPage);
        TRY(must(frame.unify(0, kPage)));
        TRY(must(frame.unmap()));
        TRY(rig_->map_in(space_, frame.capability(), address, kEverything));
    }
    return {};
}

auto Home::give(CPtr capability) -> Got<CPtr> {
    if (space_ == kOwnSpace) {
        return capability;
    }
    CPtr const slot = next_slot_++;
    TRY(must(object::CNode{node_}.copy(kRadix, kDepth, abi::rights::kAll, slot, kRoot, capability)));
    return slot;
}

} // namespace suite
