// SPDX-License-Identifier: MIT
/// Objects, mappings and threads for tests, made by plain invocations.
#include "rig.hpp"

#include "os/arch.hpp"
#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::size_t kStackPages = 2;

auto at(std::source_location where) {
    return [where](Error error) {
        return Failure{"setting up was refused with error", static_cast<std::uint64_t>(error), where};
    };
}

template <typename T>
auto told(std::expected<T, Error> const& result, std::source_location where) -> Outcome {
    if (!result) {
        return std::unexpected(at(where)(result.error()));
    }
    return {};
}

} // namespace

auto Thread::state() const -> unsigned {
    auto const result = tcb.state();
    constexpr unsigned kUnknown = 99;
    return result ? result->state : kUnknown;
}

auto Rig::make(ObjectType type, unsigned size_bits, std::source_location where) -> Got<CPtr> {
    CPtr const destination = slot();
    TRY(told(arena().retype(static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(size_bits), 0, 1,
                            kRoot, 0, destination),
             where));
    return destination;
}

auto Rig::mint(CPtr source, std::uint64_t badge, std::uint8_t rights, std::source_location where)
    -> Got<CPtr> {
    CPtr const destination = slot();
    TRY(told(root().mint(kDepth, kDepth, rights, destination, kRoot, source, badge), where));
    return destination;
}

auto Rig::map(CPtr frame, std::uint64_t address, std::uint8_t rights, std::source_location where) -> Outcome {
    return map_in(kOwnSpace, frame, address, rights, where);
}

auto Rig::map_in(CPtr space, CPtr frame, std::uint64_t address, std::uint8_t rights,
                 std::source_location where) -> Outcome {
    while (true) {
        auto const mapped = object::Frame{frame}.map(rights, 0, space, address);
        if (refusal(mapped) != Error::FailedLookup) {
            return told(mapped, where);
        }
        CPtr const table = TRY(make(ObjectType::PageTable));
        TRY(told(object::PageTable{table}.map(space, address), where));
    }
}

auto Rig::addresses(std::size_t pages) -> std::uint64_t {
    std::uint64_t const first = next_page_ + kPage;
    next_page_ = first + pages * kPage;
    return first;
}

auto Rig::page() -> Got<std::uint64_t*> {
    std::uint64_t const address = addresses(1);
    TRY(map(TRY(make(ObjectType::Frame, abi::kSmallFrameBits)), address, kReadWrite));
    return reinterpret_cast<std::uint64_t*>(address);
}

auto Rig::start(ThreadSpec const& spec) -> Got<Thread> {
    Thread thread{object::Tcb{TRY(make(ObjectType::Tcb))},
                  object::SchedContext{TRY(make(ObjectType::SchedContext))}, 0};
    std::uint64_t const budget = spec.budget == 0 ? os::arch::counter_frequency() : spec.budget;
    TRY(must(core(spec.core).configure(static_cast<std::uint8_t>(spec.priority), thread.context.capability(),
                                       budget, spec.period, 0)));
    TRY(must(thread.tcb.configure(spec.root, spec.space, spec.fault_endpoint)));
    TRY(must(thread.context.bind(thread.tcb.capability())));
    auto const stack = addresses(kStackPages);
    for (std::size_t index = 0; index < kStackPages; ++index) {
        CPtr const frame = TRY(make(ObjectType::Frame, abi::kSmallFrameBits));
        TRY(map_in(spec.space, frame, stack + index * kPage, kReadWrite));
    }
    thread.stack_top = stack + kStackPages * kPage;
    TRY(restart(thread, spec.run, spec.argument));
    return thread;
}

auto Rig::restart(Thread const& thread, void (*run)(std::uint64_t), std::uint64_t argument) -> Outcome {
    namespace reg = os::arch::reg;
    std::array<std::uint64_t, 7> registers{};
    registers[reg::kProgramCounter] = reinterpret_cast<std::uint64_t>(run);
    registers[reg::kStackPointer] = thread.stack_top;
    TRY(must(thread.tcb.write_registers(0, 2, false, registers)));
    registers[0] = argument;
    return must(thread.tcb.write_registers(reg::kFirstArgument, 1, true, registers));
}

auto Rig::settle() -> Outcome {
    auto const signal_once = [](std::uint64_t notification) {
        os::signal(notification);
        rest();
    };
    CPtr const settled = TRY(make(ObjectType::Notification));
    TRY(start({.run = signal_once, .argument = settled, .priority = Priority::Lowest}));
    (void)os::wait(settled); // its badge is zero
    return {};
}

