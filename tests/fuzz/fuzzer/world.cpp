// SPDX-License-Identifier: MIT
#include "world.hpp"

#include "base/result.hpp"
#include "generator.hpp"
#include "os/arch.hpp"
#include "os/slots.hpp"
#include "worker.hpp"

#include "generated/object/core_control.hpp"
#include "generated/object/frame.hpp"

#include <new>
#include <utility>

namespace fuzz {
namespace {

namespace reg = os::arch::reg;

constexpr std::uint64_t kPageSize = 4096;
constexpr std::uint64_t kDataDistance = 0x10'000;
constexpr unsigned kArenaBits = 23;
constexpr std::size_t kSlots = 512;
constexpr std::uint8_t kReadWrite = abi::rights::kRead | abi::rights::kWrite;
constexpr std::uint8_t kReadExecute = abi::rights::kRead | abi::rights::kExecute;
constexpr object::CNode kOwnNode{World::kRoot};
constexpr std::uint64_t kShortSlice = 1U << 8U; // ticks
constexpr std::uint64_t kLongSlice = 1U << 16U; // ticks

/// The badge that gives a CNode capability its guard.
auto guard(std::uint64_t value, unsigned bits) -> std::uint64_t { return value << 6U | bits; }

} // namespace

auto World::count_cores() -> std::expected<std::size_t, abi::Error> {
    std::size_t count = 0;
    while (count < os::slot::kGrantedCores &&
           TRY(kOwnNode.identify(kDepth, os::slot::kFirstGrantedCore + count)).type ==
               std::to_underlying(ObjectType::CoreControl)) {
        ++count;
    }
    return count;
}

auto World::set_up() -> Outcome {
    cores_ = TRY(count_cores());
    TRY(maker_.set_up(kArenaBits, kSlots));
    pages_ = TRY(os::Mapping::allocate(kMaxWorkers * kPageSize));
    code_ = TRY(tests::frame_with_code({&worker_begin, &worker_end}));
    return {};
}

auto World::give(Space& space, CPtr source, std::uint64_t badge, std::uint8_t rights) -> Outcome {
    space.gifts[space.next] = {source, badge, rights};
    return object::CNode{space.node}.mint(Model::kRootRadix, kDepth, rights, space.next++, kRoot, source,
                                          badge);
}

auto World::configure(CPtr context, std::uint8_t priority, std::uint64_t budget, std::uint64_t period,
                      std::size_t core) -> Outcome {
    return object::CoreControl{os::slot::kFirstGrantedCore + core}.configure(priority, context, budget,
                                                                             period, 0);
}

auto World::make_space(Space& space) -> Outcome {
    space.vspace = TRY(maker_.make(ObjectType::VSpace));
    space.node = TRY(maker_.make(ObjectType::CNode, Model::kRootRadix));
    space.root = TRY(maker_.mint(space.node, guard(0, 64 - Model::kRootRadix)));
    space.inner = TRY(maker_.make(ObjectType::CNode, Model::kInnerRadix));
    space.guarded = TRY(maker_.make(ObjectType::CNode, Model::kGuardedRadix));
    (void)TRY(maker_.map(code_, space.vspace, kCodeAddress, kReadExecute));
    // The tables of the window, by way of a page that goes again.
    CPtr const frame = TRY(maker_.make(ObjectType::Frame, abi::kSmallFrameBits));
    TRY(kOwnNode.delete_(kDepth, TRY(maker_.map(frame, space.vspace, kWindowAddress, kReadWrite))));
    space.next = Model::kRoot;
    space.gifts = {};
    TRY(give(space, space.root, guard(0, 64 - Model::kRootRadix)));
    TRY(give(space, space.inner));
    return give(space, space.guarded, guard(Model::kGuard, Model::kGuardBits));
}

auto World::give_messaging(Random& random) -> Outcome {
    constexpr std::array<std::uint8_t, 6> kRights{0xF, 0xF, 0xA, 0x2, 0xE, 0x1};
    for (unsigned count = 0; count < 3; ++count) {
        CPtr const endpoint = TRY(maker_.make(ObjectType::Endpoint));
        CPtr const notification = TRY(maker_.make(ObjectType::Notification));
        CPtr const reply = TRY(maker_.make(ObjectType::Reply));
        for (auto& space : spaces_) {
            TRY(give(space, endpoint));
            TRY(give(space, endpoint, 1 + random.below(4), random.any_of(kRights)));
            TRY(give(space, notification, random.below(8)));
            TRY(give(space, reply));
        }
    }
    return {};
}

auto World::give_memory() -> Outcome {
    constexpr std::array<unsigned, 4> kUntypedBits{21, 16, 13, 12};
    for (auto const bits : kUntypedBits) {
        // One is the other's parent.
        CPtr const memory = TRY(maker_.make(ObjectType::Untyped, bits));
        TRY(give(spaces_[bits % kSpaces], memory));
    }
    for (auto& space : spaces_) {
        for (unsigned count = 0; count < 3; ++count) {
            TRY(give(space, TRY(maker_.make(ObjectType::Frame, abi::kSmallFrameBits)), 0,
                     static_cast<std::uint8_t>(abi::rights::kExecute + kReadWrite - count)));
            CPtr const table = TRY(maker_.make(ObjectType::PageTable));
            TRY(object::CNode{space.node}.move(Model::kRootRadix, kDepth, space.next++, kRoot, table));
        }
        TRY(give(space, TRY(maker_.make(ObjectType::VSpace))));
        TRY(give(space, spaces_[0].vspace));
        TRY(give(space, spaces_[1].vspace));
    }
    return {};
}

auto World::give_authority(Space& space) -> Outcome {
    constexpr std::uint8_t kLow = 10;
    TRY(give(space, os::slot::kIrqControl));
    for (std::size_t core = 0; core < cores_; ++core) {
        TRY(give(space, os::slot::kFirstGrantedCore + core, kHighest));
    }
    TRY(give(space, os::slot::kCoreControl, kLow, abi::rights::kRead));
    return give(space, os::slot::kDebugConsole);
}

auto World::mend(Random& random, Worker const& worker) -> Outcome {
    auto const& space = spaces_[worker.space];
    CPtr handler = abi::kNullCPtr;
    if (random.one_in(2)) {
        // An endpoint that servers among the threads may receive on. There is one at this place of both.
        handler = maker_.first_slot();
    }
    TRY(worker.thread.suspend());
    TRY(worker.context.unbind());
    TRY(worker.thread.configure(space.root, space.vspace, handler));
    auto const period = random.one_in(4) ? kLongSlice : 0;
    auto const core = random.one_in(4) ? random.below(cores_) : worker.core;
    TRY(configure(worker.context.capability(), static_cast<std::uint8_t>(20 + random.below(20)),
                  kLongSlice / 2, period, core));
    // It may run on another context, that someone else has given it.
    (void)worker.context.bind(worker.thread.capability());
    if (random.one_in(2)) {
        TRY(worker.thread.set_receive_slot(Model::kInnerRadix, Model::kInner, random.below(16)));
    }
    return {};
}

void World::restore(Random& random, Worker const& worker) {
    auto const& space = spaces_[worker.space];
    object::CNode const node{space.node};
    for (CPtr slot = Model::kRoot; slot < space.next; ++slot) {
        auto const& gift = space.gifts[slot];
        auto const vital = slot <= Model::kGuarded;
        auto const empty = space.model.root_slot(slot) == ObjectType::Null;
        if (gift.source == abi::kNullCPtr || !(vital || (empty && random.one_in(4)))) {
            continue;
        }
        // Untypeds that were divided cannot be copied: then it stays empty.
        (void)node.delete_(Model::kRootRadix, slot);
        (void)node.mint(Model::kRootRadix, kDepth, gift.rights, slot, kRoot, gift.source, gift.badge);
    }
}

auto World::start(Worker const& worker) -> Outcome {
    TRY(worker.thread.write_registers(worker::kPageRegister, 1, false, {worker.page_address}));
    return worker.thread.write_registers(reg::kProgramCounter, 3, true, {kCodeAddress, 0, 0});
}

auto World::make_worker(Random& random, std::size_t index) -> Outcome {
    auto& worker = workers_[index];
    worker.thread = object::Tcb{TRY(maker_.make(ObjectType::Tcb))};
    worker.context = object::SchedContext{TRY(maker_.make(ObjectType::SchedContext))};
    worker.space = index % kSpaces;
    worker.core = index % cores_;
    worker.page = new (pages_.bytes().data() + index * kPageSize) Page{}; // mapped twice
    worker.page_address = kDataAddress + index * kDataDistance;
    (void)TRY(maker_.map(pages_.frame(index).capability(), spaces_[worker.space].vspace, worker.page_address,
                         kReadWrite));
    for (auto& space : spaces_) {
        TRY(give(space, worker.thread.capability()));
        TRY(give(space, worker.context.capability()));
    }
    return mend(random, worker);
}

auto World::make_puppet(Random& random, std::size_t index) -> Outcome {
    auto& space = spaces_[index % kSpaces];
    puppets_[index] = object::Tcb{TRY(maker_.make(ObjectType::Tcb))};
    CPtr const context = TRY(maker_.make(ObjectType::SchedContext));
    TRY(puppets_[index].configure(space.root, space.vspace, random.one_in(2) ? maker_.first_slot() : 0));
    TRY(configure(context, static_cast<std::uint8_t>(10 + random.below(40)), kShortSlice, 64 * kShortSlice,
                  random.below(cores_)));
    if (!random.one_in(4)) {
        TRY(object::SchedContext{context}.bind(puppets_[index].capability()));
    }
    TRY(give(space, puppets_[index].capability()));
    return give(space, context);
}

void World::disturb(Random& random) {
    auto const thread = random.any_of(puppets_);
    // Whatever comes of these: what they work on may have been changed in every way.
    switch (random.below(4)) {
    case 0: (void)thread.suspend(); break;
    case 1: (void)thread.resume(); break;
    default: {
        Generator generator{random};
        std::array<std::uint64_t, 7> registers{};
        for (auto& each : registers) {
            each = random.below(Model::kInner + 40);
        }
        registers[1] = abi::MessageTag{0, 8, abi::MessageTag::kCapability}.raw();
        (void)thread.suspend();
        (void)thread.write_registers(reg::kFirstArgument, 7, false, registers);
        (void)thread.write_registers(reg::kFirstArgument + 7, 4, false, registers);
        (void)thread.write_registers(reg::kProgramCounter, 3, true, {generator.loop(), kWindowAddress, 0});
        break;
    }
    }
}

auto World::make(Random& random) -> Outcome {
    // The first object: see `mend`.
    (void)TRY(maker_.make(ObjectType::Endpoint));
    for (auto& space : spaces_) {
        TRY(make_space(space));
    }
    for (auto& space : spaces_) {
        TRY(give(space, maker_.first_slot())); // Model::kMeeting
    }
    TRY(give_messaging(random));
    TRY(give_memory());
    for (std::size_t index = 0; index < workers().size(); ++index) {
        TRY(make_worker(random, index));
    }
    for (std::size_t index = 0; index < kPuppets; ++index) {
        TRY(make_puppet(random, index));
    }
    for (auto& space : spaces_) {
        TRY(give_authority(space));
        space.model.reset(space.node, space.inner, space.guarded);
    }
    for (auto const& worker : workers()) {
        TRY(start(worker));
    }
    return {};
}

auto World::check_empty() const -> Outcome {
    for (CPtr slot = maker_.first_slot(); slot < maker_.first_slot() + kSlots; ++slot) {
        if (TRY(kOwnNode.identify(kDepth, slot)).type != 0) {
            return std::unexpected(abi::Error::DeleteFirst);
        }
    }
    return {};
}

auto World::end() -> Outcome {
    // What is not made of the arena: copies of the pages.
    for (auto const& worker : workers()) {
        (void)worker.thread.suspend();
    }
    TRY(kOwnNode.revoke(kDepth, maker_.arena().capability()));
    for (CPtr slot = maker_.first_slot(); slot < maker_.next_slot(); ++slot) {
        TRY(kOwnNode.delete_(kDepth, slot));
    }
    maker_.begin_again();
    TRY(check_empty());
    if (!maker_.arena().retype(std::to_underlying(ObjectType::Untyped), kArenaBits - 1, 0, 2, kRoot, 0,
                               maker_.first_slot())) {
        return std::unexpected(abi::Error::RevokeFirst);
    }
    return kOwnNode.revoke(kDepth, maker_.arena().capability());
}

} // namespace fuzz
