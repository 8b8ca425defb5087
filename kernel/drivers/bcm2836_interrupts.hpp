// SPDX-License-Identifier: MIT
/// The two interrupt controllers of the BCM2836 and BCM2837: one for the GPU's 64 lines, one for the cores'
/// own.
///
/// Lines 0..63 are the GPU's; from 64 on each core's own: 64 CNTPS, 65 CNTPNS, 66 CNTHP, 67 CNTV, 68..71
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
    constexpr Bcm2836Interrupts(std::uint64_t local, std::uint64_t gpu)
        : local_address_{local}, local_{local}, gpu_{gpu} {}

    static constexpr std::uint32_t kCallLine = 68; ///< mailbox 0
    static constexpr std::uint32_t kFirstShared = 0;
    [[nodiscard]] static constexpr auto end_of_shared() -> std::uint32_t { return kFirstOwn; }

    void initialise() const {
        gpu_word(kDisable, 0) = ~std::uint32_t{0};
        gpu_word(kDisable, 32) = ~std::uint32_t{0};
        gpu_.write<DisableBasic>(~std::uint32_t{0});
        gpu_.write<FastInterrupt>(0U);
        local_.write<GpuRouting>(0U);
    }
    void initialise_core(std::uint32_t core) const {
        own(kTimerControl, core) = 0;
        own(kMailboxControl, core) = 0;
    }
    void unmask_own(std::uint32_t line, std::uint32_t core) const {
        auto& control = own(control_of(line), core);
        control = control | own_bit(line);
    }
    [[nodiscard]] auto claim(std::uint32_t core) const -> std::uint32_t {
        std::uint32_t const source = own(kSource, core);
        std::uint32_t const waiting = source & kOwnSources;
        if (waiting != 0) {
            auto const line = kFirstOwn + static_cast<std::uint32_t>(std::countr_zero(waiting));
            if (line == kCallLine) {
                mailbox(kMailboxClear, core) = kMessage;
            }
            return line;
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
    void mask(std::uint32_t line) const { gpu_word(kDisable, line) = 1U << line % 32; }
    void unmask(std::uint32_t line) const { gpu_word(kEnable, line) = 1U << line % 32; }
    /// All lines are level triggered.
    void configure(std::uint32_t /*line*/, arch::Trigger /*trigger*/) const {}
    /// All lines of the GPU go to one core together.
    [[nodiscard]] static auto route(std::uint32_t /*line*/, std::uint32_t core) -> bool { return core == 0; }

    void call(std::uint32_t core) const {
        // What was written before must be there when the other core comes.
        asm volatile("dsb ishst" ::: "memory");
        mailbox(kMailboxSet, core) = kMessage;
    }

private:
    // The cores' block. The last three are for core 0, those of the others follow.
    struct GpuRouting : base::Register<0x0C, std::uint32_t> {};
    static constexpr std::uint64_t kTimerControl = 0x40;
    static constexpr std::uint64_t kMailboxControl = 0x50;
    static constexpr std::uint64_t kSource = 0x60;
    static constexpr std::uint64_t kMailboxSet = 0x80; ///< each core has four; mailbox 0 of core 0
    static constexpr std::uint64_t kMailboxClear = 0xC0;
    // The GPU's controller, in its page.
    struct Pending1 : base::Register<0x204, std::uint32_t> {};
    struct Pending2 : base::Register<0x208, std::uint32_t> {};
    struct FastInterrupt : base::Register<0x20C, std::uint32_t> {};
    static constexpr std::uint64_t kEnable = 0x210; ///< of lines 0..31; those of the others follow
    static constexpr std::uint64_t kDisable = 0x21C;
    struct DisableBasic : base::Register<0x224, std::uint32_t> {};

    static constexpr std::uint32_t kFirstOwn = 64;
    static constexpr std::uint32_t kFirstMailbox = 68;
    static constexpr std::uint32_t kOwnSources = 0xFF; ///< four timers, four mailboxes
    static constexpr std::uint32_t kGpuSource = 1U << 8U;
    static constexpr std::uint32_t kMessage = 1; ///< any bit will do

    /// Timers and mailboxes have a control register each, with bits 0..3.
    static constexpr auto own_bit(std::uint32_t line) -> std::uint32_t {
        return 1U << (line - kFirstOwn) % 4;
    }

    static constexpr auto control_of(std::uint32_t line) -> std::uint64_t {
        return line < kFirstMailbox ? kTimerControl : kMailboxControl;
    }
    // Tables, indexed by core or line: plain words rather than named types.
    [[nodiscard]] auto gpu_word(std::uint64_t offset, std::uint32_t line) const -> std::uint32_t volatile& {
        return *reinterpret_cast<std::uint32_t volatile*>(gpu_.address() + offset +
                                                          std::uint64_t{line} / 32 * 4);
    }
    [[nodiscard]] auto own(std::uint64_t offset, std::uint32_t core) const -> std::uint32_t volatile& {
        return *reinterpret_cast<std::uint32_t volatile*>(local_address_ + offset + std::uint64_t{core} * 4);
    }
    [[nodiscard]] auto mailbox(std::uint64_t offset, std::uint32_t core) const -> std::uint32_t volatile& {
        return own(offset, core * 4);
    }

    std::uint64_t local_address_;
    base::RegisterBlock local_;
    base::RegisterBlock gpu_;
};
static_assert(InterruptDriver<Bcm2836Interrupts>);

} // namespace kernel::drivers
