// SPDX-License-Identifier: MIT
/// From the first C++ in the high half to the first instruction of init, and of the other cores to their
/// first wait.
#include "generated/board_facts.hpp"
#include "kernel/abi/boot_info.hpp"
#include "kernel/arch/boot.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/arch/stacks.hpp"
#include "kernel/boot/init_thread.hpp"
#include "kernel/entry/resume.hpp"
#include "kernel/object/sched_context.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/sched/core.hpp"
#include "kernel/sched/lending.hpp"
#include "kernel/sched/ticket_lock.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace kernel {

static_assert(Core::kMax == arch::kMaxCores && board::kCoreCount <= Core::kMax);
static_assert(abi::init_slot::kFirstCoreControl + Core::kMax <= abi::init_slot::kFirstFree);

constinit std::atomic<std::uint64_t> arch::joining_core{};

namespace boot {

namespace {

constinit TicketLock kernel_lock{};

/// Core `number` joins, or never will: whoever of the two that it concerns gets true has decided it.
auto decide_on(std::uint64_t number) -> bool { return arch::joining_core.compare_exchange_strong(number, 0); }

/// On the core itself.
auto set_up_core(unsigned number) -> Core& {
    Core& core = Core::by_number(number);
    core.start(number);
    core.set_kernel_stack(arch::kernel_stack_top(number));
    arch::Cpu::set_core(core);
    return core;
}

/// Waits until core `number` has joined, but not for ever.
auto start_core(unsigned number) -> bool {
    Core const& core = Core::by_number(number);
    auto const deadline = arch::Time::now() + arch::Time::frequency();
    arch::joining_core = number;
    if (!arch::start_core(number)) {
        arch::joining_core = 0;
        return false;
    }
    while (!core.started()) {
        if (arch::Time::now() >= deadline && decide_on(number)) {
            return false;
        }
    }
    return true;
}

/// How many cores run from now on, at most `wanted`. The first has the kernel, and the others wait for it.
auto start_other_cores(Core& first, std::uint64_t wanted) -> unsigned {
    unsigned count = 1;
    auto const limit = std::min<std::uint64_t>(wanted, board::kCoreCount);
    if (limit > 1) {
        first.share_kernel(kernel_lock);
        first.take_kernel();
        while (count < limit && start_core(count)) {
            ++count;
        }
        Core::set_count(count);
    }
    return count;
}

/// Lets init run before everything else, round robin with others of its priority.
void start_init(InitThread const& init) {
    constexpr std::uint64_t kSlicesPerSecond = 100;
    init.context.priority = abi::kMaxPriority;
    init.context.budget = arch::Time::frequency() / kSlicesPerSecond;
    init.context.remaining = init.context.budget;
    lending::bind(init.context, init.thread);
    init.thread.become(ThreadState::Running);
    lending::update(init.thread);
}

/// Nothing remains of it but what it has made: it runs on the stack that the first system call starts afresh.
auto boot(base::PhysAddr device_tree) -> arch::Registers const* {
    arch::initialise();
    MemoryMap map = map_memory(device_tree, image_extent());
    arch::heed(map.processors);
    arch::initialise_interrupts();
    arch::initialise_core();
    Core& core = set_up_core(0);
    core.announce();
    PayloadView const payload{map.image};
    InitThread const init = make_init(map, payload, start_other_cores(core, payload.core_count()));
    start_init(init);
    return entry::resume(core, core.choose());
}

auto join(unsigned number) -> arch::Registers const* {
    if (!decide_on(number)) {
        // It comes too late: the others have begun without it.
        while (true) {
            arch::Cpu::wait_for_interrupt();
        }
    }
    arch::initialise_core();
    Core& core = set_up_core(number);
    core.share_kernel(kernel_lock);
    core.announce();
    core.take_kernel();
    return entry::resume(core, core.choose());
}

} // namespace

/// Called by the architecture's head file on the first core. `device_tree` is what the boot loader passed.
extern "C" [[noreturn]] void kernel_main(std::uint64_t device_tree) {
    arch::leave_kernel(boot(base::PhysAddr{device_tree}));
}

/// The same on every other core.
extern "C" [[noreturn]] void kernel_other_core(std::uint64_t number) {
    arch::leave_kernel(join(static_cast<unsigned>(number)));
}

} // namespace boot

} // namespace kernel
