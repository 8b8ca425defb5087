// SPDX-License-Identifier: MIT
/// What init knows of each component.
#pragma once

#include "components/init/lives.hpp"
#include "components/init/manifest.hpp"
#include "kernel/abi/message.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace init {

enum class Phase : std::uint8_t {
    Absent,   ///< could not be made
    Built,    ///< everything is there, it has not run yet
    Starting, ///< runs, has not said that it is ready
    Ready,
    Failed, ///< a fault ended it; its objects are destroyed
    Exited, ///< it ended itself; likewise
};

struct Instance {
    std::string_view name;
    std::string_view binary;
    manifest::Component row{};
    Phase phase = Phase::Absent;
    std::uint64_t memory = 0; ///< bytes it consists of
    Lives lives{};

    // Capabilities in init's slots; valid while `alive()`.
    abi::CPtr cnode = 0;
    abi::CPtr vspace = 0;
    abi::CPtr tcb = 0;
    abi::CPtr context = 0;
    abi::CPtr endpoint = 0;
    abi::CPtr notification = 0;

    [[nodiscard]] auto alive() const -> bool {
        return phase == Phase::Built || phase == Phase::Starting || phase == Phase::Ready;
    }
    [[nodiscard]] auto has(std::uint32_t flag) const -> bool { return (row.flags & flag) != 0; }
    /// How often it may be started again.
    [[nodiscard]] auto restarts() const -> std::uint8_t {
        return static_cast<std::uint8_t>(row.flags >> manifest::flag::kRestartsShift);
    }
};

/// All components, in the order of the manifest.
class Instances {
public:
    [[nodiscard]] auto all() -> std::span<Instance> { return std::span{instances_}.first(count_); }
    [[nodiscard]] auto all() const -> std::span<Instance const> {
        return std::span{instances_}.first(count_);
    }
    /// Pre: `count` <= Manifest::kMaxComponents.
    void set_count(std::size_t count) { count_ = count; }

private:
    std::array<Instance, Manifest::kMaxComponents> instances_{};
    std::size_t count_ = 0;
};

} // namespace init
