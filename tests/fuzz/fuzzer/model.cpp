// SPDX-License-Identifier: MIT
#include "model.hpp"

#include "generated/object/cnode.hpp"

namespace fuzz {
namespace {

/// One of the slots that fit, any slot if none does.
auto search(Random& random, std::span<ObjectType const> slots, auto fits) -> std::size_t {
    std::size_t chosen = random.below(slots.size());
    std::uint64_t found = 0;
    for (std::size_t slot = 0; slot < slots.size(); ++slot) {
        if (fits(slots[slot]) && random.one_in(++found)) {
            chosen = slot;
        }
    }
    return chosen;
}

} // namespace

void Model::reset(CPtr root, CPtr inner, CPtr guarded) {
    constexpr std::uint8_t kWhole = 64;
    nodes_ = {
        Node{kRoot, root, kRootRadix, kWhole, 0, root_},
        Node{kInner, inner, kInnerRadix, kInnerRadix, 0, inner_},
        Node{kGuarded, guarded, kGuardedRadix, kGuardBits + kGuardedRadix, kGuard, guarded_},
    };
    refresh();
}

void Model::look(Node const& node, std::size_t slot) {
    auto const found = os::object::CNode{node.own}.identify(static_cast<std::uint8_t>(node.radix), slot);
    node.slots[slot] = found ? static_cast<ObjectType>(found->type) : ObjectType::Null;
}

void Model::refresh() {
    for (auto const& node : nodes_) {
        for (std::size_t slot = 0; slot < node.slots.size(); ++slot) {
            look(node, slot);
        }
    }
}

void Model::refresh_some(Random& random) {
    constexpr unsigned kSome = 12;
    for (unsigned count = 0; count < kSome; ++count) {
        auto const& node = this->node(random);
        look(node, random.below(node.slots.size()));
    }
}

auto Model::node(Random& random) const -> Node const& {
    return random.one_in(3) ? nodes_[1 + random.below(2)] : nodes_[0];
}

auto Model::find(Random& random, ObjectType type) const -> CPtr { return slot_with(random, nodes_[0], type); }

auto Model::empty_slot(Random& random, Node const& node) -> std::size_t {
    return search(random, node.slots, [](ObjectType found) { return found == ObjectType::Null; });
}

auto Model::slot_with(Random& random, Node const& node, ObjectType type) -> std::size_t {
    return search(random, node.slots, [type](ObjectType found) { return found == type; });
}

auto Model::full_slot(Random& random, Node const& node) -> std::size_t {
    return search(random, node.slots, [](ObjectType found) { return found != ObjectType::Null; });
}

} // namespace fuzz
