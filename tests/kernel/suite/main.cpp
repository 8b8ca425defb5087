// SPDX-License-Identifier: MIT
/// Runs every test, one after the other, and reports each in a line of its own:
///
/// ```
/// TEST <name> PASS
/// TEST <name> FAIL <why>
/// TEST <name> SKIP <why>
/// SUITE DONE <passed> <failed>
/// ```
#include "generated/env.hpp"
#include "os/arch.hpp"
#include "os/memory.hpp"
#include "os/slots.hpp"
#include "rig.hpp"
#include "tests.hpp"
#include "tests/support/console.hpp"

#include <array>

namespace suite {

namespace {

void report(Test const& test, Outcome const& outcome) {
    if (outcome) {
        tests::write_line("TEST ", test.name, " PASS");
        return;
    }
    Failure const& failure = outcome.error();
    tests::write_line("TEST ", test.name, " FAIL ", failure.where.file_name(), ":", failure.where.line(),
                      ": ", failure.what, " ", failure.number);
}

struct Count {
    unsigned passed{};
    unsigned failed{};
};

auto run(Rig& rig, Test const& test) -> Outcome {
    TRY(rig.set_up());
    Outcome const outcome = far_below([&] { return test.run(rig); });
    Outcome const torn_down = rig.tear_down();
    return outcome ? torn_down : outcome;
}

/// Whether a name is among others, with a comma between two.
auto is_among(std::string_view name, std::string_view names) -> bool {
    while (!names.empty()) {
        auto const end = std::min(names.find(','), names.size());
        if (names.substr(0, end) == name) {
            return true;
        }
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return false;
}

/// All of a table, or those of these names.
void run(Rig& rig, std::span<Test const> tests, std::string_view only, Count& count) {
    for (Test const& test : tests) {
        if (!only.empty() && !is_among(test.name, only)) {
            continue;
        }
        if (test.cores > rig.core_count()) {
            tests::write_line("TEST ", test.name, " SKIP needs ", test.cores, " cores");
            continue;
        }
        Outcome const outcome = run(rig, test);
        report(test, outcome);
        ++(outcome ? count.passed : count.failed);
    }
}

/// Has the pager map the stack that tests may use: later on, that would take slots.
[[gnu::noinline]] void grow_stack() {
    std::array<char volatile, 40U * 1024>
        room; // NOLINT(cppcoreguidelines-pro-type-member-init): touched only
    constexpr std::size_t kPage = 4096;
    for (std::size_t offset = 0; offset < room.size(); offset += kPage) {
        room[offset] = 0;
    }
}

auto run_all(Env const& env) -> Got<Count> {
    grow_stack();
    auto const arena = TRY(must(os::make_object<object::Untyped>(Rig::kArenaBits)));
    Rig rig{arena.slot(), TRY(must(os::allocate_slot(Rig::kSlots))), env.line()};
    // Room above and below for the threads of tests.
    TRY(must(rig.core().configure(static_cast<std::uint8_t>(Priority::Middle), os::slot::kSchedContext,
                                  os::arch::counter_frequency(), 0, 0)));
    rig.set_operations(env.operations());
    Count count;
    for (auto const table : {framework_tests,
                             capability_tests,
                             cnode_refusal_tests,
                             cspace_tests,
                             untyped_tests,
                             ipc_tests,
                             message_tests,
                             right_tests,
                             sender_tests,
                             transfer_tests,
                             reply_tests,
                             serial_tests,
                             notification_tests,
                             bound_tests,
                             fault_tests,
                             handler_tests,
                             hostile_handler_tests,
                             hostile_answer_tests,
                             hostile_cspace_tests,
                             hostile_ending_tests,
                             hostile_revocation_tests,
                             abandoned_caller_tests,
                             memory_tests,
                             space_tests,
                             large_space_tests,
                             page_tests,
                             interrupt_tests,
                             timer_tests,
                             thread_tests,
                             thread_register_tests,
                             register_after_send_tests,
                             register_after_receive_tests,
                             floating_point_tests,
                             scheduling_tests,
                             priority_tests,
                             turn_tests,
                             core_tests,
                             messages_between_cores_tests,
                             cores_together_tests,
                             spaces_of_cores_tests,
                             storm_tests,
                             all_register_tests,
                             line_tests,
                             queue_tests,
                             period_tests,
                             context_tests,
                             signal_lending_tests,
                             lending_tests,
                             lending_end_tests,
                             budget_tests,
                             noise_tests,
                             final_tests}) {
        run(rig, table(), env.only(), count);
    }
    if (!env.only().empty()) {
        run(rig, long_tests(), env.only(), count);
        run(rig, tests_without_large_spaces(), env.only(), count);
    }
    return count;
}

} // namespace
} // namespace suite

void os::main(Env& env) {
    auto const count = suite::run_all(env);
    if (!count) {
        suite::report({"set_up", nullptr}, std::unexpected(count.error()));
        tests::write_line("SUITE DONE 0 1");
    } else {
        tests::write_line("SUITE DONE ", count->passed, " ", count->failed);
    }
    bool const good = count && count->failed == 0;
    (void)tests::kConsole.power_off(good ? 0 : 1); // comes back only where the board cannot
}
