// SPDX-License-Identifier: MIT
/// Making, starting and ending threads.
#include "os/thread.hpp"

#include "base/assert.hpp"
#include "base/bits.hpp"
#include "memory_manager.hpp"
#include "os/arch.hpp"
#include "os/mutex.hpp"
#include "os/receive_slot.hpp"
#include "os/startup_info.hpp"
#include "os/time.hpp"
#include "resources.hpp"
#include "runtime.hpp"
#include "tls.hpp"

#include "generated/object/core_control.hpp"

namespace os {
namespace {

/// How long a thread runs before others of its priority have their turn.
constexpr std::uint64_t kTimeSlicesPerSecond = 100;

constexpr unsigned kStackAlignmentBits = 4;

thread_local abi::CPtr own_tcb = slot::kTcb; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

/// The endpoint that the faults of a thread go to, with a badge that says whose they are: a slot that the
/// caller deletes when the thread is configured.
auto make_fault_endpoint(abi::CPtr tcb) -> std::expected<Cap<object::Endpoint>, abi::Error> {
    auto const fault_slot = TRY(allocate_slot());
    auto const minted = object::CNode{slot::kCNode}.mint(kSlotDepth, kSlotDepth, abi::rights::kAll,
                                                         fault_slot, slot::kCNode, memory_endpoint, tcb);
    if (!minted) {
        free_slot(fault_slot);
        return std::unexpected(minted.error());
    }
    return Cap<object::Endpoint>{fault_slot};
}

/// The authority over the core that a thread is to run on.
auto core_control(std::optional<std::size_t> core) -> std::expected<object::CoreControl, abi::Error> {
    if (!core) {
        return object::CoreControl{runtime.core_control};
    }
    if (*core >= core_count()) {
        return std::unexpected(abi::Error::RangeError);
    }
    return object::CoreControl{slot::kFirstGrantedCore + *core};
}

/// The right to run there.
auto make_context(ThreadOptions const& options) -> std::expected<Cap<object::SchedContext>, abi::Error> {
    auto const core = TRY(core_control(options.core));
    auto const priority = options.priority.value_or(runtime.priority);
    auto context = TRY(make_object<object::SchedContext>());
    auto const slice = ticks_per_second() / kTimeSlicesPerSecond;
    constexpr std::uint64_t kRoundRobin = 0;
    constexpr std::uint64_t kNoBadge = 0;
    TRY(core.configure(priority, context.slot(), slice, kRoundRobin, kNoBadge));
    return context;
}

} // namespace

/// The first C++ of every thread but the main one, called by os_thread_entry in crt0.S.
extern "C" [[noreturn]] void os_thread_start(Thread::Record* record) {
    own_tcb = record->tcb;
    record->run(record->callable);
    detail::forget_sleep();
    receive_slot::give_back();
    signal(record->finished);
    while (true) {
        (void)object::Tcb{own_tcb}.suspend();
    } // whoever joins deletes the thread
}
extern "C" void os_thread_entry();

auto core_count() -> std::size_t {
    std::size_t count = 0;
    while (count < slot::kGrantedCores && object::CoreControl{slot::kFirstGrantedCore + count}.info()) {
        ++count;
    }
    return count;
}

auto current_tcb() -> abi::CPtr { return own_tcb; }

auto set_fault_handler(abi::CPtr tcb) -> std::expected<void, abi::Error> {
    if (memory_endpoint == abi::kNullCPtr) { // this is the pager itself
        return object::Tcb{tcb}.configure(slot::kCNode, slot::kVSpace, runtime.supervisor);
    }
    auto const faults = TRY(make_fault_endpoint(tcb));
    return object::Tcb{tcb}.configure(slot::kCNode, slot::kVSpace, faults.slot());
}

auto Thread::prepare(ThreadOptions const& options) -> std::expected<Thread, abi::Error> {
    Thread thread;
    thread.finished_ = TRY(make_object<object::Notification>());
    thread.context_ = TRY(make_context(options));
    thread.stack_ = TRY(Mapping::allocate(options.stack_size));
    thread.stack_top_ = thread.stack_.address().value() + thread.stack_.size();
    auto tcb = TRY(make_object<object::Tcb>());
    TRY(set_fault_handler(tcb.slot()));
    TRY(thread.context_->bind(tcb.slot()));
    thread.tcb_ = std::move(tcb); // from here on there is something to join
    return thread;
}

auto Thread::reserve(std::size_t size, std::size_t alignment) -> void* {
    stack_top_ = base::align_down(stack_top_ - size, base::log2_ceiling(alignment));
    ASSERT(stack_top_ > stack_.address().value());
    return reinterpret_cast<void*>(stack_top_); // within the stack, which is mapped and still unused
}

auto Thread::start(void (*run)(void*), void* callable) -> std::expected<void, abi::Error> {
    auto const thread_pointer = prepare_tls(reserve(tls_block_size(), tls_alignment()));
    auto* const record = new (reserve(sizeof(Record), alignof(Record)))
        Record{.run = run, .callable = callable, .tcb = tcb_.slot(), .finished = finished_.slot()};
    auto const stack_pointer = base::align_down(stack_top_, kStackAlignmentBits);
    auto const resume = [&]() -> std::expected<void, abi::Error> {
        TRY(tcb_->set_tls(thread_pointer));
        TRY(tcb_->write_registers(arch::reg::kFirstArgument, 1, false,
                                  {reinterpret_cast<std::uint64_t>(record)}));
        // Program counter, stack pointer, no flags.
        static_assert(arch::reg::kProgramCounter == 0 && arch::reg::kStackPointer == 1);
        return tcb_->write_registers(arch::reg::kProgramCounter, 3, true,
                                     {reinterpret_cast<std::uint64_t>(&os_thread_entry), stack_pointer, 0});
    };
    auto const resumed = resume();
    if (!resumed) {
        tcb_.reset();
    } // nothing to join
    return resumed;
}

auto Thread::operator=(Thread&& other) noexcept -> Thread& {
    if (this != &other) {
        join();
        tcb_ = std::move(other.tcb_);
        context_ = std::move(other.context_);
        finished_ = std::move(other.finished_);
        stack_ = std::move(other.stack_);
        stack_top_ = other.stack_top_;
    }
    return *this;
}

void Thread::join() {
    if (tcb_) {
        (void)finished_->wait();
    } // the word says nothing
    // The thread may still be on its way from the signal to its end: it goes before its stack does.
    tcb_.reset();
    context_.reset();
    finished_.reset();
    stack_ = Mapping{};
}

} // namespace os
