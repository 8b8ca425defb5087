// SPDX-License-Identifier: MIT
/// The operations that are measured: functions with a name that the tool prints. Each prepares what makes the
/// kernel's work long, says `begin` and does it.
#pragma once

#include "rig.hpp"

#include <span>
#include <string_view>

extern "C" {
// threads.S. NOLINTBEGIN(readability-identifier-naming)
extern std::byte const operation_marks;
void thread_receives(std::uint64_t);
void thread_sends(std::uint64_t);
void thread_calls(std::uint64_t);
void thread_passes_on(std::uint64_t);
void thread_spins(std::uint64_t);
// NOLINTEND(readability-identifier-naming)
}

namespace worst_case {

using suite::CPtr;
using suite::Got;
using suite::kDepth;
using suite::kOwnSpace;
using suite::kRoot;
using suite::must;
using suite::ObjectType;
using suite::Outcome;
using suite::Rig;
namespace object = suite::object;

struct Operation {
    std::string_view name;
    Outcome (*run)(Rig& rig);
};

/// From here to `end` the kernel's work counts for the operation that runs.
void begin();
void end();

auto capability_operations() -> std::span<Operation const>;
auto memory_operations() -> std::span<Operation const>;
auto thread_operations() -> std::span<Operation const>;

} // namespace worst_case
