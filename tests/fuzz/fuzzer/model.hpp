// SPDX-License-Identifier: MIT
/// What the supervisor believes that a CSpace of the workers holds: right often enough for most operations to
/// have the arguments that they need.
#pragma once

#include "kernel/abi/message.hpp"
#include "kernel/abi/object.hpp"
#include "tests/support/random.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace fuzz {

using tests::Random;

using abi::CPtr;
using abi::ObjectType;

/// A CNode as its users address it.
struct Node {
    CPtr capability{};     ///< in the CSpace of the workers
    CPtr own{};            ///< the supervisor's: without a guard
    unsigned radix{};      ///< log2 of its slots
    std::uint8_t depth{};  ///< bits to resolve, guard included
    std::uint64_t guard{}; ///< what is above the number of a slot
    std::span<ObjectType> slots{};

    [[nodiscard]] auto index(std::size_t slot) const -> std::uint64_t { return guard << radix | slot; }
};

class Model {
public:
    static constexpr unsigned kRootRadix = 7;
    static constexpr unsigned kInnerRadix = 4;
    static constexpr unsigned kGuardedRadix = 3;
    static constexpr unsigned kGuardBits = 2;
    static constexpr std::uint64_t kGuard = 2;

    /// Where the CSpace has its CNodes.
    static constexpr CPtr kRoot = 1;
    static constexpr CPtr kInner = 2;
    static constexpr CPtr kGuarded = 3;
    /// And the endpoint where most of its threads meet.
    static constexpr CPtr kMeeting = 4;

    Model() = default;
    Model(Model const&) = delete;
    auto operator=(Model const&) -> Model& = delete;
    ~Model() = default;

    /// Forgets everything. The arguments are the supervisor's capabilities.
    void reset(CPtr root, CPtr inner, CPtr guarded);
    /// Looks at all slots, or at some.
    void refresh();
    void refresh_some(Random& random);

    /// The type that a slot of the root holds.
    [[nodiscard]] auto root_slot(CPtr slot) const -> ObjectType { return root_[slot]; }
    /// One of its CNodes.
    [[nodiscard]] auto node(Random& random) const -> Node const&;
    /// The root slot of some capability of this type; any slot if there seems to be none.
    [[nodiscard]] auto find(Random& random, ObjectType type) const -> CPtr;
    /// A slot of a CNode that is empty, holds this type or anything.
    [[nodiscard]] static auto empty_slot(Random& random, Node const& node) -> std::size_t;
    [[nodiscard]] static auto slot_with(Random& random, Node const& node, ObjectType type) -> std::size_t;
    [[nodiscard]] static auto full_slot(Random& random, Node const& node) -> std::size_t;

private:
    static void look(Node const& node, std::size_t slot);

    std::array<ObjectType, std::size_t{1} << kRootRadix> root_{};
    std::array<ObjectType, std::size_t{1} << kInnerRadix> inner_{};
    std::array<ObjectType, std::size_t{1} << kGuardedRadix> guarded_{};
    std::array<Node, 3> nodes_{};
};

} // namespace fuzz
