// SPDX-License-Identifier: MIT
/// The kernel's last words when it has taken an exception itself.
#include "kernel/arch/riscv64/panic.hpp"

#include "kernel/arch/panic.hpp"

extern "C" {
// One is enough: a machine whose kernel has crashed stops.
constinit kernel::arch::Crash kernel_crash{};
}

namespace kernel {

extern "C" void arch::report_crash(Crash const& crash) {
    std::array const named{
        NamedRegister{"scause", crash.cause},
        NamedRegister{"stval", crash.value},
        NamedRegister{"sepc", crash.program_counter},
    };
    report_exception(crash.value, named, crash.general);
}

} // namespace kernel
