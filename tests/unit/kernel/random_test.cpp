// SPDX-License-Identifier: MIT
/// Random system calls by several threads of one core or two, with interrupts at random moments. No sequence
/// may break an invariant, and after it everything can be revoked.
#include "kernel_test.hpp"

#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/debug/invariants.hpp"
#include "kernel/invoke/lifecycle.hpp"
#include "kernel/ipc/signals.hpp"

#include <memory>
#include <random>
#include <tuple>

namespace kernel::test {
namespace {

constexpr CPtr kFirstSlot = kFree;
constexpr CPtr kLastSlot = kFree + 60;
constexpr CPtr kThreads =
    kFree + 200; ///< threads that the random calls cannot reach, so that someone goes on
constexpr unsigned kThreadCount = 4;
constexpr CPtr kOtherCore = kThreads + 2 * kThreadCount;
constexpr std::uint8_t kBlockBits = 18;

/// A seed, and how many cores there are.
class RandomTest : public KernelTest, public testing::WithParamInterface<std::tuple<unsigned, std::size_t>> {
protected:
    RandomTest() : generator{std::get<0>(GetParam())}, cores{std::get<1>(GetParam())} {
        Core::set_count(cores);
        Core::by_number(1).start(1);
        derivation::insert_root(slot(kOtherCore),
                                CoreControlView::make(cores - 1, abi::kMaxPriority, abi::rights::kAll));
        make(ObjectType::Untyped, kFirstSlot, kBlockBits);
        make(ObjectType::Untyped, kFirstSlot + 1, kBlockBits);
        for (unsigned index = 0; index < kThreadCount; ++index) {
            auto const at = kThreads + 2 * index;
            make_thread(at, static_cast<std::uint8_t>(kMainPriority - index % 2));
            EXPECT_EQ(error(os::object::Tcb{at}.set_receive_slot(kDepth, kRoot, any_slot())), Error::None);
            if (index % 2 == 1) {
                constexpr std::uint64_t kBudget = 300;
                EXPECT_EQ(error(os::object::CoreControl{kOtherCore}.configure(kMainPriority, at + 1, kBudget,
                                                                              0, 0)),
                          Error::None);
            }
        }
    }
    ~RandomTest() override {
        machine().core = 0;
        std::destroy_at(&Core::by_number(1));
        std::construct_at(&Core::by_number(1));
        Core::set_count(1);
    }
    RandomTest(RandomTest const&) = delete;
    auto operator=(RandomTest const&) -> RandomTest& = delete;
    void TearDown() override {
        machine().core = 0;
        KernelTest::TearDown();
    }

    /// The kernel goes on to a core, which has been stopped, or called, or has waited for something to do.
    void enter(std::size_t number) {
        machine().core = number;
        if (core().end_wait()) {
            core().serve();
        }
        interrupt(arch::Interrupts::kCallLine);
    }

    auto below(std::uint64_t limit) -> std::uint64_t { return generator() % limit; }
    auto any_slot() -> CPtr { return kFirstSlot + below(kLastSlot - kFirstSlot); }
    /// A slot that is likely to hold a capability of the type.
    auto slot_with(ObjectType type) -> CPtr {
        auto const start = any_slot();
        for (CPtr offset = 0; offset < kLastSlot - kFirstSlot; ++offset) {
            auto const at = kFirstSlot + (start + offset) % (kLastSlot - kFirstSlot);
            if (slot(at).capability().type() == type && below(8) != 0) {
                return at;
            }
        }
        return start;
    }
    auto any_root() -> CPtr { return below(4) == 0 ? slot_with(ObjectType::CNode) : kRoot; }
    auto any_depth(CPtr root) -> std::uint8_t {
        return root == kRoot ? kDepth : static_cast<std::uint8_t>(below(8));
    }
    auto any_index(CPtr root) -> std::uint64_t { return root == kRoot ? any_slot() : below(8); }

