// SPDX-License-Identifier: MIT
#include "world.hpp"

#include "base/result.hpp"
#include "os/arch.hpp"

#include "generated/object/core_control.hpp"
#include "generated/object/frame.hpp"
#include "generated/object/irq_control.hpp"

#include <new>
#include <utility>

namespace differential {
namespace {

constexpr std::uint64_t kPageSize = 4096;
constexpr std::uint64_t kCodeAddress = 0x1000'0000;
constexpr std::uint64_t kDataAddress = 0x1100'0000;
constexpr std::uint64_t kDataDistance = 0x10'000;
constexpr unsigned kArenaBits = 21;
constexpr std::size_t kSlots = 512;
constexpr std::uint8_t kReadWrite = abi::rights::kRead | abi::rights::kWrite;
constexpr std::uint8_t kReadExecute = abi::rights::kRead | abi::rights::kExecute;
constexpr std::uint8_t kDepth = os::kSlotDepth;
constexpr CPtr kRoot = os::slot::kCNode;
constexpr object::CNode kOwnNode{kRoot};
constexpr object::CoreControl kCore{os::slot::kCoreControl};
constexpr std::uint64_t kNever = ~std::uint64_t{0}; ///< of the alarm

/// The badge that gives a CNode capability its guard.
auto guard(std::uint64_t value, unsigned bits) -> std::uint64_t { return value << 6U | bits; }

} // namespace

auto World::set_up() -> Outcome {
    TRY(maker_.set_up(kArenaBits, kSlots));
    pages_ = TRY(os::Mapping::allocate(kWorkers * kPagesOfWorker * kPageSize));
    code_ = TRY(tests::frame_with_code({&worker_begin, &worker_end}));
    alarm_ = object::IrqHandler{TRY(os::allocate_slot())};
    return object::IrqControl{os::slot::kIrqControl}.get(0, kDepth, TRY(kCore.info()).alarm_irq, kRoot,
                                                         alarm_.capability());
}

auto World::after_address() -> std::uint64_t {
    return kCodeAddress + static_cast<std::uint64_t>(&worker_after - &worker_begin);
}

auto World::make(Random& random) -> Outcome {
    for (CPtr slot = maker_.first_slot(); slot < maker_.next_slot(); ++slot) {
        TRY(kOwnNode.delete_(kDepth, slot));
    }
    TRY(kOwnNode.revoke(kDepth, maker_.arena().capability()));
    maker_.begin_again();
    mood_ = random.one_in(2) ? Mood::Calm : Mood::Wild;
    served_ = 1 + random.below(kEndpoints);
    for (auto& endpoint : endpoints_) {
        endpoint = TRY(maker_.make(ObjectType::Endpoint));
    }
    for (auto& notification : notifications_) {
        notification = TRY(maker_.make(ObjectType::Notification));
    }
    for (auto& reply : replies_) {
        reply = TRY(maker_.make(ObjectType::Reply));
    }
    for (auto& space : spaces_) {
        space = TRY(maker_.make(ObjectType::VSpace));
        (void)TRY(maker_.map(code_, space, kCodeAddress, kReadExecute));
    }
    for (auto& worker : workers_) {
        worker = {};
        worker.thread = object::Tcb{TRY(maker_.make(ObjectType::Tcb))};
        worker.context = object::SchedContext{TRY(maker_.make(ObjectType::SchedContext))};
    }
    for (std::size_t index = 0; index < kWorkers; ++index) {
        TRY(make_worker(random, index));
    }
    for (auto const& worker : workers_) {
        TRY(start(worker));
    }
    return {};
}

/// One level, one level with a guard, or two levels.
auto World::make_root(Random& random, Worker& worker) -> Outcome {
    worker.node = TRY(maker_.make(ObjectType::CNode, toy::kRadix));
    constexpr unsigned kRest = 64 - toy::kRadix;
    std::uint64_t const value = random.below(3) + 1;
    // The shape that is usual is so here as well.
    switch (random.below(mood_ == Mood::Calm ? 12 : 5)) {
    default: worker.root = TRY(maker_.mint(worker.node, guard(0, kRest))); return {};
    case 0:
        worker.root = TRY(maker_.mint(worker.node, guard(value, kRest)));
        worker.base = value << toy::kRadix;
        return {};
    case 1: break;
    }
    constexpr unsigned kUpperRadix = 2;
    CPtr const upper = TRY(maker_.make(ObjectType::CNode, kUpperRadix));
    TRY(object::CNode{upper}.copy(kUpperRadix, kDepth, abi::rights::kAll, value, kRoot, worker.node));
    worker.root = TRY(maker_.mint(upper, guard(0, kRest - kUpperRadix)));
    worker.base = value << toy::kRadix;
    return {};
}

auto World::fill(Random& random, Worker const& worker, CPtr space) -> Outcome {
    auto const give = [&](CPtr slot, CPtr source, std::uint64_t badge,
                          std::uint8_t rights = abi::rights::kAll) {
        return object::CNode{worker.node}.mint(toy::kRadix, kDepth, rights, slot, kRoot, source, badge);
    };
    constexpr std::array<std::uint8_t, 6> kRights{0xF, 0xF, 0xA, 0x2, 0xE, 0x1};
    for (std::size_t index = 0; index < kEndpoints; ++index) {
        TRY(give(toy::kEndpoint + index, endpoints_[index], 0));
    }
    for (std::size_t index = 0; index < toy::kBadgedCount; ++index) {
        TRY(give(toy::kBadged + index, random.any_of(endpoints_), random.below(9), random.any_of(kRights)));
    }
    if (mood_ == Mood::Calm) {
        for (std::size_t index = 0; index < kEndpoints; ++index) {
            TRY(object::CNode{worker.node}.delete_(toy::kRadix, toy::kReadOnly + index));
            TRY(give(toy::kReadOnly + index, endpoints_[index], 0, abi::rights::kRead));
        }
    }
    for (std::size_t index = 0; index < kNotifications; ++index) {
        TRY(give(toy::kNotification + index, notifications_[index], random.below(8)));
    }
    for (std::size_t index = 0; index < kReplies; ++index) {
        TRY(give(toy::kReply + index, replies_[index], 0));
    }
    constexpr unsigned kUntypedBits = 13;
    TRY(give(toy::kUntyped, TRY(maker_.make(ObjectType::Untyped, kUntypedBits)), 0));
    TRY(give(toy::kSpace, space, 0));
    TRY(give(toy::kFrame, TRY(maker_.make(ObjectType::Frame, abi::kSmallFrameBits)), 0));
    TRY(give(toy::kGate, worker.gate, 1));
    if (random.one_in(8)) {
        TRY(give(toy::kNode, worker.node, 0));
    }
    if (random.one_in(2)) {
        TRY(give(toy::kTcb, random.any_of(workers_).thread.capability(), 0));
    }
    if (random.one_in(2)) {
        TRY(give(toy::kContext, random.any_of(workers_).context.capability(), 0));
    }
    return {};
}

auto World::map_worker(std::size_t index, CPtr space) -> Outcome {
    auto& worker = workers_[index];
    // A page of numbers, mapped twice.
    worker.page = new (pages_.bytes().data() + index * kPagesOfWorker * kPageSize) Page{};
    worker.page_address = kDataAddress + index * kDataDistance;
    worker.page->gate = worker.base + toy::kGate;
    for (std::size_t page = 0; page < kPagesOfWorker; ++page) {
        (void)TRY(maker_.map(pages_.frame(index * kPagesOfWorker + page).capability(), space,
                             worker.page_address + page * kPageSize, kReadWrite));
    }
    return {};
}

auto World::make_worker(Random& random, std::size_t index) -> Outcome {
    auto& worker = workers_[index];
    constexpr std::size_t kClients = 2;
    worker.is_client = index < kClients;
    worker.served = worker.is_client ? served_ : index % served_;
    CPtr const space = spaces_[index % kSpaces];
    worker.gate = TRY(maker_.make(ObjectType::Notification));
    TRY(make_root(random, worker));
    TRY(fill(random, worker, space));
    TRY(map_worker(index, space));
    CPtr faults = abi::kNullCPtr;
    if (!random.one_in(4)) {
        constexpr std::uint64_t kFaultBadge = 0x100;
        faults = TRY(maker_.mint(random.any_of(endpoints_), kFaultBadge + index));
    }
    TRY(worker.thread.configure(worker.root, space, faults));
    TRY(set_priority(worker.context.capability(), static_cast<std::uint8_t>(40 + 10 * random.below(4))));
    TRY(worker.context.bind(worker.thread.capability()));
    TRY(worker.thread.set_tls(index + 1));
    if (!random.one_in(4)) {
        TRY(worker.thread.set_receive_slot(toy::kRadix, worker.node, toy::kReceive + random.below(8)));
    }
    if (random.one_in(3)) {
        // Someone else may have it.
        (void)worker.thread.bind_notification(random.any_of(notifications_));
    }
    return {};
}

auto World::interrupt(CPtr notification) -> Outcome {
    TRY(kCore.set_alarm(kNever));
    TRY(alarm_.set_notification(notification)); // unmasks the line
    TRY(kCore.set_alarm(0));
    return kCore.set_alarm(kNever);
}

auto World::start(Worker const& worker) -> Outcome {
    namespace reg = os::arch::reg;
    constexpr std::uint64_t kStackPointer = 0xABCD'EF00;
    // What it has sent need not be in its registers any more.
    constexpr std::uint8_t kSome = 5;
    TRY(worker.thread.write_registers(reg::kFirstArgument, kSome, false, {}));
    TRY(worker.thread.write_registers(reg::kFirstArgument + kSome, kMessageRegisters - kSome, false, {}));
    TRY(worker.thread.write_registers(reg::kFirstArgument + kPageRegister, 1, false, {worker.page_address}));
    return worker.thread.write_registers(reg::kProgramCounter, 3, true, {kCodeAddress, kStackPointer, 0});
}

auto World::set_priority(CPtr context, std::uint8_t priority) -> Outcome {
    constexpr std::uint64_t kForEver = std::uint64_t{1} << 40U;
    return kCore.configure(priority, context, kForEver, 0, 0);
}

} // namespace differential