auto Rig::core_count() -> std::size_t {
    std::size_t count = 0;
    while (count < os::slot::kGrantedCores &&
           type_in(os::slot::kFirstGrantedCore + count) == ObjectType::CoreControl) {
        ++count;
    }
    return count;
}

auto Rig::move(Thread const& thread, std::size_t number, Priority priority) const -> Outcome {
    return must(core(number).configure(static_cast<std::uint8_t>(priority), thread.context.capability(),
                                       os::arch::counter_frequency(), 0, 0));
}

auto Rig::type_in(CPtr slot) -> ObjectType {
    auto const found = root().identify(kDepth, slot);
    return found ? static_cast<ObjectType>(found->type) : ObjectType::Null;
}

auto Rig::contents_of(CPtr slot) -> std::uint32_t {
    auto const found = root().identify(kDepth, slot);
    if (!found) {
        return 0;
    }
    return static_cast<std::uint32_t>(found->type) << 16U | static_cast<std::uint32_t>(found->rights) << 8U |
           found->size_bits;
}

auto Rig::fingerprint() -> std::uint64_t {
    constexpr std::uint64_t kPrime = 0x0000'0100'0000'01B3; // FNV-1a
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
    for (CPtr slot = 0; slot < slots_; ++slot) {
        hash = (hash ^ contents_of(slot)) * kPrime;
    }
    return hash;
}

auto Rig::set_up() -> Outcome {
    slots_ = std::size_t{1} << TRY(must(root().identify(kDepth, kRoot))).size_bits;
    REQUIRE(slots_ <= before_.size());
    for (CPtr slot = 0; slot < slots_; ++slot) {
        before_[slot] = contents_of(slot);
    }
    return {};
}

auto Rig::check_slots() -> Outcome {
    for (CPtr slot = 0; slot < slots_; ++slot) {
        if (contents_of(slot) != before_[slot]) {
            return std::unexpected(
                Failure{"the test has changed slot", slot, std::source_location::current()});
        }
    }
    return {};
}

auto Rig::check_memory() -> Outcome {
    TRY(must(arena().retype(static_cast<std::uint8_t>(ObjectType::Untyped), kArenaBits - 1, 0, 2, kRoot, 0,
                            first_slot_)));
    return must(root().revoke(kDepth, arena_));
}

auto Rig::clear() -> Outcome {
    for (CPtr slot = first_slot_; slot < next_slot_; ++slot) {
        // What is not made of memory does not go with the arena.
        auto const type = type_in(slot);
        if (type == ObjectType::IrqHandler || type == ObjectType::CoreControl) {
            TRY(must(root().delete_(kDepth, slot)));
        }
    }
    TRY(must(root().revoke(kDepth, arena_)));
    REQUIRE(next_slot_ - first_slot_ <= kSlots);
    next_slot_ = first_slot_;
    next_page_ = kFreeAddress + 0x1000'0000;
    return {};
}

auto Rig::tear_down() -> Outcome {
    TRY(clear());
    TRY(check_slots());
    TRY(check_memory());
    auto const violations = TRY(must(object::DebugConsole{os::slot::kDebugConsole}.check_invariants()));
    if (violations != 0) {
        return std::unexpected(
            Failure{"violated invariants of the kernel", violations, std::source_location::current()});
    }
    return {};
}

void rest() {
    // The null capability: a fault without a handler stops the thread, or its handler knows that it is done.
    while (true) {
        (void)os::receive(abi::kNullCPtr);
    }
}

void keep_busy() {
    constexpr int kRounds = 200;
    for (int round = 0; round < kRounds; ++round) {
        std::atomic_signal_fence(std::memory_order_seq_cst); // the compiler has to leave the loop as it is
    }
}

void spend(std::uint64_t ticks) {
    std::uint64_t const end = os::arch::counter() + ticks;
    while (os::arch::counter() < end) {
        keep_busy();
    }
}

auto in_some_attempt(Rig& rig, Attempt attempt, std::source_location where) -> Outcome {
    constexpr std::uint64_t kSlowest = 64;
    for (std::uint64_t slowness = 1; slowness <= kSlowest; slowness *= 2) {
        if (TRY(far_below([&] { return attempt(rig, slowness); }))) {
            return {};
        }
        TRY(rig.tear_down());
    }
    return std::unexpected(Failure{"no attempt was good", kSlowest, where});
}

auto message(std::uint64_t label, std::uint64_t word) -> os::Message {
    return {.tag = abi::MessageTag{label, 1}, .words = {word}};
}

} // namespace suite
