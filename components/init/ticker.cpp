// SPDX-License-Identifier: MIT
/// The thread behind the ticks.
#include "components/init/ticker.hpp"

#include "base/address.hpp"
#include "base/result.hpp"
#include "components/init/address_space.hpp"
#include "components/init/thread.hpp"
#include "generated/object/tcb.hpp"
#include "os/arch.hpp"
#include "os/startup_info.hpp"
#include "os/syscall.hpp"

#include <algorithm>
#include <bit>

namespace init {
namespace {

using abi::ObjectType;

constexpr std::uint64_t kStackAddress = os::kScratchAddress + 16 * base::kPageSize;
constexpr std::uint64_t kStackTop = kStackAddress + base::kPageSize;
constexpr std::uint64_t kSharesOfAPeriod = 500; ///< of which the thread may use one

/// Waits by being out of budget: from then on the thread does not run before its next period begins.
[[noreturn]] void tick(abi::CPtr notification) {
    std::uint64_t const period = os::arch::counter_frequency() / Ticker::kTicksPerSecond;
    for (;;) {
        std::uint64_t const signalled = os::arch::counter();
        os::signal(notification);
        while (os::arch::counter() - signalled < period) {
            os::arch::relax();
        }
    }
}

} // namespace

auto Ticker::make(Objects& objects, abi::BootInfo const& boot, abi::CPtr notification) -> Result<Ticker> {
    abi::CPtr const stack = TRY(objects.make(kCommon, ObjectType::Frame, abi::kSmallFrameBits));
    AddressSpace space{objects, kCommon, abi::init_slot::kVSpace};
    TRY(space.map(stack, {kStackAddress, abi::rights::kRead | abi::rights::kWrite}));
    std::uint64_t const period = std::max(boot.timer_frequency / kTicksPerSecond, kSharesOfAPeriod);
    ThreadPlan const plan{.tcb = TRY(objects.make(kCommon, ObjectType::Tcb)),
                          .context = TRY(objects.make(kCommon, ObjectType::SchedContext)),
                          .cspace = kRoot.capability(),
                          .vspace = abi::init_slot::kVSpace,
                          // The kernel takes the entry point as a number.
                          .entry = std::bit_cast<std::uint64_t>(&tick),
                          .stack_top = kStackTop,
                          .argument = notification,
                          .priority = abi::kMaxPriority,
                          .budget = period / kSharesOfAPeriod,
                          .period = period};
    TRY(prepare(plan));
    return Ticker{plan.tcb};
}

void Ticker::start() const {
    // Without a clock init waits without a limit: nothing is lost that it could report.
    (void)os::object::Tcb{tcb_}.resume();
}

void Ticker::stop() const { (void)os::object::Tcb{tcb_}.suspend(); } // as above

} // namespace init
