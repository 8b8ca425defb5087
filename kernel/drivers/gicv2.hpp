// SPDX-License-Identifier: MIT
/// Arm's Generic Interrupt Controller, version 2. A line is an INTID.
#pragma once

#include "kernel/drivers/contract.hpp"

#include <cstdint>

namespace kernel::drivers {

class GicV2 {
public:
    /// Addresses where the registers are mapped, and how many lines the board has.
    constexpr GicV2(std::uint64_t distributor, std::uint64_t cpu_interface, std::uint32_t line_count)
        : distributor_{distributor}, cpu_interface_{cpu_interface}, line_count_{line_count} {}

    static constexpr std::uint32_t kCallLine = 0;
    static constexpr std::uint32_t kFirstShared = 32; ///< below are each core's own lines
    [[nodiscard]] constexpr auto end_of_shared() const -> std::uint32_t { return line_count_; }

    void initialise() const {
        distributor(kDistributorControl) = 0;
        reset_lines(kFirstShared, line_count_);
        for (std::uint32_t line = kFirstShared; line < line_count_; ++line) {
            route(line, 0);
        }
        for (std::uint32_t line = kFirstShared; line < line_count_; line += 16) {
            distributor(kConfiguration + line / 4) = 0;
        }
        distributor(kDistributorControl) = 1;
    }
    void initialise_core(std::uint32_t /*core*/) const {
        reset_lines(0, kFirstShared);
        cpu_interface(kPriorityMask) = 0xFF;
        cpu_interface(kBinaryPoint) = 0;
        cpu_interface(kInterfaceControl) = 1;
    }
    void unmask_own(std::uint32_t line, std::uint32_t /*core*/) const { unmask(line); }
    [[nodiscard]] auto claim(std::uint32_t /*core*/) const -> std::uint32_t {
        std::uint32_t const acknowledged = cpu_interface(kAcknowledge);
        std::uint32_t const line = acknowledged & kLineMask;
        if (line == kCallLine) {
            // The end of a call has to name the caller too.
            cpu_interface(kEndOfInterrupt) = acknowledged;
        }
        return line;
    }
    void complete(std::uint32_t line) const {
        if (line != kCallLine) {
            cpu_interface(kEndOfInterrupt) = line;
        }
    }
    void mask(std::uint32_t line) const {
        distributor(kClearEnable + std::uint64_t{line} / 32 * 4) = 1U << line % 32;
    }
    void unmask(std::uint32_t line) const {
        distributor(kSetEnable + std::uint64_t{line} / 32 * 4) = 1U << line % 32;
    }
    void configure(std::uint32_t line, arch::Trigger trigger) const {
        std::uint32_t const edge = 2U << (line % 16 * 2);
        auto& word = distributor(kConfiguration + std::uint64_t{line} / 16 * 4);
        std::uint32_t const others = word & ~edge;
        word = trigger == arch::Trigger::Edge ? others | edge : others;
    }
    // Nothing is left to be refused. NOLINTNEXTLINE(modernize-use-nodiscard)
    auto route(std::uint32_t line, std::uint32_t core) const -> bool {
        *reinterpret_cast<std::uint8_t volatile*>(distributor_ + kTarget + line) =
            static_cast<std::uint8_t>(1U << core);
        return true;
    }

    void call(std::uint32_t core) const {
        // What was written before must be there when the other core comes.
        asm volatile("dsb ishst" ::: "memory");
        distributor(kSoftwareInterrupt) = 1U << (kTargetShift + core) | kCallLine;
    }

private:
    // Distributor. The enable and pending registers have a bit a line, priority and target a byte,
    // configuration two bits.
    static constexpr std::uint64_t kDistributorControl = 0x000;
    static constexpr std::uint64_t kSetEnable = 0x100;
    static constexpr std::uint64_t kClearEnable = 0x180;
    static constexpr std::uint64_t kClearPending = 0x280;
    static constexpr std::uint64_t kPriority = 0x400;
    static constexpr std::uint64_t kTarget = 0x800;
    static constexpr std::uint64_t kConfiguration = 0xC00;
    static constexpr std::uint64_t kSoftwareInterrupt = 0xF00;
    // CPU interface.
    static constexpr std::uint64_t kInterfaceControl = 0x00;
    static constexpr std::uint64_t kPriorityMask = 0x04;
    static constexpr std::uint64_t kBinaryPoint = 0x08;
    static constexpr std::uint64_t kAcknowledge = 0x0C;
    static constexpr std::uint64_t kEndOfInterrupt = 0x10;

    static constexpr std::uint32_t kLineMask = 0x3FF; ///< values from 1020 on mean: nothing
    static constexpr std::uint32_t kMiddlePriority = 0x8080'8080;
    static constexpr unsigned kTargetShift = 16; ///< of the cores to call, a bit each

    /// Masks the lines, and forgets what waits.
    void reset_lines(std::uint32_t first, std::uint32_t end) const {
        for (std::uint32_t line = first; line < end; line += 32) {
            distributor(kClearEnable + line / 8) = ~std::uint32_t{0};
            distributor(kClearPending + line / 8) = ~std::uint32_t{0};
        }
        for (std::uint32_t line = first; line < end; line += 4) {
            distributor(kPriority + line) = kMiddlePriority;
        }
    }
    // The registers are tables, indexed by line: plain words rather than named types.
    [[nodiscard]] auto distributor(std::uint64_t offset) const -> std::uint32_t volatile& {
        return *reinterpret_cast<std::uint32_t volatile*>(distributor_ + offset);
    }
    [[nodiscard]] auto cpu_interface(std::uint64_t offset) const -> std::uint32_t volatile& {
        return *reinterpret_cast<std::uint32_t volatile*>(cpu_interface_ + offset);
    }

    std::uint64_t distributor_;
    std::uint64_t cpu_interface_;
    std::uint32_t line_count_;
};
static_assert(InterruptDriver<GicV2>);

} // namespace kernel::drivers
