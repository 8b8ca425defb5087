// SPDX-License-Identifier: MIT
/// Where init finds memory: the untyped blocks it has, how far each is used up, and whom it belongs to.
#pragma once

#include "kernel/abi/message.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace init {

/// Whom memory belongs to. Everything a component is made of comes from blocks of its own, so that revoking
/// these blocks destroys the component and nothing else.
using Owner = std::size_t;
inline constexpr Owner kCommon = ~Owner{0}; ///< nobody yet, or all

/// One block. The kernel keeps the same mark: objects are made one after the other, each aligned to its size.
struct UntypedBlock {
    Owner owner = kCommon;
    abi::CPtr slot = 0;
    std::uint64_t used = 0; ///< bytes from the start
    std::uint8_t size_bits = 0;
    bool given = false; ///< to its owner as a whole: nothing else is made of it

    /// Bytes lost to alignment before the first of objects of 2^`bits` bytes.
    [[nodiscard]] auto gap(unsigned bits) const -> std::uint64_t;
    /// Whether `count` objects of 2^`bits` bytes still fit.
    [[nodiscard]] auto fits(unsigned bits, std::uint64_t count) const -> bool;
    /// Pre: `fits(bits, count)`.
    void take(unsigned bits, std::uint64_t count);
    /// The largest block of a power of two that still fits, as log2.
    [[nodiscard]] auto largest() const -> std::optional<unsigned>;
    [[nodiscard]] auto left() const -> std::uint64_t { return (std::uint64_t{1} << size_bits) - used; }
};

/// All blocks. It plans only: whoever takes makes the objects at once, in the same order.
class UntypedPool {
public:
    static constexpr std::size_t kMaxBlocks = 768;

    /// False when the pool is full: that memory stays unused.
    auto add(Owner owner, abi::CPtr slot, unsigned size_bits) -> bool;
    /// The same for a block that its owner is given as a whole.
    auto add_given(Owner owner, abi::CPtr slot, unsigned size_bits) -> bool;
    /// A given block of 2^`size_bits` bytes that `owner` had before `reset`; it is given again.
    auto give_again(Owner owner, unsigned size_bits) -> std::optional<abi::CPtr>;
    /// Everything that was made of the blocks of `owner` is gone: they are empty again, and still its own.
    void reset(Owner owner);

    /// A block of `owner` that takes `count` objects of 2^`bits` bytes in a row: the one where the least is
    /// lost to alignment, of these the one with the least left. The memory counts as used.
    auto take(Owner owner, unsigned bits, std::uint64_t count) -> std::optional<abi::CPtr>;

    /// log2 of the largest block that can still be made of common memory.
    [[nodiscard]] auto largest() const -> std::optional<unsigned>;
    [[nodiscard]] auto left() const -> std::uint64_t;
    /// Bytes in the blocks of `owner`.
    [[nodiscard]] auto held(Owner owner) const -> std::uint64_t;
    [[nodiscard]] auto blocks() const -> std::span<UntypedBlock const> { return {blocks_.data(), count_}; }

private:
    // Invariant: the first `count_` entries are blocks; `used` is at most the size of each.
    std::array<UntypedBlock, kMaxBlocks> blocks_{};
    std::size_t count_ = 0;
};

} // namespace init