    /// No thread receives that is bound to a notification with a signal, and has time to hear it.
    auto signals_are_heard() -> bool {
        for (auto at = kFirstSlot; at < kLastSlot; ++at) {
            if (slot(at).capability().type() != ObjectType::Notification) {
                continue;
            }
            auto const& notification = object<Notification>(at);
            auto const* const bound = notification.bound;
            if (bound != nullptr && bound->state == ThreadState::Receiving &&
                is_signal_for(*bound, notification)) {
                return false;
            }
        }
        return true;
    }
    void retype();
    void capability_operation();
    void thread_operation();
    void memory_operation();
    void communicate();
    void nonsense();
    void step();

    std::mt19937_64 generator; // NOLINT(cert-msc51-cpp): the seed is the test's name
    std::size_t cores;
};

void RandomTest::retype() {
    auto const type = static_cast<ObjectType>(1 + below(10));
    auto const bits = static_cast<std::uint8_t>(type == ObjectType::Frame     ? abi::kSmallFrameBits
                                                : type == ObjectType::CNode   ? 1 + below(4)
                                                : type == ObjectType::Untyped ? 10 + below(6)
                                                                              : 0);
    auto const root = any_root();
    abi::Words const words{static_cast<std::uint64_t>(type) | std::uint64_t{bits} << 8U |
                               (1 + below(3)) << 32U,
                           root, 0, any_index(root)};
    call(slot_with(ObjectType::Untyped), 0x101, words);
}

void RandomTest::capability_operation() {
    auto const node = any_root();
    auto const source = any_root();
    auto const method = 1 + below(9);
    auto const depths =
        std::uint64_t{any_depth(node)} | std::uint64_t{any_depth(source)} << 8U | below(16) << 16U;
    auto const label = 0x200 | method;
    switch (method) {
    case 1:
    case 2:
    case 3:
    case 4: call(node, label, {depths, any_index(node), source, any_index(source), below(4)}); break;
    case 5:
        call(node, label,
             {std::uint64_t{any_depth(node)} | std::uint64_t{kDepth} << 8U | std::uint64_t{kDepth} << 16U,
              any_index(node), 0, kRoot, any_slot(), 0, kRoot, any_slot()});
        break;
    default:
        // Revoke less often: it leaves little to play with.
        if (method == 7 && below(4) != 0) {
            return;
        }
        call(node, label, {any_depth(node), any_index(node)});
    }
}

void RandomTest::thread_operation() {
    auto const thread = slot_with(ObjectType::Tcb);
    // Those of the fixture may be stopped: they are set free again.
    auto const any_thread = below(2) == 0 ? kThreads + 2 * below(kThreadCount) : thread;
    auto const context = slot_with(ObjectType::SchedContext);
    switch (below(15)) {
    case 0:
        call(thread, 0x301, {any_root(), slot_with(ObjectType::VSpace), slot_with(ObjectType::Endpoint)});
        break;
    case 1: call(thread, 0x302, {slot_with(ObjectType::Notification)}); break;
    case 2: call(thread, 0x303); break;
    case 3: call(any_thread, 0x307); break;
    case 4: call(thread, 0x308); break;
    case 5: call(any_thread, 0x30A, {below(2) << 16U | 1U << 8U, below(100)}); break;
    case 6:
        call(below(2) == 0 ? kCore : kOtherCore, 0xD01,
             {below(kMainPriority), context, 1 + below(500), below(2) * 1000, 0});
        break;
    case 7: call(context, 0x401, {thread}); break;
    case 8: call(context, 0x402); break;
    case 9: call(slot_with(ObjectType::Reply), 0x701); break;
    case 10: call(slot_with(ObjectType::Reply), 0x702); break;
    case 11: call(thread, 0x30C, {slot_with(ObjectType::Endpoint)}); break;
    case 12: call(context, 0x404, {slot_with(ObjectType::Notification)}); break;
    case 13: call(any_thread, 0x306, {below(2), below(2)}); break;
    default: call(kThreads + 2 * below(kThreadCount), 0x304, {kDepth, kRoot, any_slot()});
    }
}

void RandomTest::memory_operation() {
    auto const space = below(2) == 0 ? kVSpace : slot_with(ObjectType::VSpace);
    auto const address = below(4) << 30U | below(2) << 21U | below(4) << 12U;
    switch (below(8)) {
    case 0:
    case 1: call(slot_with(ObjectType::Frame), 0xA01, {below(8), space, address}); break;
    case 2: call(slot_with(ObjectType::Frame), 0xA02); break;
    case 3:
    case 4: call(slot_with(ObjectType::PageTable), 0x901, {space, address}); break;
    case 5: call(slot_with(ObjectType::PageTable), 0x902); break;
    case 6:
        call(kIrqControl, 0xB01,
             {below(2) | std::uint64_t{kDepth} << 8U | below(64) << 32U, kRoot, any_slot()});
        break;
    default: call(slot_with(ObjectType::IrqHandler), 0xC01 + below(3), {slot_with(ObjectType::Notification)});
    }
}

void RandomTest::communicate() {
    auto const endpoint = slot_with(below(3) == 0 ? ObjectType::Notification : ObjectType::Endpoint);
    auto const reply_object = slot_with(ObjectType::Reply);
    os::Message const message{abi::MessageTag{below(4), 8, below(2)}, {1, 2, 3, 4, 5, 6, 7, any_slot()}};
    auto const number = static_cast<abi::Syscall>(below(abi::kSyscallCount));
    auto const target = number == abi::Syscall::Send && below(3) == 0 ? reply_object : endpoint;
    system_call(number, target, message, slot_with(ObjectType::Endpoint));
}

void RandomTest::nonsense() {
    abi::Words words{};
    for (auto& word : words) {
        word = below(3) == 0 ? generator() : any_slot();
    }
    auto const at = any_slot();
    auto const type = static_cast<std::uint64_t>(slot(at).capability().type());
    call(at, type << 8U | below(12), words);
}

void RandomTest::step() {
    enter(below(cores));
    if (below(3) == 0) {
        machine().preempt_after = below(20);
    }
    if (current() == nullptr || below(30) == 0) {
        // The threads of the fixture are set free again; that is not for the random calls to do.
        for (unsigned index = 0; index < kThreadCount; ++index) {
            lifecycle::resume(object<Tcb>(kThreads + 2 * index));
        }
        lifecycle::resume(main_thread());
        core().set_current(core().choose());
    }
    if (current() == nullptr) {
        return; // this core has nothing to do
    }
    switch (below(17)) {
    case 0:
    case 1:
    case 2: retype(); break;
    case 3:
    case 4:
    case 5:
    case 6: capability_operation(); break;
    case 7:
    case 8: thread_operation(); break;
    case 9:
    case 10: memory_operation(); break;
    case 11: nonsense(); break;
    case 12:
        if (cores == 1) {
            pass(below(700));
        } else {
            machine().now += below(700);
            interrupt(arch::Interrupts::kTimerLine);
        }
        break;
    case 13: core().set_current(handle_fault(core(), {abi::FaultKind::VirtualMemory, {1, 2, 3}})); break;
    case 14: core().set_current(handle_fp_access(core(), {abi::FaultKind::UserException, {7, 0, 0}})); break;
    default: communicate();
    }
}

TEST_P(RandomTest, KeepsEveryInvariant) {
    constexpr unsigned kSteps = 3000;
    for (unsigned count = 0; count < kSteps; ++count) {
        step();
        auto const findings = debug::check_all(slot(kRoot).capability());
        ASSERT_EQ(findings.violations, 0U) << "step " << count << ": " << findings.first;
        ASSERT_TRUE(signals_are_heard()) << "step " << count;
    }
}

constexpr std::size_t kOne = 1;
constexpr std::size_t kTwo = 2;
INSTANTIATE_TEST_SUITE_P(OneCore, RandomTest,
                         testing::Combine(testing::Range(1U, 21U), testing::Values(kOne)));
INSTANTIATE_TEST_SUITE_P(TwoCores, RandomTest,
                         testing::Combine(testing::Range(1U, 11U), testing::Values(kTwo)));

} // namespace
} // namespace kernel::test
