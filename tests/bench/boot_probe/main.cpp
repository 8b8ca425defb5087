// SPDX-License-Identifier: MIT
/// Takes the place of init, prints how far the machine's counter has come since the kernel began, or since
/// the reset where that is not known, and how fast it counts, and turns the machine off: `BOOT <ticks> OF
/// <ticks a second>`.
#include "base/text.hpp"
#include "os/arch.hpp"
#include "os/init.hpp"

#include "generated/object/debug_console.hpp"

#include <algorithm>
#include <array>

void os::main(abi::BootInfo const& boot_info) {
    auto const ticks = os::arch::counter() - boot_info.entry_ticks;
    os::object::DebugConsole const console{abi::init_slot::kDebugConsole};
    base::Text<48> const line{"BOOT ", ticks, " OF ", boot_info.timer_frequency, "\n"};
    std::array<std::uint8_t, 48> bytes{};
    std::ranges::copy(line.view(), bytes.begin());
    (void)console.write(static_cast<std::uint8_t>(line.view().size()), bytes); // nobody to tell if it fails
    (void)console.power_off(0); // comes back only where the board cannot
}
