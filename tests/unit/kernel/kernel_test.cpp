// SPDX-License-Identifier: MIT
#include "kernel_test.hpp"

#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/debug/invariants.hpp"
#include "kernel/invoke/lifecycle.hpp"
#include "kernel/object/create.hpp"
#include "kernel/sched/irq_line.hpp"
#include "kernel/sched/lending.hpp"

#include <memory>

namespace kernel::test {
namespace {

constexpr std::uint64_t kTrap = 0x1000; ///< where every thread's system call is
using Registers = arch::Registers;

/// Memory for the objects that boot makes.
class BootMemory {
public:
    auto take(create::Kind kind) -> Capability {
        auto const bits = unsigned{create::sizes(kind.type).bits} + kind.size_bits;
        next_ = next_.align_up(bits);
        auto const address = arch::Memory::kernel_address(next_);
        arch::Memory::clear({address, address + base::power_of_two(bits)});
        next_ = next_ + base::power_of_two(bits);
        return create::object(kind, address);
    }

private:
    base::PhysAddr next_{arch::host::kRamBase};
};

} // namespace

KernelTest::KernelTest() {
    arch::host::restart();
    std::destroy_at(&core());
    std::construct_at(&core());
    core().start(0);
    for (auto& line : IrqLine::lines) {
        std::destroy_at(&line);
        std::construct_at(&line);
    }

    BootMemory memory;
    auto const node = memory.take({ObjectType::CNode, false, kRootRadix});
    root_ = CNodeView{node}.slots();
    derivation::insert_root(slot(kRoot), CNodeView{node}.with_guard(0, 64 - kRootRadix));
    derivation::insert_root(slot(kTcb), memory.take({ObjectType::Tcb, false, 0}));
    derivation::insert_root(slot(kContext), memory.take({ObjectType::SchedContext, false, 0}));
    derivation::insert_root(slot(kVSpace), memory.take({ObjectType::VSpace, false, 0}));
    derivation::insert_root(slot(kIrqControl), Capability::of(ObjectType::IrqControl, 0));
    derivation::insert_root(slot(kConsole), Capability::of(ObjectType::DebugConsole, 0));
    derivation::insert_root(slot(kCore), CoreControlView::make(0, abi::kMaxPriority, abi::rights::kAll));
    auto const untyped = arch::host::kRamBase + base::power_of_two(kUntypedBits);
    derivation::insert_root(slot(kUntyped),
                            UntypedView::make(arch::Memory::kernel_address(untyped), kUntypedBits, false));
    base::PhysAddr const device{0x0900'0000};
    derivation::insert_root(slot(kDevice),
                            UntypedView::make(arch::Memory::kernel_address(device), kDeviceBits, true));

    main_ = &object<Tcb>(kTcb);
    derivation::insert_derived(slot(kRoot), main_->slots[Tcb::kCSpace], slot(kRoot).capability());
    derivation::insert_derived(slot(kVSpace), main_->slots[Tcb::kVSpace], slot(kVSpace).capability());
    auto& context = object<SchedContext>(kContext);
    context.priority = kMainPriority;
    context.budget = kSlice;
    context.remaining = kSlice;
    lending::bind(context, *main_);
    main_->become(ThreadState::Running);
    lending::update(*main_);
    core().set_current(core().choose());

    os::arch::fake_kernel = [this](abi::Syscall number, CPtr capability, os::Message const& message,
                                   CPtr from) {
        auto const* const thread = current();
        system_call(number, capability, message, from);
        return received(*thread);
    };
}

KernelTest::~KernelTest() { os::arch::fake_kernel = nullptr; }

void KernelTest::TearDown() {
    expect_invariants();
    // Everything that a test made goes, and every address space leaves the registry.
    machine().preempt_after.reset();
    machine().raised.clear();
    ASSERT_EQ(lifecycle::revoke(slot(kUntyped)), lifecycle::Progress::Done);
    for (auto* held : {&main_->slots[Tcb::kVSpace], &slot(kVSpace)}) {
        ASSERT_EQ(lifecycle::delete_slot(*held), lifecycle::Progress::Done);
    }
    expect_invariants();
}

void KernelTest::system_call(abi::Syscall number, CPtr capability, os::Message const& message, CPtr from) {
    system_call(static_cast<std::uint64_t>(number), capability, message, from);
}

void KernelTest::system_call(std::uint64_t number, CPtr capability, os::Message const& message, CPtr from) {
    auto* const thread = current();
    ASSERT_NE(thread, nullptr) << "no thread is running";
    auto& values = thread->registers.values;
    values[Registers::kCapability] = capability;
    values[Registers::kTag] = message.tag.raw();
    for (std::size_t index = 0; index < message.words.size(); ++index) {
        values[Registers::kWords[index]] = message.words[index];
    }
    values[Registers::kReceiveCapability] = from;
    values[Registers::kProgramCounter] = kTrap + Registers::kInstructionSize;
    restarts_ = 0;
    core().set_current(handle_syscall(core(), number));
    while (current() == thread && values[Registers::kProgramCounter] == kTrap) {
        values[Registers::kProgramCounter] += Registers::kInstructionSize;
        ++restarts_;
        core().set_current(handle_syscall(core(), number));
    }
    auto const answer = received(*thread).message;
    if (answer.tag.has(abi::MessageTag::kKernel)) {
        details_ = {answer.words[0], answer.words[1]};
    }
}

auto KernelTest::received(Tcb const& thread) -> os::Received {
    auto const& values = thread.registers.values;
    os::Received received{values[Registers::kCapability], {abi::MessageTag{values[Registers::kTag]}, {}}};
    for (std::size_t index = 0; index < received.message.words.size(); ++index) {
        received.message.words[index] = values[Registers::kWords[index]];
    }
    return received;
}

void KernelTest::call(CPtr capability, std::uint64_t label, abi::Words const& words, std::uint64_t flags) {
    system_call(abi::Syscall::Call, capability, {abi::MessageTag{label, 8, flags}, words});
}
void KernelTest::send(CPtr capability, std::uint64_t label, abi::Words const& words, std::uint64_t flags) {
    system_call(abi::Syscall::Send, capability, {abi::MessageTag{label, 8, flags}, words});
}
void KernelTest::reply(std::uint64_t label, abi::Words const& words, std::uint64_t flags) {
    system_call(abi::Syscall::Reply, 0, {abi::MessageTag{label, 8, flags}, words});
}
void KernelTest::reply_receive(CPtr capability, std::uint64_t label, abi::Words const& words) {
    system_call(abi::Syscall::ReplyRecv, capability, {abi::MessageTag{label, 8}, words});
}

void KernelTest::make(ObjectType type, CPtr at, std::uint8_t size_bits, std::uint16_t count) const {
    auto const made = kMemory.retype(static_cast<std::uint8_t>(type), size_bits, 0, count, kRoot, 0, at);
    ASSERT_EQ(error(made), Error::None);
}

auto KernelTest::make_passive_thread(CPtr at, CPtr fault_endpoint) -> Tcb& {
    make(ObjectType::Tcb, at);
    os::object::Tcb const thread{at};
    EXPECT_EQ(error(thread.configure(kRoot, kVSpace, fault_endpoint)), Error::None);
    EXPECT_EQ(error(thread.resume()), Error::None);
    return object<Tcb>(at);
}

auto KernelTest::make_thread(CPtr at, std::uint8_t priority, CPtr fault_endpoint) -> Tcb& {
    auto& thread = make_passive_thread(at, fault_endpoint);
    make(ObjectType::SchedContext, at + 1);
    EXPECT_EQ(error(kCoreControl.configure(priority, at + 1, kSlice, 0, 0)), Error::None);
    EXPECT_EQ(error(os::object::SchedContext{at + 1}.bind(at)), Error::None);
    return thread;
}

auto KernelTest::make_passive_receiver(CPtr at, CPtr endpoint) -> Tcb& {
    auto& thread = make_thread(at, kHigh);
    receive(endpoint);
    unbind(at + 1);
    return thread;
}

void KernelTest::bind(CPtr context, CPtr thread) {
    EXPECT_EQ(error(os::object::SchedContext{context}.bind(thread)), Error::None);
}

void KernelTest::unbind(CPtr context) {
    EXPECT_EQ(error(os::object::SchedContext{context}.unbind()), Error::None);
}

auto KernelTest::configure(CPtr context, std::uint8_t priority, std::uint64_t budget, std::uint64_t period)
    -> Error {
    return error(kCoreControl.configure(priority, context, budget, period, 0));
}

void KernelTest::mint(CPtr at, CPtr source, std::uint64_t badge, std::uint8_t rights) const {
    EXPECT_EQ(error(kRootNode.mint(kDepth, kDepth, rights, at, kRoot, source, badge)), Error::None);
}

void KernelTest::interrupt(std::uint32_t line) {
    machine().raised.push_back(line);
    core().set_current(handle_interrupt(core()));
}

void KernelTest::pass(std::uint64_t ticks) {
    auto const end = machine().now + ticks;
    while (machine().deadline <= end) {
        machine().now = std::max(machine().now, machine().deadline);
        machine().deadline = arch::Time::kNever;
        interrupt(arch::Interrupts::kTimerLine);
    }
    machine().now = end;
}

void KernelTest::expect_invariants() const {
    auto const findings = debug::check_all(slot(kRoot).capability());
    EXPECT_EQ(findings.violations, 0U) << findings.first;
}

} // namespace kernel::test
