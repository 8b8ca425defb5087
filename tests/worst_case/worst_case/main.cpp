// SPDX-License-Identifier: MIT
/// Does each operation once. Prints
///
/// ```
/// OPERATION <number of its mark> <name>
/// OPERATIONS FAILED <file>:<line>: <what> <number>
/// OPERATIONS DONE
/// ```
#include "crowd.hpp"
#include "generated/env.hpp"
#include "operations.hpp"
#include "os/arch.hpp"
#include "os/memory.hpp"
#include "os/slots.hpp"
#include "tests/support/console.hpp"

#include <algorithm>

namespace worst_case {
namespace {

constexpr std::uint64_t kMarkSize = 4; // bytes
unsigned current = 0;                  // mark 0 is for what does not count

void mark(unsigned number) {
    // threads.S: functions that return at once.
    auto const place = reinterpret_cast<std::uint64_t>(&operation_marks) + number * kMarkSize;
    reinterpret_cast<void (*)()>(place)();
}

auto run(Rig& rig, Operation const& operation) -> Outcome {
    tests::write_line("OPERATION ", ++current, " ", operation.name);
    auto const outcome = operation.run(rig);
    end();
    Outcome const cleared = rig.clear();
    return outcome ? cleared : outcome;
}

auto run_all() -> Outcome {
    auto const arena = TRY(must(os::make_object<object::Untyped>(Rig::kArenaBits)));
    Rig rig{arena.slot(), TRY(must(os::allocate_slot(Rig::kSlots)))};
    TRY(must(
        rig.core().configure(kMainPriority, os::slot::kSchedContext, os::arch::counter_frequency(), 0, 0)));
    for (auto const& table : {capability_operations(), memory_operations(), thread_operations()}) {
        for (auto const& operation : table) {
            TRY(run(rig, operation));
        }
    }
    return {};
}

} // namespace

void begin() { mark(current); }
void end() { mark(0); }

} // namespace worst_case

void os::main(Env& /*env*/) {
    auto const outcome = worst_case::run_all();
    if (outcome) {
        tests::write_line("OPERATIONS DONE");
    } else {
        auto const& failure = outcome.error();
        tests::write_line("OPERATIONS FAILED ", failure.where.file_name(), ":", failure.where.line(), ": ",
                          failure.what, " ", failure.number);
    }
    (void)tests::kConsole.power_off(outcome ? 0 : 1); // comes back only where the board cannot
}
