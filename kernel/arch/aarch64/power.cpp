// SPDX-License-Identifier: MIT
/// The emulator's exit.
#include "kernel/arch/aarch64/power.hpp"

#include <array>

namespace kernel::arch {

void exit_simulation(std::uint8_t status) {
    // SYS_EXIT takes the address of two words: a reason, and the status.
    constexpr std::uint64_t kExit = 0x18;
    constexpr std::uint64_t kApplicationExit = 0x2'0026;
    std::array<std::uint64_t, 2> const parameters{kApplicationExit, status};
    (void)call_semihosting(kExit, &parameters); // comes back only if nobody is there
}

} // namespace kernel::arch
