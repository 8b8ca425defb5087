// SPDX-License-Identifier: MIT
#include "trial.hpp"

#include "base/result.hpp"
#include "os/arch.hpp"
#include "os/syscall.hpp"
#include "program.hpp"

#include <algorithm>

namespace differential {
namespace {

constexpr unsigned kWildRounds = 48;
constexpr unsigned kCalmRounds = 7;
constexpr std::uint64_t kLookAtSlots = 8; // rounds
constexpr std::uint64_t kLookAtInvariants = 4;
// Tcb.state
constexpr unsigned kRuns = 1;
constexpr unsigned kReceives = 2;
constexpr unsigned kSends = 3;
constexpr unsigned kWaitsOnNotification = 5;

/// Whether a register, by its number in `Tcb.read_registers`, may belong to a message that has been sent:
/// that need not be in the registers it came from. Who waits in a queue still says for what; it may have
/// begun to wait anew there, without a message any more. What it does send is looked at where it arrives.
auto is_of_sent_message(unsigned state, unsigned number) -> bool {
    constexpr unsigned kCapability = os::arch::reg::kFirstArgument;
    constexpr unsigned kEnd = kCapability + kMessageRegisters;
    if (state == kRuns) {
        return false;
    }
    auto const queues = state == kReceives || state == kSends || state == kWaitsOnNotification;
    return number >= (queues ? kCapability + 1 : kCapability) && number < kEnd;
}

constexpr auto receives(Kind kind) -> bool {
    return kind == Kind::Recv || kind == Kind::ReplyRecv || kind == Kind::NBRecv || kind == Kind::SendRecv;
}

constexpr object::CNode kOwnNode{os::slot::kCNode};

} // namespace

/// Whether something was refused, and why.
template <typename Result>
void Trial::fold(Result const& result) {
    hash_.fold(result ? 0 : static_cast<std::uint64_t>(result.error()));
}

auto Trial::play() -> World::Outcome {
    TRY(world_.make(random_));
    hash_.trace(++played_ == traced_world_);
    unsigned const rounds = world_.mood() == Mood::Calm ? kCalmRounds : kWildRounds;
    for (unsigned round = 0; round < rounds; ++round) {
        hash_.say("round ", round);
        interfere();
        // This thread's priority is below all others': it goes on when nobody can.
        os::yield();
        look();
        if (round % kLookAtSlots == 0) {
            for (auto const& worker : world_.workers()) {
                look_at_slots(worker);
            }
        }
        if (round % kLookAtInvariants == 0) {
            look_at_invariants();
        }
    }
    return {};
}

void Trial::look() {
    for (auto& worker : world_.workers()) {
        look_at_results(worker);
        look_at_thread(worker);
    }
}

void Trial::look_at_results(Worker& worker) {
    auto const& page = *worker.page;
    for (; worker.folded < page.index && worker.folded < page.count; ++worker.folded) {
        auto const kind = page.operations[worker.folded].kind;
        auto const& registers = page.results[worker.folded].registers;
        abi::MessageTag const tag{registers[1]};
        hash_.say("worker ", number(worker), " operation ", worker.folded);
        hash_.fold(static_cast<std::uint64_t>(kind));
        hash_.fold_all(registers);
        ++counts_.operations;
        bool const from_thread =
            !tag.has(abi::MessageTag::kKernel) && !tag.has(abi::MessageTag::kNotification);
        counts_.answered += kind == Kind::Call && from_thread ? 1U : 0U;
        counts_.received += kind == Kind::ReplyRecv && from_thread ? 1U : 0U;
        counts_.faults += kind <= Kind::SendRecv && tag.has(abi::MessageTag::kFault) ? 1U : 0U;
        counts_.signals += receives(kind) && tag.has(abi::MessageTag::kNotification) ? 1U : 0U;
    }
}

void Trial::look_at_thread(Worker const& worker) {
    hash_.say("state of worker ", number(worker));
    auto const state = worker.thread.state();
    fold(state);
    if (state) {
        hash_.fold(state->state);
        hash_.fold(state->priority);
    }
    constexpr std::uint8_t kAtOnce = 8;
    for (std::uint8_t first = 0; first < os::arch::reg::kCount; first += kAtOnce) {
        auto const count = std::min<std::uint8_t>(kAtOnce, os::arch::reg::kCount - first);
        auto const values = worker.thread.read_registers(first, count);
        fold(values);
        if (!values) {
            continue;
        }
        for (std::uint8_t index = 0; index < count; ++index) {
            bool const gone = state && is_of_sent_message(state->state, first + index);
            hash_.fold(gone ? 0 : (*values)[index]);
        }
    }
}

void Trial::look_at_slots(Worker const& worker) {
    hash_.say("slots");
    for (CPtr slot = 0; slot < toy::kCount; ++slot) {
        auto const found = object::CNode{worker.node}.identify(toy::kRadix, slot);
        fold(found);
        if (found) {
            hash_.fold(std::uint64_t{found->type} << 16U | std::uint64_t{found->rights} << 8U |
                       found->size_bits);
        }
    }
    for (auto const notification : world_.notifications()) {
        hash_.fold(os::try_receive(notification).badge);
    }
}

void Trial::look_at_invariants() {
    auto const violations = object::DebugConsole{os::slot::kDebugConsole}.check_invariants();
    fold(violations);
    counts_.violations += violations.value_or(1);
}

void Trial::interfere() {
    bool const calm = world_.mood() == Mood::Calm;
    for (auto& worker : world_.workers()) {
        auto const& page = *worker.page;
        auto const state = worker.thread.state();
        if (state && state->state == kWaitsOnNotification && page.index >= page.count) {
            write_program(random_, world_.mood(), worker);
            worker.folded = 0;
            if (random_.one_in(2)) {
                interrupt(worker.gate);
            } else {
                os::signal(worker.gate);
            }
        } else if (random_.one_in(calm ? 6 : 2)) {
            go_on(worker);
        }
        if (random_.one_in(calm ? 48 : 24)) {
            upset(worker);
        }
    }
    if (random_.one_in(2)) {
        os::try_send(random_.any_of(world_.notifications()), {});
    }
    if (random_.one_in(2)) {
        interrupt(random_.any_of(world_.notifications()));
    }
    if (random_.one_in(4)) {
        os::try_send(random_.any_of(world_.endpoints()), {.tag = abi::MessageTag{random_.below(4), 8},
                                                          .words = {random_.next(), random_.next()}});
    }
    if (random_.one_in(4)) {
        os::try_send(random_.any_of(world_.replies()), {.tag = abi::MessageTag{0, 1}});
    }
}

void Trial::interrupt(CPtr notification) {
    fold(world_.interrupt(notification));
    ++counts_.interrupts;
}

/// Takes a worker that waits out of what it waits for, to its next operation.
void Trial::go_on(Worker& worker) {
    fold(worker.thread.suspend());
    if (random_.one_in(4)) {
        fold(worker.thread.resume()); // what it did starts again
        return;
    }
    auto& page = *worker.page;
    if (page.index < page.count) {
        worker.folded = ++page.index;
    }
    fold(World::start(worker));
}

void Trial::upset(Worker& worker) {
    constexpr unsigned kWays = 64;
    constexpr unsigned kCommonWays = 9;
    auto const way = random_.below(kWays);
    switch (way < 3 ? kCommonWays + way : way % kCommonWays) {
    case 0:
        fold(World::set_priority(worker.context.capability(),
                                 static_cast<std::uint8_t>(40 + 10 * random_.below(4))));
        break;
    case 1: fold(worker.context.unbind()); break;
    case 2: fold(worker.context.bind(worker.thread.capability())); break;
    case 3: fold(kOwnNode.cancel_badged_sends(os::kSlotDepth, random_.any_of(world_.endpoints()))); break;
    case 4: fold(object::CNode{worker.node}.delete_(toy::kRadix, random_.below(toy::kGate))); break;
    case 5: fold(worker.thread.unbind_notification()); break;
    case 6: fold(worker.thread.bind_notification(random_.any_of(world_.notifications()))); break;
    case 7:
        fold(worker.thread.set_receive_slot(toy::kRadix, worker.node, toy::kReceive + random_.below(8)));
        break;
    case 8: fold(worker.thread.set_flags(1, random_.below(2))); break;
    case 9: fold(kOwnNode.revoke(os::kSlotDepth, random_.any_of(world_.endpoints()))); break;
    case 10: fold(kOwnNode.delete_(os::kSlotDepth, random_.any_of(world_.replies()))); break;
    default: fold(kOwnNode.delete_(os::kSlotDepth, worker.thread.capability())); break;
    }
}

} // namespace differential
