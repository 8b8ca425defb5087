// SPDX-License-Identifier: MIT
/// Random operations by threads in several address spaces, the same ones in the same order on every kernel:
/// nothing here depends on time. Prints
///
/// ```
/// DIFF <operations> <hash>                    a hash of everything seen so far, now and then
/// DIFF DONE <operations> calls <answered> messages <received> faults <received> violations <of invariants>
/// DIFF FAILED <error>
/// ```
///
/// Two kernels that do the same print the same.
#include "base/result.hpp"
#include "base/text.hpp"
#include "generated/env.hpp"
#include "os/startup_info.hpp"
#include "trial.hpp"

#include <algorithm>

namespace {

constexpr std::uint64_t kInterval = 1000;
constexpr std::uint8_t kPriority = 20; // below that of all workers
constexpr os::object::DebugConsole kConsole{os::slot::kDebugConsole};

template <typename... Pieces>
void write_line(Pieces const&... pieces) {
    base::Text<200> line{pieces..., "\n"};
    auto text = line.view();
    while (!text.empty()) {
        std::array<std::uint8_t, 48> bytes{};
        auto const piece = text.substr(0, bytes.size());
        std::ranges::copy(piece, bytes.begin());
        (void)kConsole.write(static_cast<std::uint8_t>(piece.size()), bytes); // nobody to tell if it fails
        text.remove_prefix(piece.size());
    }
}

auto run(differential::Trial& trial, std::uint64_t operations) -> differential::World::Outcome {
    TRY(differential::World::set_priority(os::slot::kSchedContext, kPriority));
    TRY(trial.set_up());
    std::uint64_t next = kInterval;
    while (trial.counts().operations < operations) {
        TRY(trial.play());
        if (trial.counts().operations >= next) {
            next = trial.counts().operations + kInterval;
            write_line("DIFF ", trial.counts().operations, " ", base::Hex{trial.hash()});
        }
    }
    return {};
}

} // namespace

void os::main(Env& env) {
    differential::Trial trial{env.seed()};
    auto const done = run(trial, env.operations());
    auto const& counts = trial.counts();
    if (done) {
        write_line("DIFF DONE ", counts.operations, " calls ", counts.answered, " messages ", counts.received,
                   " faults ", counts.faults, " violations ", counts.violations);
    } else {
        write_line("DIFF FAILED ", static_cast<unsigned>(done.error()));
    }
    (void)kConsole.power_off(done ? 0 : 1); // comes back only where the board cannot
}
