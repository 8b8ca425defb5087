// SPDX-License-Identifier: MIT
/// What the kernel reads from a flattened device tree: where RAM is, and what processors there are.
///
/// The tree comes from outside and may be damaged. Every offset in it is checked before it is followed, and
/// of a tree that does not add up nothing is used.
#pragma once

#include "kernel/arch/processors.hpp"
#include "kernel/boot/range_set.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace kernel::boot {

/// A device that the kernel counts on.
struct ExpectedDevice {
    std::uint64_t address{};                 ///< of its first register
    std::array<std::string_view, 2> names{}; ///< what trees may call it: one is enough. Empty: no name
};

struct TreeContents {
    RangeSet memory;   ///< the RAM of every `memory` node below the root
    RangeSet reserved; ///< of what firmware keeps: the reservation block, and every node of `reserved-memory`
    arch::StatedProcessors processors;
    bool has_expected{}; ///< there is a node for the device that was asked for
};

class DeviceTree {
public:
    static constexpr std::size_t kHeaderSize = 40;

    /// The size that the tree's header states, in bytes; 0 if `header` does not start one.
    [[nodiscard]] static auto stated_size(std::span<std::byte const> header) -> std::uint32_t;

    /// `bytes`: all of the tree, as long as `stated_size` said.
    explicit DeviceTree(std::span<std::byte const> bytes) : bytes_{bytes} {}

    /// Nothing if the tree is damaged.
    [[nodiscard]] auto contents(ExpectedDevice const& expected = {}) const -> std::optional<TreeContents>;

private:
    std::span<std::byte const> bytes_;
};

} // namespace kernel::boot
