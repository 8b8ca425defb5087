// SPDX-License-Identifier: MIT
/// init's only clock: a thread that raises a signal again and again while it runs.
///
/// init itself blocks in its server loop and has no alarm, that is the timer component's. The thread has the
/// highest priority, but may use only a small part of the time: even a component that spins at the highest
/// priority does not stop it.
#pragma once

#include "components/init/failure.hpp"
#include "components/init/objects.hpp"
#include "kernel/abi/boot_info.hpp"

#include <cstdint>

namespace init {

class Ticker {
public:
    static constexpr std::uint64_t kTicksPerSecond = 20;

    /// Signals `notification`, a capability of init's; stopped at first.
    static auto make(Objects& objects, abi::BootInfo const& boot, abi::CPtr notification) -> Result<Ticker>;

    void start() const;
    void stop() const;

private:
    explicit Ticker(abi::CPtr tcb) : tcb_{tcb} {}

    abi::CPtr tcb_;
};

} // namespace init
