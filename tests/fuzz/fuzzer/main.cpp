// SPDX-License-Identifier: MIT
/// Random system calls on everything that there is, in one world after the other. Prints
///
/// ```
/// FUZZ SEED <seed>
/// FUZZ <calls> of <calls>                       now and then
/// COVER <invocation or system call> <executed> <succeeded>
/// FUZZ DONE <calls> worlds <count> rounds <of the supervisor> checks <of the invariants> greetings <of a
/// peer> FUZZ FAILED world <number> error <abi::Error> <where>
/// ```
#include "base/result.hpp"
#include "generated/env.hpp"
#include "os/startup_info.hpp"
#include "supervisor.hpp"
#include "tests/support/console.hpp"

#include <algorithm>

namespace {

/// What has been done so far.
struct Progress {
    std::uint64_t worlds;
    std::uint32_t greetings;
};

/// Everyone else goes on: another component answers, and has forgotten nothing.
auto greet(Env& env, Progress& progress) -> bool {
    auto const answer = env.peer().greet("fuzzer");
    return answer && answer->count == ++progress.greetings;
}

auto run(Env& env, fuzz::Supervisor& supervisor, Progress& progress) -> fuzz::World::Outcome {
    constexpr std::uint64_t kCallsPerWorld = 2000;
    auto const interval = std::max<std::uint64_t>(env.calls() / 10, 1);
    auto next = interval;
    TRY(supervisor.set_up());
    while (supervisor.coverage().calls() < env.calls()) {
        TRY(supervisor.play(kCallsPerWorld));
        ++progress.worlds;
        if (!greet(env, progress)) {
            return std::unexpected(abi::Error::Aborted);
        }
        if (supervisor.coverage().calls() >= next) {
            next += interval;
            tests::write_line("FUZZ ", supervisor.coverage().calls(), " of ", env.calls());
        }
    }
    return {};
}

} // namespace

void os::main(Env& env) {
    static fuzz::Supervisor supervisor{env.seed()};
    tests::write_line("FUZZ SEED ", env.seed());
    Progress progress{};
    auto const done = run(env, supervisor, progress);
    auto const& coverage = supervisor.coverage();
    for (std::size_t kind = 0; kind < fuzz::Coverage::kinds(); ++kind) {
        auto const& count = coverage.count(kind);
        tests::write_line("COVER ", fuzz::Coverage::name(kind), " ", count.executed, " ", count.succeeded);
    }
    if (done) {
        tests::write_line("FUZZ DONE ", coverage.calls(), " worlds ", progress.worlds, " rounds ",
                          supervisor.rounds(), " checks ", supervisor.checks(), " greetings ",
                          progress.greetings);
    } else {
        tests::write_line("FUZZ FAILED world ", progress.worlds, " error ",
                          static_cast<unsigned>(done.error()), " calls ", coverage.calls(), " rounds ",
                          supervisor.rounds());
    }
    (void)tests::kConsole.power_off(done ? 0 : 1); // comes back only where the board cannot
}
