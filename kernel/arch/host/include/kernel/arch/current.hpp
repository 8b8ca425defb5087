// SPDX-License-Identifier: MIT
/// The development host, as kernel/arch/contract.hpp wants it: fakes that remember what was asked of them.
#pragma once

#include "kernel/arch/host/machine.hpp"
#include "kernel/arch/host/memory.hpp"
#include "kernel/arch/host/registers.hpp"
