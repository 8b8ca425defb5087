// SPDX-License-Identifier: MIT
/// Where the architecture's exception vectors arrive in C++. Each function is called with the current
/// thread's registers saved, and answers with the registers of the thread to run next.
#include "kernel/arch/contract.hpp"
#include "kernel/arch/upcalls.hpp"
#include "kernel/entry/resume.hpp"
#include "kernel/sched/core.hpp"

namespace kernel::entry {

static_assert(arch::ExceptionCause<arch::Exception>);

extern "C" {
auto enter_contended(Core& core, Core::Entry entry) -> arch::Registers const*;
auto enter_system_call(Core& core, std::uint64_t number) -> arch::Registers const*;
auto enter_exception(Core& core, std::uint64_t cause, std::uint64_t address) -> arch::Registers const*;
auto enter_interrupt(Core& core) -> arch::Registers const*;
auto enter_signal(Core& core, Notification* notification, std::uint64_t word) -> arch::Registers const*;

/// Waits until the kernel is this core's. Null: go on with what the core entered for. That the thread's
/// registers are saved is all that other cores need in order to stop it meanwhile, and then it is tried anew.
auto enter_contended(Core& core, Core::Entry entry) -> arch::Registers const* {
    arch::Mmu::activate_none();
    if (!core.wait_for_kernel(entry)) {
        return nullptr;
    }
    core.serve();
    return resume(core, handle_interrupt(core));
}

auto enter_system_call(Core& core, std::uint64_t number) -> arch::Registers const* {
    return resume(core, handle_syscall(core, number));
}

/// `cause` is what the architecture says about the exception; `address` counts if it is one of memory.
auto enter_exception(Core& core, std::uint64_t cause, std::uint64_t address) -> arch::Registers const* {
    arch::Exception const exception{cause};
    Fault const fault = exception.fault(address);
    return resume(core, exception.is_floating_point_access() ? handle_fp_access(core, fault)
                                                             : handle_fault(core, fault));
}

auto enter_interrupt(Core& core) -> arch::Registers const* { return resume(core, handle_interrupt(core)); }

auto enter_signal(Core& core, Notification* notification, std::uint64_t word) -> arch::Registers const* {
    return resume(core, handle_signal(core, {notification, word}));
}
}

} // namespace kernel::entry
