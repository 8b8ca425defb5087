// SPDX-License-Identifier: MIT
/// The two interrupt controllers of the BCM2836 and BCM2837: one for the GPU's 64 lines, one for the cores'
/// own.
///
/// Lines 0..63 are the GPU's; from 64 on those of core 0: 64 CNTPS, 65 CNTPNS, 66 CNTHP, 67 CNTV, 68..71
/// mailboxes.
#pragma once

#include "base/register.hpp"
#include "kernel/drivers/contract.hpp"

#include <bit>
#include <cstdint>

namespace kernel::drivers {

class Bcm2836Interrupts {
public:
    /// Addresses where the cores' block and the page of the GPU's controller are mapped.
    constexpr Bcm2836Interrupts(std::uint64_t local, std::uint64_t gpu) : local_{local}, gpu_{gpu} {}

    void initialise() const {
        gpu_.write<Disable1>(~std::uint32_t{0});
        gpu_.write<Disable2>(~std::uint32_t{0});
        gpu_.write<DisableBasic>(~std::uint32_t{0});
        gpu_.write<FastInterrupt>(0U);
        local_.write<GpuRouting>(0U);
        local_.write<TimerControl>(0U);
        local_.write<MailboxControl>(0U);
    }
    [[nodiscard]] auto claim() const -> std::uint32_t {
        std::uint32_t const source = local_.read<Source>().raw();
        std::uint32_t const own = source & kOwnSources;
        if (own != 0) {
            return kFirstOwn + static_cast<std::uint32_t>(std::countr_zero(own));
        }
        if ((source & kGpuSource) == 0) {
            return kNoLine;
        }
        std::uint64_t const low = gpu_.read<Pending1>().raw();
        std::uint64_t const high = gpu_.read<Pending2>().raw();
        std::uint64_t const pending = high << 32U | low;
        return pending == 0 ? kNoLine : static_cast<std::uint32_t>(std::countr_zero(pending));
    }
    /// Nothing to do: a line waits for as long as its device says so and it is not masked.
    void complete(std::uint32_t /*line*/) const {}
    void mask(std::uint32_t line) const {
        std::uint32_t const bit = 1U << line % 32;
        if (line < 32) {
            gpu_.write<Disable1>(bit);
        } else if (line < kFirstOwn) {
            gpu_.write<Disable2>(bit);
        } else if (line < kFirstMailbox) {
            local_.write<TimerControl>(local_.read<TimerControl>().raw() & ~own_bit(line));
        } else {
            local_.write<MailboxControl>(local_.read<MailboxControl>().raw() & ~own_bit(line));
        }
    }
    void unmask(std::uint32_t line) const {
        std::uint32_t const bit = 1U << line % 32;
        if (line < 32) {
            gpu_.write<Enable1>(bit);
        } else if (line < kFirstOwn) {
            gpu_.write<Enable2>(bit);
        } else if (line < kFirstMailbox) {
            local_.write<TimerControl>(local_.read<TimerControl>().raw() | own_bit(line));
        } else {
            local_.write<MailboxControl>(local_.read<MailboxControl>().raw() | own_bit(line));
        }
    }
    /// All lines are level triggered.
    void configure(std::uint32_t /*line*/, arch::Trigger /*trigger*/) const {}

private:
    // The cores' block, registers of core 0.
    struct GpuRouting : base::Register<0x0C, std::uint32_t> {};
    struct TimerControl : base::Register<0x40, std::uint32_t> {};
    struct MailboxControl : base::Register<0x50, std::uint32_t> {};
    struct Source : base::Register<0x60, std::uint32_t> {};
    // The GPU's controller, in its page.
    struct Pending1 : base::Register<0x204, std::uint32_t> {};
    struct Pending2 : base::Register<0x208, std::uint32_t> {};
    struct FastInterrupt : base::Register<0x20C, std::uint32_t> {};
    struct Enable1 : base::Register<0x210, std::uint32_t> {};
    struct Enable2 : base::Register<0x214, std::uint32_t> {};
    struct Disable1 : base::Register<0x21C, std::uint32_t> {};
    struct Disable2 : base::Register<0x220, std::uint32_t> {};
    struct DisableBasic : base::Register<0x224, std::uint32_t> {};

    static constexpr std::uint32_t kFirstOwn = 64;
    static constexpr std::uint32_t kFirstMailbox = 68;
    static constexpr std::uint32_t kOwnSources = 0xFF; ///< four timers, four mailboxes
    static constexpr std::uint32_t kGpuSource = 1U << 8U;

    /// Timers and mailboxes have a control register each, with bits 0..3.
    static constexpr auto own_bit(std::uint32_t line) -> std::uint32_t {
        return 1U << (line - kFirstOwn) % 4;
    }

    base::RegisterBlock local_;
    base::RegisterBlock gpu_;
};
static_assert(InterruptDriver<Bcm2836Interrupts>);

} // namespace kernel::drivers
