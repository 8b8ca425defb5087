// SPDX-License-Identifier: MIT
/// Tests of device registers on memory that stands for a device.
#include "base/register.hpp"

#include <gtest/gtest.h>

#include <array>

namespace {

struct Control : base::Register<4, std::uint32_t> {
    using Enable = Field<0>;
    using Divider = Field<4, 8>;
    using Top = Field<31>;
};

TEST(Register, AccessesItsOwnOffset) {
    std::array<std::uint32_t, 4> memory{};
    base::RegisterBlock const device{reinterpret_cast<std::uint64_t>(memory.data())};
    device.write<Control>(0x8000'0231U);
    EXPECT_EQ(memory[1], 0x8000'0231U);
    auto const value = device.read<Control>();
    EXPECT_EQ(value.get<Control::Enable>(), 1U);
    EXPECT_EQ(value.get<Control::Divider>(), 0x23U);
    EXPECT_EQ(value.get<Control::Top>(), 1U);
}

TEST(Register, ChangesOneFieldOnly) {
    base::RegisterValue<Control> const value{0xFFFF'FFFFU};
    EXPECT_EQ(value.with<Control::Divider>(0x101).raw(), 0xFFFF'F01FU);
    EXPECT_EQ(value.with<Control::Top>(0).raw(), 0x7FFF'FFFFU);
}

} // namespace
