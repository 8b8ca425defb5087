// SPDX-License-Identifier: MIT
#include "supervisor.hpp"

#include "base/result.hpp"
#include "os/arch.hpp"
#include "os/memory.hpp"
#include "os/startup_info.hpp"
#include "os/syscall.hpp"

#include "generated/object/debug_console.hpp"

namespace fuzz {
namespace {

namespace reg = os::arch::reg;

constexpr unsigned kRunning = 1; // Tcb.state
constexpr std::uint8_t kPacerPriority = 100;
constexpr std::uint64_t kPeriodsPerSecond = 4000;
constexpr std::uint64_t kShare = 50; ///< of each period that goes into telling time

/// Signals the supervisor whenever nobody else can run.
[[noreturn]] void signal_for_ever(std::uint64_t notification) {
    while (true) {
        os::signal(notification);
    }
}

/// Signals at the beginning of each period: a gap in the time that it sees.
[[noreturn]] void signal_each_period(std::uint64_t notification) {
    auto const gap = os::arch::counter_frequency() / kPeriodsPerSecond / 4;
    auto before = os::arch::counter();
    while (true) {
        auto const now = os::arch::counter();
        if (now - before > gap) {
            os::signal(notification);
        }
        before = now;
    }
}

} // namespace

auto Supervisor::start_helper(void (*run)(std::uint64_t), std::uint8_t priority, std::uint64_t budget,
                              std::uint64_t period) const -> World::Outcome {
    // All of it stays for good.
    constexpr std::size_t kStackSize = 4096;
    auto const thread = object::Tcb{TRY(os::make_object<object::Tcb>()).release()};
    auto const context = object::SchedContext{TRY(os::make_object<object::SchedContext>()).release()};
    static std::array<os::Mapping, 2> stacks;
    auto& stack = stacks[priority == kPacerPriority ? 1 : 0];
    stack = TRY(os::Mapping::allocate(kStackSize));
    TRY(World::configure(context.capability(), priority, budget, period));
    TRY(thread.configure(World::kRoot, os::slot::kVSpace, os::slot::kSupervisor));
    TRY(context.bind(thread.capability()));
    TRY(thread.write_registers(reg::kFirstArgument, 1, false, {wake_}));
    return thread.write_registers(
        reg::kProgramCounter, 2, true,
        {reinterpret_cast<std::uint64_t>(run), stack.address().value() + kStackSize});
}

auto Supervisor::set_up() -> World::Outcome {
    auto const second = os::arch::counter_frequency();
    auto const period = second / kPeriodsPerSecond;
    constexpr std::uint8_t kLowest = 1;
    wake_ = TRY(os::make_objects(ObjectType::Notification, 0, 1)).first_slot;
    TRY(world_.set_up());
    TRY(start_helper(signal_for_ever, kLowest, second, 0));
    return start_helper(signal_each_period, kPacerPriority, period / kShare, period);
}

void Supervisor::count(Page const& page, Batch& batch) {
    auto const end = std::min<std::uint64_t>(page.index, Page::kOperations);
    for (; batch.counted < end; ++batch.counted) {
        coverage_.add(batch.kinds[batch.counted], page.operations[batch.counted],
                      page.results[batch.counted]);
    }
}

void Supervisor::fill(Worker const& worker, Batch& batch) {
    auto& page = *worker.page;
    page.count = 1 + random_.below(Page::kOperations);
    for (std::size_t index = 0; index < page.count; ++index) {
        auto const made = generator_.make(world_.model(worker));
        page.operations[index] = made.operation;
        page.results[index] = {};
        batch.kinds[index] = made.counts_as;
    }
    page.index = 0;
    batch.counted = 0;
}

/// A worker that is done, or has waited for a while, gets new operations; one that seems to be in the middle
/// of something, or of a loop, some time. With one core the looks are farther apart: everyone has come to a
/// stop in between.
auto Supervisor::look_after(std::size_t index) -> World::Outcome {
    constexpr unsigned kPatience = 3;
    auto const& worker = world_.workers()[index];
    auto& batch = batches_[index];
    auto const done = worker.page->index >= worker.page->count;
    batch.idle = worker.page->index == batch.seen ? batch.idle + 1 : 0;
    batch.seen = worker.page->index;
    auto const patient = done || batch.idle >= kPatience ? false
                                                         : TRY(worker.thread.state()).state == kRunning ||
                                                               !random_.one_in(world_.cores() == 1 ? 4 : 2);
    if (patient) {
        return {};
    }
    TRY(worker.thread.suspend());
    if (done) {
        count(*worker.page, batch);
        fill(worker, batch);
    }
    if (batch.idle >= kPatience || random_.one_in(4)) {
        TRY(world_.mend(random_, worker));
    }
    batch.idle = 0;
    batch.seen = worker.page->index;
    return World::start(worker);
}

auto Supervisor::check_invariants() -> World::Outcome {
    ++checks_;
    auto const found = TRY(object::DebugConsole{os::slot::kDebugConsole}.check_invariants());
    if (found != 0) {
        return std::unexpected(abi::Error::RangeError);
    }
    return {};
}

auto Supervisor::play(std::uint64_t calls) -> World::Outcome {
    constexpr std::uint64_t kMaxRounds = 2000;
    // All cores wait for a check.
    auto const check_every = 16 * world_.cores();
    auto const before = coverage_.calls();
    batches_ = {};
    TRY(world_.make(random_));
    for (std::uint64_t round = 0; round < kMaxRounds && coverage_.calls() - before < calls; ++round) {
        (void)os::wait(wake_); // whoever it was
        ++rounds_;
        for (std::size_t index = 0; index < world_.workers().size(); ++index) {
            TRY(look_after(index));
        }
        auto const& worker = world_.workers()[round % World::kSpaces];
        world_.model(worker).refresh_some(random_);
        if (random_.one_in(4)) {
            world_.restore(random_, worker);
        }
        if (random_.one_in(4)) {
            world_.disturb(random_);
        }
        if (random_.one_in(check_every)) {
            TRY(check_invariants());
        }
    }
    TRY(check_invariants());
    TRY(world_.end());
    return check_invariants();
}

} // namespace fuzz
