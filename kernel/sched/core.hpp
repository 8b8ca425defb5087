// SPDX-License-Identifier: MIT
/// A core: what runs on it, and what is to run next.
#pragma once

#include "kernel/arch/contract.hpp"
#include "kernel/arch/upcalls.hpp"
#include "kernel/object/sched_context.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/sched/replenish_queue.hpp"
#include "kernel/sched/run_queue.hpp"
#include "kernel/sched/ticket_lock.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace kernel {

/// Scheduling contexts, not threads, are scheduled: `running` is charged for the time that passes, and its
/// runner is the thread that runs. Every other context of the core whose runner can run is in the run queue,
/// or waits for its budget.
class Core {
public:
    static constexpr std::size_t kMax = 8;

    [[nodiscard]] static auto by_number(std::size_t number) -> Core& { return cores_[number]; }
    /// Cores 0 up to and not including this one run.
    [[nodiscard]] static auto count() -> std::size_t { return count_; }
    static void set_count(std::size_t count) { count_ = count; }
    /// Makes the core one that has nothing to run.
    void start(std::size_t number);
    /// Makes the core one that has joined the others.
    void announce() { started_.store(true, std::memory_order_release); }
    [[nodiscard]] auto started() const -> bool { return started_.load(std::memory_order_acquire); }
    [[nodiscard]] auto number() const -> std::size_t { return number_; }

    /// The thread whose registers are in its TCB while the kernel runs; null when the core idled, or when the
    /// thread has been destroyed.
    [[nodiscard]] auto current() const -> Tcb* { return current_; }
    void set_current(Tcb* thread) { current_ = thread; }
    void set_kernel_stack(std::uint64_t top) { kernel_stack_ = top; }
    /// Whose values are in the floating-point registers; null: nobody's. Exactly the owners of cores have
    /// `fp_live` set.
    [[nodiscard]] auto fp_owner() const -> Tcb* { return fp_owner_; }
    void set_fp_owner(Tcb* thread) {
        if (fp_owner_ != nullptr) {
            fp_owner_->fp_live = false;
        }
        if (thread != nullptr) {
            thread->fp_live = true;
        }
        fp_owner_ = thread;
    }

    /// Why a core waits for the kernel; its thread's registers are in the TCB.
    enum class Entry : std::uint8_t { None = 0, Trap = 1, SystemCall = 2 };
    /// Waits for the lock. Until it has it, other cores may take the current thread away: true if one did,
    /// and there is none now.
    [[nodiscard]] auto wait_for_kernel(Entry entry) -> bool {
        begin_wait(entry);
        take_kernel();
        return end_wait();
    }
    void begin_wait(Entry entry) { entry_.store(entry, std::memory_order_release); }
    [[nodiscard]] auto end_wait() -> bool {
        entry_.store(Entry::None, std::memory_order_relaxed);
        return std::exchange(held_, false);
    }

    /// Takes the current thread away from this core, if it is another one than that which executes this:
    /// until that leaves the kernel, the thread's registers are in its TCB, no core runs it, and it may be
    /// changed in every way. Then the core chooses anew.
    void hold();
    /// The same for whichever other core runs `thread`, if one does.
    static void hold(Tcb const& thread) {
        if (count_ > 1) {
            hold_runner_of(&thread);
        }
    }
    /// The same for all other cores: none of them uses the address space of a thread.
    static void hold_others() { hold_runner_of(nullptr); }
    /// The same for whichever other core runs the thread that has its address space from `slot`, if one does.
    static void hold_user_of(Slot const& slot) {
        // It is compared with what cores run, and not looked at: the slot may be any.
        hold_runner_of(reinterpret_cast<Tcb const*>(reinterpret_cast<std::uint64_t>(&slot) -
                                                    offsetof(Tcb, slots) - Tcb::kVSpace * sizeof(Slot)));
    }
    /// Has this core save and give up the floating-point registers: soon, if it is another one than that
    /// which executes this.
    void call_for_fp();
    /// Has the core's alarm interrupt it at `deadline`, once it is not masked. For another core than that
    /// which executes this, soon.
    void set_alarm(std::uint64_t deadline);
    /// It is masked at first, and when it has interrupted.
    void mask_alarm(bool masked);
    /// What other cores have asked this one for.
    void serve();
    /// The core that has the thread's floating-point values in its registers; null: none.
    [[nodiscard]] static auto with_fp_of(Tcb const& thread) -> Core*;
    /// Waits for the lock; for a core that has no thread. One that has waits as above.
    void take_kernel();
    void release_kernel() {
        if (lock_ != nullptr) {
            lock_->release();
        }
    }
    /// Makes the kernel one that several cores enter, one at a time.
    void share_kernel(TicketLock& lock) { lock_ = &lock; }

