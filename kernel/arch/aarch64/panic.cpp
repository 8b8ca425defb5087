// SPDX-License-Identifier: MIT
/// The kernel's last words when it has taken an exception itself.
#include "kernel/arch/aarch64/panic.hpp"

#include "kernel/arch/panic.hpp"

extern "C" {
// One is enough: a machine whose kernel has crashed stops.
constinit kernel::arch::Crash kernel_crash{};
}

namespace kernel {

extern "C" void arch::report_crash(Crash const& crash) {
    std::array const named{
        NamedRegister{"esr", crash.syndrome},     NamedRegister{"far", crash.address},
        NamedRegister{"spsr", crash.flags},       NamedRegister{"pc", crash.program_counter},
        NamedRegister{"sp", crash.stack_pointer},
    };
    report_exception(crash.address, named, crash.general);
}

} // namespace kernel
