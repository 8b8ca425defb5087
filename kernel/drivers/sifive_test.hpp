// SPDX-License-Identifier: MIT
/// SiFive's test finisher, as QEMU's virt machine has it: ends the simulation with a status.
#pragma once

#include "base/register.hpp"

#include <cstdint>

namespace kernel::drivers {

class SifiveTest {
public:
    explicit constexpr SifiveTest(std::uint64_t address) : registers_{address} {}

    void power_off(std::uint8_t status) const {
        registers_.write<Finish>(status == 0 ? kPass : std::uint32_t{status} << 16U | kFail);
    }

private:
    struct Finish : base::Register<0x0, std::uint32_t> {};

    static constexpr std::uint32_t kPass = 0x5555;
    static constexpr std::uint32_t kFail = 0x3333;

    base::RegisterBlock registers_;
};

} // namespace kernel::drivers
