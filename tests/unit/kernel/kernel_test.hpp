// SPDX-License-Identifier: MIT
/// A kernel on the host machine with one thread that holds all authority, as init does. Tests act as its
/// threads: they make system calls through the wrappers that user code has, and see the objects from inside.
#pragma once

#include "kernel/abi/error.hpp"
#include "kernel/abi/message.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/abi/syscall.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/arch/upcalls.hpp"
#include "kernel/cap/slot.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/sched/core.hpp"

#include "generated/object/cnode.hpp"
#include "generated/object/core_control.hpp"
#include "generated/object/debug_console.hpp"
#include "generated/object/frame.hpp"
#include "generated/object/irq_control.hpp"
#include "generated/object/irq_handler.hpp"
#include "generated/object/page_table.hpp"
#include "generated/object/reply.hpp"
#include "generated/object/sched_context.hpp"
#include "generated/object/tcb.hpp"
#include "generated/object/untyped.hpp"
#include "generated/object/vspace.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace kernel::test {

using abi::CPtr;
using abi::Error;
using abi::ObjectType;
using arch::host::machine;

/// Slots of the first thread's CNode.
inline constexpr CPtr kUntyped = 1;
inline constexpr CPtr kRoot = 2; ///< that CNode
inline constexpr CPtr kTcb = 3;
inline constexpr CPtr kContext = 4;
inline constexpr CPtr kIrqControl = 5;
inline constexpr CPtr kCore = 6;
inline constexpr CPtr kDevice = 7; ///< untyped memory of devices
inline constexpr CPtr kConsole = 8;
inline constexpr CPtr kVSpace = 9;
inline constexpr CPtr kFree = 16;
inline constexpr unsigned kRootRadix = 12;
inline constexpr unsigned kUntypedBits = 24;
inline constexpr unsigned kDeviceBits = 24;
inline constexpr std::uint8_t kDepth = 64;
inline constexpr std::uint8_t kMainPriority = 100;
inline constexpr std::uint8_t kHigh = kMainPriority + 10; ///< of threads that run as soon as they can
inline constexpr std::uint64_t kSlice = 1000;

/// Words of details of the last refusal.
struct Details {
    std::uint64_t first;
    std::uint64_t second;
    friend auto operator==(Details const&, Details const&) -> bool = default;
};

/// For EXPECT_EQ with the result of an invocation: `Error::None` when it succeeded.
template <typename T>
[[nodiscard]] auto error(std::expected<T, Error> const& result) -> Error {
    return result ? Error::None : result.error();
}

class KernelTest : public testing::Test {
protected:
    KernelTest();
    ~KernelTest() override;
    KernelTest(KernelTest const&) = delete;
    auto operator=(KernelTest const&) -> KernelTest& = delete;

    void TearDown() override;

    /// The core that the kernel runs on.
    [[nodiscard]] static auto core() -> Core& { return Core::by_number(machine().core); }
    [[nodiscard]] static auto current() -> Tcb* { return core().current(); }
    [[nodiscard]] auto main_thread() const -> Tcb& { return *main_; }
    /// A slot of the first thread's CNode.
    [[nodiscard]] auto slot(CPtr index) const -> Slot& { return root_[index]; }
    template <typename Object>
    [[nodiscard]] auto object(CPtr index) const -> Object& {
        return slot(index).capability().object<Object>();
    }

    /// A system call of the current thread, begun again as long as the kernel wants that and the thread is
    /// current.
    void system_call(abi::Syscall number, CPtr capability, os::Message const& message = {}, CPtr from = 0);
    void system_call(std::uint64_t number, CPtr capability, os::Message const& message = {}, CPtr from = 0);
    /// What the thread finds in its registers.
    [[nodiscard]] static auto received(Tcb const& thread) -> os::Received;

    /// The current thread's system calls, by name.
    void call(CPtr capability, std::uint64_t label, abi::Words const& words = {}, std::uint64_t flags = 0);
    void send(CPtr capability, std::uint64_t label, abi::Words const& words = {}, std::uint64_t flags = 0);
    void receive(CPtr capability) { system_call(abi::Syscall::Recv, capability); }
    void reply(std::uint64_t label, abi::Words const& words = {}, std::uint64_t flags = 0);
    void reply_receive(CPtr capability, std::uint64_t label, abi::Words const& words = {});
    void yield() { system_call(abi::Syscall::Yield, 0); }

    /// Makes objects in slots of the first thread's CNode.
    void make(ObjectType type, CPtr at, std::uint8_t size_bits = 0, std::uint16_t count = 1) const;
    /// A thread in slot `at` and its scheduling context in `at + 1`, with the first thread's spaces. Resumed.
    auto make_thread(CPtr at, std::uint8_t priority, CPtr fault_endpoint = 0) -> Tcb&;
    /// The same without a scheduling context.
    auto make_passive_thread(CPtr at, CPtr fault_endpoint = 0) -> Tcb&;
    /// A thread of a high priority that receives and has no context. Its own stays in the slot after it.
    auto make_passive_receiver(CPtr at, CPtr endpoint) -> Tcb&;

    /// Scheduling contexts, by their slots: that they are bound and unbound is expected, what `configure`
    /// answers is not.
    [[nodiscard]] auto context(CPtr at) const -> SchedContext& { return object<SchedContext>(at); }
    static void bind(CPtr context, CPtr thread);
    static void unbind(CPtr context);
    [[nodiscard]] static auto configure(CPtr context, std::uint8_t priority, std::uint64_t budget = kSlice,
                                        std::uint64_t period = 0) -> Error;

    /// A copy with a badge.
    void mint(CPtr at, CPtr source, std::uint64_t badge, std::uint8_t rights = abi::rights::kAll) const;

    /// Raises an interrupt and lets the core take it.
    void interrupt(std::uint32_t line);
    /// Time passes; the timer fires when it is due.
    void pass(std::uint64_t ticks);

    /// Of the last invocation that was refused.
    [[nodiscard]] auto details() const -> Details { return details_; }
    /// How often the last system call was begun again.
    [[nodiscard]] auto restarts() const -> unsigned { return restarts_; }
    void expect_invariants() const;

    static constexpr os::object::CNode kRootNode{kRoot};
    static constexpr os::object::Untyped kMemory{kUntyped};
    static constexpr os::object::CoreControl kCoreControl{kCore};

private:
    Slot* root_;
    Tcb* main_;
    Details details_{};
    unsigned restarts_{};
};

} // namespace kernel::test

namespace abi {
/// For messages of GoogleTest.
inline void PrintTo(Error error, std::ostream* stream) { *stream << "Error " << static_cast<int>(error); }
} // namespace abi
