// SPDX-License-Identifier: MIT
/// Connects the components with one another and with their devices, as the manifest says.
#pragma once

#include "components/init/instance.hpp"
#include "components/init/objects.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace init {

class Wiring {
public:
    /// `endpoint` is where init receives. Everything referred to must stay.
    Wiring(Objects& objects, Manifest const& manifest, Instances& instances, abi::CPtr endpoint)
        : objects_{&objects}, manifest_{&manifest}, instances_{&instances}, endpoint_{endpoint} {}

    /// Maps the windows of init itself.
    auto connect_init() -> Result<>;

    /// Gives component `index` its windows, ports, devices and the grants of a fixed size. A port that leads
    /// to a component that could not be made stays empty: calls through it fail. Pre: it is built.
    auto connect(std::size_t index) -> Result<>;

    /// Connects component `index`, which is built once more, and those that have a port to it. One of them
    /// that has put something else where its port was goes without. Pre: all were connected before.
    auto reconnect(std::size_t index) -> Result<>;

    /// Gives component `index` its grants of whatever size is left. Pre: all others are connected.
    auto grant_rest(std::size_t index) -> Result<>;

private:
    static constexpr std::size_t kMaxWindows = 512;
    static constexpr unsigned kSmallestRest = 16; ///< log2 of the smallest block given as what is left

    /// The memory of the windows with the same `id`.
    struct Frames {
        std::uint32_t id;
        abi::CPtr first;
        std::uint64_t size;
    };

    auto connect_window(std::size_t index, manifest::Window const& window) -> Result<>;
    auto window_frames(manifest::Window const& window) -> Result<Frames>;
    auto connect_port(Instance const& instance, manifest::Port const& port) -> Result<>;
    auto connect_device(std::size_t index, manifest::Device const& device) -> Result<>;
    auto connect_interrupt(Instance const& instance, manifest::Device const& device) -> Result<>;
    auto grant(Instance const& instance, std::uint32_t slot, unsigned size_bits) -> Result<>;

    Objects* objects_;
    Manifest const* manifest_;
    Instances* instances_;
    abi::CPtr endpoint_;
    // Invariant: the first `window_count_` entries have different ids.
    std::array<Frames, kMaxWindows> windows_{};
    std::size_t window_count_ = 0;
};

} // namespace init
