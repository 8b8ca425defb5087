// SPDX-License-Identifier: MIT
/// The benchmark: checks the counter, measures every row, and prints
///
/// ```
/// BENCH <row> <smallest> <median> <largest>     instructions
/// BENCH FAILED <why>
/// BENCH DONE
/// ```
#include "base/result.hpp"
#include "base/text.hpp"
#include "generated/env.hpp"
#include "os/startup_info.hpp"
#include "rig.hpp"

#include "generated/object/debug_console.hpp"

namespace {

os::object::DebugConsole const console{os::slot::kDebugConsole};

auto measure_all(Env& env) -> bench::Outcome {
    TRY(bench::must(console.allow_cycle_counter(), "there is no counter"));
    TRY(bench::check_counter());
    // Its thread never ends: it is not to be waited for.
    static bench::Rig rig{.peer = env.peer(), .uart = env.startup().devices().front()};
    TRY(rig.set_up());
    for (auto const measure : {bench::measure_messages, bench::measure_stubs, bench::measure_signals,
                               bench::measure_faults, bench::measure_objects}) {
        TRY(measure(rig));
    }
    return {};
}

} // namespace

void os::main(Env& env) {
    auto const measured = measure_all(env);
    if (measured) {
        bench::write_line("BENCH DONE");
    } else {
        bench::write_line(base::Text<100>{"BENCH FAILED ", measured.error()}.view());
    }
    (void)console.power_off(measured ? 0 : 1); // comes back only where the board cannot
}
