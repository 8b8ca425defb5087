// SPDX-License-Identifier: MIT
/// RISC-V, 64 bits, supervisor mode above SBI firmware, as kernel/arch/contract.hpp wants it.
#pragma once

#include "kernel/arch/riscv64/console.hpp"
#include "kernel/arch/riscv64/exception.hpp"
#include "kernel/arch/riscv64/floating_point.hpp"
#include "kernel/arch/riscv64/interrupts.hpp"
#include "kernel/arch/riscv64/memory.hpp"
#include "kernel/arch/riscv64/mmu.hpp"
#include "kernel/arch/riscv64/page_entry.hpp"
#include "kernel/arch/riscv64/processor.hpp"
#include "kernel/arch/riscv64/registers.hpp"
#include "kernel/arch/riscv64/time.hpp"
