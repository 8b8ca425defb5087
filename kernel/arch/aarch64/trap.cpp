// SPDX-License-Identifier: MIT
/// Where vectors.S arrives in C++: each function answers with the registers of the thread to run next.
#include "kernel/arch/aarch64/exception.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/arch/upcalls.hpp"
#include "kernel/entry/resume.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/sched/core.hpp"

namespace kernel::arch {

static_assert(tcb_offset::kRegisters == 0 && core_offset::kKernelStack == 8, "vectors.S has these offsets");

extern "C" {
auto enter_system_call(Core& core, std::uint64_t number) -> Registers const*;
auto enter_exception(Core& core, std::uint64_t syndrome, std::uint64_t address) -> Registers const*;
auto enter_interrupt(Core& core) -> Registers const*;
auto enter_system_error(Core& core, std::uint64_t syndrome) -> Registers const*;

auto enter_system_call(Core& core, std::uint64_t number) -> Registers const* {
    return entry::resume(core, handle_syscall(core, number));
}

auto enter_exception(Core& core, std::uint64_t syndrome, std::uint64_t address) -> Registers const* {
    Fault const fault = classify(Syndrome{syndrome}, address);
    if (Syndrome{syndrome}.exception_class() == Syndrome::kFloatingPointAccess) {
        return entry::resume(core, handle_fp_access(core, fault));
    }
    return entry::resume(core, handle_fault(core, fault));
}

auto enter_interrupt(Core& core) -> Registers const* { return entry::resume(core, handle_interrupt(core)); }

/// Something the thread did some time ago, most likely to a device, went wrong outside the core.
auto enter_system_error(Core& core, std::uint64_t syndrome) -> Registers const* {
    return entry::resume(core, handle_fault(core, classify(Syndrome{syndrome}, 0)));
}
}

} // namespace kernel::arch
