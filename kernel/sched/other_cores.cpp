// SPDX-License-Identifier: MIT
/// What cores ask of one another. All of it under the kernel's lock.
#include "kernel/arch/contract.hpp"
#include "kernel/sched/core.hpp"

#include <utility>

namespace kernel {

void Core::wait_until(auto condition) {
    // Nothing takes so long, unless the cores are virtual and wait for a real one: to sleep gives them one.
    // To look for about as long as a nap lasts costs at most twice the best that could be done.
    constexpr unsigned kLooks = 10'000;
    constexpr std::uint64_t kNapsPerSecond = 20'000;
    unsigned looks = 0;
    while (!condition()) {
        if (++looks > kLooks) {
            arch::Time::set_deadline(arch::Time::now() + arch::Time::frequency() / kNapsPerSecond);
            arch::Cpu::wait_for_interrupt();
        }
    }
    if (looks > kLooks) {
        arm();
    }
}

void Core::take_kernel() {
    if (lock_ != nullptr) {
        wait_until([this, ticket = lock_->draw()] { return lock_->is_turn_of(ticket); });
    }
}

void Core::hold() {
    if (current_ == nullptr || this == &arch::Cpu::core()) {
        return;
    }
    // It enters soon: nothing keeps a core from that but the lock, which it waits for with its entry
    // published.
    if (entry_.load(std::memory_order_acquire) == Entry::None) {
        arch::Interrupts::call(number_);
    }
    arch::Cpu::core().wait_until([this] { return entry_.load(std::memory_order_acquire) != Entry::None; });
    if (entry_.load(std::memory_order_relaxed) == Entry::SystemCall) {
        current_->registers.rewind_system_call();
    }
    current_ = nullptr;
    held_ = true;
}

void Core::hold_runner_of(Tcb const* thread) {
    for (std::size_t number = 0; number < count_; ++number) {
        if (thread == nullptr || cores_[number].current_ == thread) {
            cores_[number].hold();
        }
    }
}

void hold_other_cores() { Core::hold_others(); }

void Core::call_for_fp() {
    fp_wanted_ = true;
    if (this == &arch::Cpu::core()) {
        serve();
    } else {
        arch::Interrupts::call(number_);
    }
}

void Core::apply_alarm() {
    if (this == &arch::Cpu::core()) {
        arch::Time::set_alarm(alarm_unmasked_ ? alarm_ : arch::Time::kNever);
    } else {
        arch::Interrupts::call(number_);
    }
}

void Core::set_alarm(std::uint64_t deadline) {
    alarm_ = deadline;
    apply_alarm();
}

void Core::mask_alarm(bool masked) {
    alarm_unmasked_ = !masked;
    apply_alarm();
}

void Core::serve() {
    apply_alarm();
    if (std::exchange(fp_wanted_, false) && fp_owner_ != nullptr) {
        arch::FloatingPoint::save(fp_owner_->floating_point);
        arch::FloatingPoint::disable();
        set_fp_owner(nullptr);
    }
}

auto Core::with_fp_of(Tcb const& thread) -> Core* {
    for (std::size_t number = 0; number < count_; ++number) {
        if (cores_[number].fp_owner_ == &thread) {
            return &cores_[number];
        }
    }
    return nullptr;
}

} // namespace kernel
