// SPDX-License-Identifier: MIT
/// Where the partners of a test live: beside it, or as a process of their own. One test function serves for
/// both.
#pragma once

#include "rig.hpp"

#include <new>

namespace suite {

enum class Where : std::uint8_t {
    Same,  ///< the test's address space and CSpace
    Other, ///< an address space with a copy of this program, and a CSpace with what was given
    Large, ///< the same, and the address space is as large as the machine can make one
};

class Home {
public:
    static auto make(Rig& rig, Where where) -> Got<Home>;

    /// The name that threads which live here have for a capability of the test: a copy, if they live
    /// elsewhere.
    auto give(CPtr capability) -> Got<CPtr>;

    /// An object that the test and the threads see at the same address. A page for each Home: what is shared
    /// must fit in there altogether.
    template <typename T>
    auto share() -> T& {
        static_assert(alignof(T) <= 64);
        auto* const place = reinterpret_cast<void*>(shared_ + used_);
        used_ += (sizeof(T) + 63) / 64 * 64;
        return *new (place) T{};
    }

    /// A thread that runs `run` with the address of something shared.
    template <typename T>
    auto start(void (*run)(std::uint64_t), T& shared, ThreadSpec spec = {}) -> Got<Thread> {
        spec.run = run;
        spec.argument = reinterpret_cast<std::uint64_t>(&shared);
        spec.root = root_;
        spec.space = space_;
        return rig_->start(spec);
    }

    [[nodiscard]] auto space() const -> CPtr { return space_; }
    [[nodiscard]] auto root() const -> CPtr { return root_; }

private:
    static constexpr unsigned kRadix = 5;

    Home(Rig& rig, std::uint64_t shared) : rig_{&rig}, shared_{shared} {}
    auto make_process(CPtr shared_frame, unsigned extra_bits) -> Outcome;
    auto copy_program() -> Outcome;

    Rig* rig_;
    CPtr space_{kOwnSpace};
    CPtr root_{kRoot};
    CPtr node_{};
    CPtr next_slot_{1};
    std::uint64_t shared_;
    std::size_t used_{};
};

} // namespace suite
