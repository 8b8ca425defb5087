// SPDX-License-Identifier: MIT
/// The one thing the kernel reads from a flattened device tree: where RAM is.
///
/// The tree comes from outside and may be damaged. Every offset in it is checked before it is followed, and a
/// tree that does not add up describes no memory.
#pragma once

#include "kernel/boot/range_set.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace kernel::boot {

class DeviceTree {
public:
    static constexpr std::size_t kHeaderSize = 40;

    /// The size that the tree's header states, in bytes; 0 if `header` does not start one.
    [[nodiscard]] static auto stated_size(std::span<std::byte const> header) -> std::uint32_t;

    /// `bytes`: all of the tree, as long as `stated_size` said.
    explicit DeviceTree(std::span<std::byte const> bytes) : bytes_{bytes} {}

    /// The RAM of every `memory` node below the root. Empty if there is none or the tree is damaged.
    [[nodiscard]] auto memory() const -> RangeSet;

private:
    std::span<std::byte const> bytes_;
};

} // namespace kernel::boot
