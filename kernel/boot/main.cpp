// SPDX-License-Identifier: MIT
/// From the first C++ in the high half to the first instruction of init.
#include "kernel/arch/boot.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/boot/init_thread.hpp"
#include "kernel/entry/resume.hpp"
#include "kernel/object/sched_context.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/sched/core.hpp"
#include "kernel/sched/lending.hpp"

namespace kernel::boot {

namespace {

auto start_first_core() -> Core& {
    Core& core = Core::by_number(0);
    core.start(0);
    core.set_kernel_stack(arch::kernel_stack_top(0));
    arch::Cpu::set_core(core);
    return core;
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
    Core& core = start_first_core();
    MemoryMap map = map_memory(device_tree, image_extent());
    PayloadView const payload{map.image};
    InitThread const init = make_init(map, payload);
    start_init(init);
    return entry::resume(core, core.choose());
}

} // namespace

/// Called by the architecture's head file on the first core. `device_tree` is what the boot loader passed.
extern "C" [[noreturn]] void kernel_main(std::uint64_t device_tree) {
    arch::leave_kernel(boot(base::PhysAddr{device_tree}));
}

} // namespace kernel::boot
