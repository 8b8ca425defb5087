// SPDX-License-Identifier: MIT
/// Puts what went wrong into words.
#pragma once

#include "base/text.hpp"
#include "components/init/failure.hpp"
#include "kernel/abi/fault.hpp"
#include "kernel/abi/message.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace init {

using Line = base::Text<240>;

/// The kernel's refusals, as they are called in `abi::Error`.
[[nodiscard]] auto error_name(abi::Error error) -> std::string_view;

/// `text` with a question mark for each byte that does not print: names and reports come from elsewhere.
[[nodiscard]] auto printable(std::string_view text) -> Line;

/// "vfs: cannot be started: mapping a page (FailedLookup)"
[[nodiscard]] auto failure_line(std::string_view name, std::string_view what, Failure const& failure) -> Line;

/// Who reports a fault: the kernel, or the component's own pager, which adds to the words of the message.
enum class Reporter : std::uint8_t { Kernel, Pager };

/// "shell failed: it wrote to address 0x10 (nothing is mapped there) at instruction 0x400128"
/// Pre: `label` is a FaultKind.
[[nodiscard]] auto fault_line(std::string_view name, std::uint64_t label, abi::Words const& words,
                              Reporter reporter) -> Line;
[[nodiscard]] constexpr auto is_fault(std::uint64_t label) -> bool {
    return label >= static_cast<std::uint64_t>(abi::FaultKind::Capability) &&
           label <= static_cast<std::uint64_t>(abi::FaultKind::Timeout);
}

/// "  x0 0x1  x1 0x0 ...": registers `first` and those behind it, numbered as `Tcb.read_registers` does.
[[nodiscard]] auto register_line(std::size_t first, std::span<std::uint64_t const> values) -> Line;

} // namespace init
