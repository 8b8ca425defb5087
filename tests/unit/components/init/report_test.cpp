// SPDX-License-Identifier: MIT
/// What people read when something goes wrong.
#include "components/init/report.hpp"

#include "kernel/abi/object.hpp"
#include "os/supervisor.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace {

using abi::FaultKind;
using init::fault_line;
using init::Reporter;

auto label(FaultKind kind) -> std::uint64_t { return static_cast<std::uint64_t>(kind); }

TEST(Report, SaysWhatACapabilityFaultIs) {
    EXPECT_EQ(fault_line("vfs", label(FaultKind::Capability), {0x400100, 77, 0}, Reporter::Kernel).view(),
              "vfs failed: it sent to capability 77, which it does not have at instruction 0x400100");
}

TEST(Report, SaysWhereMemoryWasMissed) {
    abi::Words const words{0x400128, 0x10, abi::fault_access::kWrite};
    EXPECT_EQ(
        fault_line("shell", label(FaultKind::VirtualMemory), words, Reporter::Kernel).view(),
        "shell failed: it wrote to address 0x10 (no such access is allowed there) at instruction 0x400128");
    EXPECT_EQ(fault_line("shell", label(FaultKind::VirtualMemory), {4, 4, 2}, Reporter::Kernel).view(),
              "shell failed: it jumped to address 0x4 (no such access is allowed there) at instruction 0x4");
}

TEST(Report, TakesThePagersReason) {
    abi::Words const words{
        0x400128, 0x1'0000'0000, 0, 0, 0, 0, static_cast<std::uint64_t>(os::supervisor::Reason::OutOfMemory),
        0};
    EXPECT_EQ(
        fault_line("shell", label(FaultKind::VirtualMemory), words, Reporter::Pager).view(),
        "shell failed: it read from address 0x100000000 (the component's memory is used up) at instruction "
        "0x400128");
}

TEST(Report, KnowsEveryFault) {
    for (std::uint64_t kind = 0; kind < 10; ++kind) {
        EXPECT_EQ(init::is_fault(kind), kind >= 1 && kind <= 6) << kind;
        if (init::is_fault(kind)) {
            auto const line = fault_line("x", kind, {1, 2, 3}, Reporter::Kernel);
            EXPECT_TRUE(line.view().starts_with("x failed: it ") ||
                        line.view().starts_with("x failed: the "));
        }
    }
}

TEST(Report, HidesWhatDoesNotPrint) { EXPECT_EQ(init::printable("a\n\x1b\x80z").view(), "a???z"); }

TEST(Report, NamesTheKernelsRefusal) {
    EXPECT_EQ(
        init::failure_line("vfs", " cannot be started: ", {"mapping a page", abi::Error::DeleteFirst}).view(),
        "vfs cannot be started: mapping a page (DeleteFirst)");
    EXPECT_EQ(init::failure_line("vfs", ": ", {"it has no name"}).view(), "vfs: it has no name");
    for (unsigned error = 0; error < 256; ++error) {
        EXPECT_FALSE(init::error_name(static_cast<abi::Error>(error)).empty());
    }
}

TEST(Report, ShowsRegisters) {
    std::array<std::uint64_t, 2> const values{0x1F, 0};
    EXPECT_EQ(init::register_line(3, values).view(), "  r3 0x1f r4 0x0");
}

TEST(Report, SurvivesAnyWords) {
    std::mt19937_64 random{20260104};
    for (int round = 0; round < 20'000; ++round) {
        abi::Words words{};
        for (auto& word : words) {
            word = random() >> random() % 64;
        }
        auto const reporter = random() % 2 == 0 ? Reporter::Kernel : Reporter::Pager;
        EXPECT_GT(fault_line("component", 1 + random() % 6, words, reporter).view().size(), 20U);
    }
}

} // namespace
