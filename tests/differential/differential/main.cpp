// SPDX-License-Identifier: MIT
/// Random operations by threads in several address spaces, the same ones in the same order on every kernel:
/// nothing here depends on time. Prints
///
/// ```
/// DIFF world <number> <operations> <hash>     after each world: a hash of everything seen so far
/// DIFF DONE <operations> calls <answered> messages <received> faults <received> signals <received>
///           interrupts <made> violations <of invariants>
/// DIFF FAILED <error>
/// ```
///
/// Two kernels that do the same print the same. To find out where they part, the parameter `trace` has the
/// world of that number print everything that goes into the hash.
#include "base/result.hpp"
#include "generated/env.hpp"
#include "os/startup_info.hpp"
#include "print.hpp"
#include "trial.hpp"

namespace {

using differential::write_line;

constexpr std::uint8_t kPriority = 20; // below that of all workers
constexpr os::object::DebugConsole kConsole{os::slot::kDebugConsole};

auto run(differential::Trial& trial, std::uint64_t operations) -> differential::World::Outcome {
    TRY(differential::World::set_priority(os::slot::kSchedContext, kPriority));
    TRY(trial.set_up());
    for (unsigned world = 1; trial.counts().operations < operations; ++world) {
        TRY(trial.play());
        write_line("DIFF world ", world, " ", trial.counts().operations, " ", base::Hex{trial.hash()});
    }
    return {};
}

} // namespace

void os::main(Env& env) {
    differential::Trial trial{env.seed(), env.trace()};
    auto const done = run(trial, env.operations());
    auto const& counts = trial.counts();
    if (done) {
        write_line("DIFF DONE ", counts.operations, " calls ", counts.answered, " messages ", counts.received,
                   " faults ", counts.faults, " signals ", counts.signals, " interrupts ", counts.interrupts,
                   " violations ", counts.violations);
    } else {
        write_line("DIFF FAILED ", static_cast<unsigned>(done.error()));
    }
    (void)kConsole.power_off(done ? 0 : 1); // comes back only where the board cannot
}
