// SPDX-License-Identifier: MIT
/// What differs from one architecture to the next, under one name for all. Each architecture's folder
/// `libos/arch/<name>` has its own `os/arch/cpu.hpp`; this header says what it must hold.
#pragma once

#include "os/arch/cpu.hpp"

#include <concepts>

namespace os::arch {

static_assert(std::same_as<decltype(counter()), std::uint64_t>);
static_assert(std::same_as<decltype(counter_frequency()), std::uint64_t>);
/// Before the first time that the frequency is asked for: what it is, for processors that do not know it.
static_assert(std::same_as<decltype(set_counter_frequency(0)), void>);
static_assert(std::same_as<decltype(kElfMachine), std::uint16_t const>);
static_assert(std::same_as<decltype(is_permission_fault(0)), bool>);
static_assert(std::same_as<decltype(kTlsHeaderSize), std::size_t const>);
static_assert(std::same_as<decltype(reg::kProgramCounter), std::uint8_t const>);
static_assert(std::same_as<decltype(reg::kStackPointer), std::uint8_t const>);
static_assert(std::same_as<decltype(reg::kFirstArgument), std::uint8_t const>);
static_assert(std::same_as<decltype(reg::kReturnAddress), std::uint8_t const>);

} // namespace os::arch