    /// The thread to run next: the runner of `running`, unless a context of higher priority is ready.
    [[nodiscard]] auto choose() -> Tcb* {
        if (running_ != nullptr && can_run(*running_) && queue_.highest() <= running_->priority) [[likely]] {
            return running_->runner;
        }
        return switch_context();
    }
    /// Would `choose` say that `thread` runs next, as it does now?
    [[nodiscard]] auto goes_on(Tcb const& thread) const -> bool {
        return running_ != nullptr && running_->runner == &thread && running_ == thread.context &&
               thread.state == ThreadState::Running && running_->remaining != 0 &&
               queue_.highest() <= running_->priority;
    }
    /// The current thread lets others of its priority run.
    void yield();
    /// The core's timer has expired.
    void tick();

    /// Can the runner run, and is there budget for it?
    [[nodiscard]] static auto can_run(SchedContext const& context) -> bool {
        return context.remaining != 0 && context.runner != nullptr &&
               context.runner->state == ThreadState::Running && context.runner->context == &context;
    }

    /// A context's runner may have begun or ceased to be able to run: corrects its place in the queues.
    static void update(SchedContext& context) {
        if (context.state == SchedContext::State::Idle || context.state == SchedContext::State::Ready) {
            requeue(context);
        }
    }
    /// Takes a context out of everything that its core keeps. Its state is Idle then.
    static void forget(SchedContext& context);
    /// Brings what a context has consumed up to date.
    static void settle(SchedContext& context);

private:
    friend struct CoreOffsets;
    friend auto entry_data(Core& core) -> EntryData&;

    /// Null: of whichever thread.
    static void hold_runner_of(Tcb const* thread);
    /// For a condition that other cores bring about. This core executes it, and may sleep.
    void wait_until(auto condition);
    static void requeue(SchedContext& context);
    auto switch_context() -> Tcb*;
    /// Takes back the choice of `running`, which is Idle then.
    auto drop_running() -> SchedContext&;
    void charge(std::uint64_t now);
    void apply_alarm();
    /// Puts a context that can run into the queue, or runs it at once if it preempts.
    void make_ready(SchedContext& context);
    /// Where a context goes that was running until now. Pre: it is Idle.
    void put_away(SchedContext& context);
    /// Makes `context` the one that runs from `now` on. Pre: it is Idle, and nothing runs.
    void run(SchedContext& context, std::uint64_t now);
    /// Pre: `context` is Idle and has no budget left.
    void exhausted(SchedContext& context);
    void release_replenished(std::uint64_t now);
    void arm();
    /// A context with a period that was idle until its replenishment gets its budget before it is made ready.
    static void refill_after_pause(SchedContext& context);

    static Core cores_[kMax];
    static inline std::size_t count_{1};

    // Entry code in assembly works on these; see CoreOffsets.
    Tcb* current_{};
    std::uint64_t kernel_stack_{};
    Tcb* fp_owner_{};
    TicketLock* lock_{};            ///< null while no other core runs
    std::uint64_t entry_scratch_{}; ///< for entry code alone
    EntryData entry_data_{};        ///< for entry code: the architecture's

    std::atomic<Entry> entry_{}; ///< written by this core, read by others while it waits
    bool held_{};                ///< another core has taken the current thread away
    bool fp_wanted_{};           ///< another core needs what is in the floating-point registers
    bool alarm_unmasked_{};
    std::uint64_t alarm_{};   ///< deadline
    SchedContext* running_{}; ///< in no queue; its runner may just have ceased to be able to run
    std::uint64_t running_since_{};
    ReplenishQueue replenishing_;
    Tcb* timed_out_{}; ///< has just used up its budget, and is to have a timeout fault; then nothing runs
    std::size_t number_{};
    RunQueue queue_;
    std::atomic<bool> started_;
};

/// A timeout fault for `thread`, if it still is one that has used up its budget. Implemented by `ipc`.
void raise_timeout(Tcb& thread);

/// For entry code in assembly.
struct CoreOffsets {
    static constexpr std::size_t kCurrent = offsetof(Core, current_);
    static constexpr std::size_t kKernelStack = offsetof(Core, kernel_stack_);
    static constexpr std::size_t kFpOwner = offsetof(Core, fp_owner_);
    static constexpr std::size_t kLock = offsetof(Core, lock_);
    static constexpr std::size_t kEntryData = offsetof(Core, entry_data_);
    static constexpr std::size_t kEntryScratch = offsetof(Core, entry_scratch_);
    static constexpr std::size_t kRunning = offsetof(Core, running_);
    static constexpr std::size_t kRunningSince = offsetof(Core, running_since_);
    static constexpr std::size_t kReplenishing = offsetof(Core, replenishing_);
    static constexpr std::size_t kNumber = offsetof(Core, number_);
    static constexpr std::size_t kHighest = offsetof(Core, queue_) + RunQueueOffsets::kHighest;
    static constexpr std::size_t kOccupiedWords = offsetof(Core, queue_) + RunQueueOffsets::kOccupiedWords;
    static constexpr std::size_t kOccupied = offsetof(Core, queue_) + RunQueueOffsets::kOccupied;
    static constexpr std::size_t kLists = offsetof(Core, queue_) + RunQueueOffsets::kLists;
};

} // namespace kernel
