// SPDX-License-Identifier: MIT
/// Runs all checks and says how each went, as the test programs of the kernel do.
#include "check.hpp"

#include "generated/env.hpp"
#include "os/log.hpp"

namespace {

struct Count {
    unsigned passed{};
    unsigned failed{};
};

void run_all(std::span<runtime::Check const> checks, Count& count) {
    for (auto const& check : checks) {
        if (auto const* const wrong = check.run(); wrong != nullptr) {
            ++count.failed;
            os::log(os::LogLevel::Error, "TEST ", check.name, " FAIL ", wrong);
        } else {
            ++count.passed;
            os::log(os::LogLevel::Info, "TEST ", check.name, " PASS");
        }
    }
}

} // namespace

void os::main(Env& env) {
    if (!env.ending().empty()) {
        runtime::come_to_an_end(env.ending());
        return;
    }
    Count count;
    run_all(runtime::memory_checks(), count);
    run_all(runtime::thread_checks(), count);
    run_all(runtime::sync_checks(), count);
    os::log(os::LogLevel::Info, "SUITE DONE ", count.passed, ' ', count.failed);
}
