// SPDX-License-Identifier: MIT
#include "kernel/sched/core.hpp"

#include "kernel/object/wait_queue.hpp"
#include "kernel/sched/lending.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace kernel {

using State = SchedContext::State;

constinit Core Core::cores_[kMax]{};

auto entry_data(Core& core) -> EntryData& { return core.entry_data_; }

void Core::start(std::size_t number) {
    std::construct_at(this);
    number_ = number;
    alarm_ = arch::Time::kNever;
}

void Core::charge(std::uint64_t now) {
    // Another core may have charged last, and the counters of two may differ by a tick.
    auto const until = std::max(now, running_since_);
    auto const elapsed = until - running_since_;
    running_since_ = until;
    running_->consumed += elapsed;
    running_->remaining -= elapsed < running_->remaining ? elapsed : running_->remaining;
}

void Core::exhausted(SchedContext& context) {
    if (context.period == 0) {
        context.remaining = context.budget;
        if (can_run(context)) {
            queue_.push_back(context);
        }
        return;
    }
    context.state = State::Replenishing;
    replenishing_.insert(context);
    // A server goes on with its own budget when the caller's is used up.
    auto* const runner = context.runner;
    if (runner == nullptr) {
        return;
    }
    if (runner->lender != nullptr && runner->own != nullptr) {
        lending::give_back(*runner);
        wait_queue::reorder(*runner);
        lending::update(*runner);
    } else if (!runner->slots[Tcb::kTimeoutEndpoint].empty()) {
        timed_out_ = runner;
    }
}

void Core::release_replenished(std::uint64_t now) {
    // If there are more, the timer fires again at once: what is urgent can come in between.
    constexpr int kAtOnce = 8;
    for (int count = 0; count < kAtOnce; ++count) {
        if (replenishing_.front() == nullptr || replenishing_.front()->replenish_at > now) {
            return;
        }
        auto& context = *replenishing_.front();
        forget(context);
        context.remaining = context.budget;
        context.replenish_at = now + context.period;
        update(context);
    }
}

void Core::arm() {
    auto deadline = arch::Time::kNever;
    if (running_ != nullptr) {
        deadline = running_since_ + running_->remaining;
    }
    auto const* const first = replenishing_.front();
    if (first != nullptr && first->replenish_at < deadline) {
        deadline = first->replenish_at;
    }
    arch::Time::set_deadline(deadline);
}

auto Core::drop_running() -> SchedContext& {
    auto& old = *running_;
    old.state = State::Idle;
    running_ = nullptr;
    return old;
}

auto Core::switch_context() -> Tcb* {
    auto const now = arch::Time::now();
    if (running_ != nullptr) {
        charge(now);
        put_away(drop_running());
    }
    // Here and not at once: the thread may be in the middle of a system call.
    if (timed_out_ != nullptr) {
        raise_timeout(*std::exchange(timed_out_, nullptr));
    }
    auto* const next = queue_.pop();
    if (next == nullptr) {
        arm();
        return nullptr;
    }
    run(*next, now);
    return next->runner;
}

void Core::yield() {
    if (running_ == nullptr || queue_.highest() < running_->priority || !can_run(*running_)) {
        return;
    }
    charge(arch::Time::now());
    auto& old = drop_running();
    if (old.period == 0) {
        old.remaining = 0;
    }
    if (old.remaining == 0) {
        exhausted(old);
    } else {
        queue_.push_back(old);
    }
}

void Core::tick() {
    auto const now = arch::Time::now();
    if (running_ != nullptr) {
        charge(now);
        if (running_->remaining == 0) {
            exhausted(drop_running());
        }
    }
    // What is released may preempt, at a later time than `now`: nothing is charged after it.
    release_replenished(now);
    arm();
}

void Core::refill_after_pause(SchedContext& context) {
    if (context.period == 0) {
        return;
    }
    auto const now = arch::Time::now();
    if (now < context.replenish_at) {
        return;
    }
    context.remaining = context.budget;
    context.replenish_at = now + context.period;
}

void Core::requeue(SchedContext& context) {
    auto& core = by_number(context.core);
    auto const runnable = can_run(context);
    if (context.state == State::Ready) {
        if (!runnable) {
            core.queue_.remove(context);
        }
        return;
    }
    if (context.runner == nullptr || context.runner->state != ThreadState::Running) {
        return;
    }
    refill_after_pause(context);
    if (can_run(context)) {
        core.make_ready(context);
    }
}

void Core::make_ready(SchedContext& context) {
    // What runs on another core is for that core to change.
    auto const here = this == &arch::Cpu::core();
    auto const preempts = running_ == nullptr || context.priority > running_->priority;
    if (!here && preempts) {
        arch::Interrupts::call(number_);
    }
    // Through the queue it would come out again at once.
    if (!here || !preempts || running_ == nullptr) {
        queue_.push_back(context);
        return;
    }
    auto const now = arch::Time::now();
    charge(now);
    put_away(drop_running());
    if (timed_out_ != nullptr) {
        queue_.push_back(context);
        return;
    }
    run(context, now);
}

void Core::put_away(SchedContext& context) {
    if (context.remaining == 0 && context.budget != 0) {
        exhausted(context);
    } else if (can_run(context)) {
        queue_.push_front(context);
    }
}

void Core::run(SchedContext& context, std::uint64_t now) {
    running_ = &context;
    running_since_ = now;
    context.state = State::Chosen;
    arm();
}

void Core::forget(SchedContext& context) {
    auto& core = by_number(context.core);
    if (context.state == State::Chosen) {
        core.hold();
        core.charge(arch::Time::now());
        core.drop_running();
    } else if (context.state == State::Ready) {
        core.queue_.remove(context);
    } else if (context.state == State::Replenishing) {
        core.replenishing_.remove(context);
    }
    context.state = State::Idle;
}

void Core::settle(SchedContext& context) {
    if (context.state == State::Chosen) {
        by_number(context.core).charge(arch::Time::now());
    }
}

} // namespace kernel
