// SPDX-License-Identifier: MIT
/// AArch64, as kernel/arch/contract.hpp wants it.
#pragma once

#include "kernel/arch/aarch64/console.hpp"
#include "kernel/arch/aarch64/exception.hpp"
#include "kernel/arch/aarch64/floating_point.hpp"
#include "kernel/arch/aarch64/interrupts.hpp"
#include "kernel/arch/aarch64/memory.hpp"
#include "kernel/arch/aarch64/mmu.hpp"
#include "kernel/arch/aarch64/page_entry.hpp"
#include "kernel/arch/aarch64/processor.hpp"
#include "kernel/arch/aarch64/registers.hpp"
#include "kernel/arch/aarch64/time.hpp"
