// SPDX-License-Identifier: MIT
/// Tests of what the generated Env stands on.
#include "os/env.hpp"

#include "startup_page.hpp"

#include <gtest/gtest.h>

namespace {

/// Opens what is protected, as a generated Env does.
class Environment : public os::EnvironmentBase {
public:
    using EnvironmentBase::device;
    using EnvironmentBase::EnvironmentBase;
    using EnvironmentBase::list;
    using EnvironmentBase::number;
    using EnvironmentBase::text;
    using EnvironmentBase::truth;
    using EnvironmentBase::used_port;
};

class EnvironmentTest : public testing::Test {
protected:
    static auto make_page() -> test::StartupPage {
        test::StartupPage page;
        auto& info = page.info();
        info.name = page.text("timer");
        info.board = page.text("virt");
        os::UsedPort connected{};
        connected.name = page.text("log");
        info.used_ports = page.table<os::UsedPort>({connected, {}});
        os::DeviceInfo device{};
        device.name = page.text("clock");
        device.compatible = page.text("arm,armv8-timer");
        device.irq_badge = 4;
        info.devices = page.table<os::DeviceInfo>({device});
        auto const list = page.table<std::uint64_t>({page.text("x"), page.text("y"), 0});
        info.parameters = page.table<os::Parameter>({{.name = 0, .kind = 0, .value = 42},
                                                     {.name = 0, .kind = 1, .value = 1},
                                                     {.name = 0, .kind = 2, .value = page.text("word")},
                                                     {.name = 0, .kind = 3, .value = list.offset}});
        info.arguments = page.table<std::uint32_t>({page.text("-v")});
        return page;
    }

    test::StartupPage page_{make_page()};
    Environment env_{*os::StartupView::create(page_.finish())};
};

TEST_F(EnvironmentTest, KnowsItsName) {
    EXPECT_EQ(env_.name(), "timer");
    EXPECT_EQ(env_.board(), "virt");
    EXPECT_EQ(env_.argument_count(), 1U);
    EXPECT_EQ(env_.argument(0), "-v");
    EXPECT_EQ(env_.argument(1), "");
    EXPECT_TRUE(env_.initfs().empty());
}

TEST_F(EnvironmentTest, OptionalPortsMayBeMissing) {
    ASSERT_NE(env_.used_port(0), nullptr);
    EXPECT_EQ(env_.used_port(1), nullptr);
}

TEST_F(EnvironmentTest, ReadsParametersByTheirKind) {
    EXPECT_EQ(env_.number(0), 42U);
    EXPECT_TRUE(env_.truth(1));
    EXPECT_EQ(env_.text(2), "word");
    EXPECT_EQ(env_.list(3).at(1), "y");
    EXPECT_EQ(env_.list(3).at(2), std::nullopt);
}

TEST_F(EnvironmentTest, DescribesDevices) {
    auto const clock = env_.device(0);
    EXPECT_EQ(clock.name(), "clock");
    EXPECT_EQ(clock.compatible(), "arm,armv8-timer");
    EXPECT_FALSE(clock.has_interrupt());
    EXPECT_EQ(clock.interrupt_badge(), 4U);
}

using EnvironmentDeathTest = EnvironmentTest;

TEST_F(EnvironmentDeathTest, EndsOnAMistakeOfTheComposer) {
    EXPECT_DEATH((void)env_.used_port(2), "assertion failed");
    EXPECT_DEATH((void)env_.number(1), "assertion failed");
    EXPECT_DEATH((void)env_.device(1), "assertion failed");
}

} // namespace
