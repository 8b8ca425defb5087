// SPDX-License-Identifier: MIT
/// Deep CSpaces, long lists of capabilities, CNodes in CNodes.
#include "operations.hpp"

#include "os/syscall.hpp"

namespace worst_case {
namespace {

constexpr unsigned kLevels = 64;
constexpr unsigned kLargeRadix = 10;
constexpr std::uint64_t kCopies = 500;
constexpr std::uint64_t kDeepest = ~std::uint64_t{0};

/// CNodes of two slots, each in slot 1 of the one before; all bits set name slot 1 of the last. The first.
auto make_deep(Rig& rig) -> Got<CPtr> {
    CPtr const first = TRY(rig.make(ObjectType::CNode, 1));
    CPtr outer = first;
    for (unsigned level = 1; level < kLevels; ++level) {
        CPtr const inner = TRY(rig.make(ObjectType::CNode, 1));
        TRY(must(object::CNode{outer}.copy(1, kDepth, abi::rights::kAll, 1, kRoot, inner)));
        outer = inner;
    }
    TRY(must(object::CNode{outer}.copy(1, kDepth, abi::rights::kAll, 1, kRoot, first)));
    return first;
}

/// Seven lookups of 64 levels, by a thread whose CSpace is that deep.
void rotate_deep(std::uint64_t notification) {
    begin();
    (void)object::CNode{kDeepest}.rotate(kDepth, kDepth, kDepth, kDeepest, 0, kDeepest, kDeepest, 0, kDeepest,
                                         kDeepest);
    end();
    (void)notification;
    suite::rest();
}

auto rotate_in_deep_cspace(Rig& rig) -> Outcome {
    CPtr const deep = TRY(make_deep(rig));
    return TRY(rig.start({.run = rotate_deep, .root = deep})).state() != 0
               ? Outcome{}
               : std::unexpected(suite::Failure{"did not run", 0, std::source_location::current()});
}

auto copies_of(Rig& rig, CPtr source) -> Got<CPtr> {
    CPtr const node = TRY(rig.make(ObjectType::CNode, kLargeRadix));
    for (std::uint64_t index = 0; index < kCopies; ++index) {
        TRY(must(object::CNode{node}.copy(kLargeRadix, kDepth, abi::rights::kAll, index, kRoot, source)));
    }
    return node;
}

auto revoke_copies(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    (void)TRY(copies_of(rig, endpoint));
    begin();
    TRY(must(rig.root().revoke(kDepth, endpoint)));
    end();
    return {};
}

auto delete_full_cnode(Rig& rig) -> Outcome {
    CPtr const node = TRY(copies_of(rig, TRY(rig.make(ObjectType::Endpoint))));
    begin();
    TRY(must(rig.root().delete_(kDepth, node)));
    end();
    return {};
}

/// The last capability to each is in the one before, and the last CNode holds the first.
auto delete_nested_cnodes(Rig& rig) -> Outcome {
    CPtr const first = TRY(rig.make(ObjectType::CNode, 1));
    CPtr outer = first;
    for (unsigned level = 1; level < kLevels; ++level) {
        CPtr const inner = TRY(rig.make(ObjectType::CNode, 1));
        TRY(must(object::CNode{outer}.copy(1, kDepth, abi::rights::kAll, 0, kRoot, first)));
        TRY(must(object::CNode{outer}.copy(1, kDepth, abi::rights::kAll, 1, kRoot, inner)));
        if (outer != first) {
            TRY(must(rig.root().delete_(kDepth, outer)));
        }
        outer = inner;
    }
    TRY(must(rig.root().delete_(kDepth, outer)));
    begin();
    TRY(must(rig.root().revoke(kDepth, first)));
    TRY(must(rig.root().delete_(kDepth, first)));
    end();
    return {};
}

auto revoke_untyped(Rig& rig) -> Outcome {
    CPtr const memory = TRY(rig.make(ObjectType::Untyped, 20));
    CPtr const node = TRY(rig.make(ObjectType::CNode, 8));
    TRY(must(
        object::Untyped{memory}.retype(static_cast<std::uint8_t>(ObjectType::Tcb), 0, 0, 256, node, 0, 0)));
    begin();
    TRY(must(rig.root().revoke(kDepth, memory)));
    end();
    return {};
}

auto check_invariants(Rig& /*rig*/) -> Outcome {
    begin();
    (void)TRY(must(object::DebugConsole{os::slot::kDebugConsole}.check_invariants()));
    end();
    return {};
}

auto write_console(Rig& /*rig*/) -> Outcome {
    std::array<std::uint8_t, 48> bytes{};
    bytes.fill('\n');
    begin();
    TRY(must(object::DebugConsole{os::slot::kDebugConsole}.write(48, bytes)));
    end();
    return {};
}

constexpr std::array kOperations{
    Operation{"CNode.rotate, all lookups 64 deep", rotate_in_deep_cspace},
    Operation{"CNode.revoke of 500 copies", revoke_copies},
    Operation{"CNode.delete of a CNode with 500", delete_full_cnode},
    Operation{"CNode.delete of 64 nested, cyclic", delete_nested_cnodes},
    Operation{"CNode.revoke of 256 TCBs", revoke_untyped},
    Operation{"DebugConsole.check_invariants", check_invariants},
    Operation{"DebugConsole.write", write_console},
};

} // namespace

auto capability_operations() -> std::span<Operation const> { return kOperations; }

} // namespace worst_case
