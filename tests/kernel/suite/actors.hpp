// SPDX-License-Identifier: MIT
/// Threads that write down when they run, for tests of the order in which they do.
#pragma once

#include "rig.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace suite {

/// What threads write down, one after the other.
struct Log {
    std::array<std::uint64_t, 256> entries{};
    std::atomic<std::size_t> count{};

    void add(std::uint64_t entry) {
        auto const place = count++;
        entries[place % entries.size()] = entry;
    }
};

/// A thread of a test, with the others that it deals with.
struct Actor {
    Log* log{};
    std::uint64_t name{};
    object::Tcb other{0};
    CPtr notification{};
    std::atomic<bool> go{};
    std::atomic<unsigned> steps{};
};

inline auto actor(std::uint64_t argument) -> Actor& { return *reinterpret_cast<Actor*>(argument); }
inline auto address(Actor& self) -> std::uint64_t { return reinterpret_cast<std::uint64_t>(&self); }

} // namespace suite
