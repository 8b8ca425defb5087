// SPDX-License-Identifier: MIT
/// Many objects at once, large frames, address spaces.
#include "operations.hpp"

namespace worst_case {
namespace {

constexpr std::uint64_t kWindow = 0x30'0000'0000;
constexpr std::uint64_t kLarge = std::uint64_t{1} << abi::kLargeFrameBits;

template <ObjectType kType, std::uint16_t kCount, std::uint8_t kSizeBits = 0>
auto make_many(Rig& rig) -> Outcome {
    CPtr const node = TRY(rig.make(ObjectType::CNode, 8));
    begin();
    TRY(must(rig.arena().retype(static_cast<std::uint8_t>(kType), kSizeBits, 0, kCount, node, 0, 0)));
    end();
    return {};
}

template <auto kOperation>
auto maintain(Rig& rig) -> Outcome {
    object::Frame const frame{TRY(rig.make(ObjectType::Frame, abi::kLargeFrameBits))};
    begin();
    TRY(must((frame.*kOperation)(0, kLarge)));
    end();
    return {};
}

auto map_and_unmap(Rig& rig) -> Outcome {
    object::Frame const frame{TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits))};
    object::PageTable const middle{TRY(rig.make(ObjectType::PageTable))};
    object::PageTable const last{TRY(rig.make(ObjectType::PageTable))};
    CPtr const space = TRY(rig.make(ObjectType::VSpace));
    begin();
    TRY(must(middle.map(space, kWindow)));
    TRY(must(last.map(space, kWindow)));
    TRY(must(frame.map(suite::kReadWrite, 0, space, kWindow)));
    TRY(must(frame.map(suite::kReadOnly, 0, space, kWindow)));
    TRY(must(frame.unmap()));
    TRY(must(last.unmap()));
    TRY(must(middle.unmap()));
    end();
    return {};
}

/// As many others in the registry as fit.
auto delete_space_among_many(Rig& rig) -> Outcome {
    constexpr std::uint16_t kSpaces = 256;
    CPtr const node = TRY(rig.make(ObjectType::CNode, 10));
    for (std::uint64_t batch = 0; batch < 4; ++batch) {
        TRY(must(rig.arena().retype(static_cast<std::uint8_t>(ObjectType::VSpace), 0, 0, kSpaces, node, 0,
                                    batch * kSpaces)));
    }
    begin();
    for (std::uint64_t space = 0; space < 4; ++space) {
        TRY(must(object::CNode{node}.delete_(10, space)));
    }
    end();
    return {};
}

constexpr std::array kOperations{
    Operation{"Untyped.retype, 256 endpoints", make_many<ObjectType::Endpoint, 256>},
    Operation{"Untyped.retype, 256 TCBs", make_many<ObjectType::Tcb, 256>},
    Operation{"Untyped.retype, 256 VSpaces", make_many<ObjectType::VSpace, 256>},
    Operation{"Untyped.retype, a 2 MiB frame", make_many<ObjectType::Frame, 1, abi::kLargeFrameBits>},
    Operation{"Frame.clean, 2 MiB", maintain<&object::Frame::clean>},
    Operation{"Frame.unify, 2 MiB", maintain<&object::Frame::unify>},
    Operation{"Frame and PageTable map, unmap", map_and_unmap},
    Operation{"CNode.delete of a VSpace of 1024", delete_space_among_many},
};

} // namespace

auto memory_operations() -> std::span<Operation const> { return kOperations; }

} // namespace worst_case
