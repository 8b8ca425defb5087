// SPDX-License-Identifier: MIT
/// What every test starts from: an untyped block, empty slots, room in the address space. Afterwards the
/// block is revoked, all of it must be free, and every slot of the component must hold what it held before.
#pragma once

#include "kernel/abi/message.hpp"
#include "kernel/abi/object.hpp"
#include "os/arch.hpp"
#include "os/device.hpp"
#include "os/message.hpp"
#include "os/startup_info.hpp"
#include "outcome.hpp"

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

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace suite {

using abi::CPtr;
using abi::Error;
using abi::ObjectType;
namespace object = os::object;

/// All bits of a CPtr, and of a slot's index below the component's own CNode.
inline constexpr std::uint8_t kDepth = 64;
inline constexpr CPtr kRoot = os::slot::kCNode;
inline constexpr CPtr kOwnSpace = os::slot::kVSpace;

inline constexpr std::uint8_t kReadOnly = abi::rights::kRead;
inline constexpr std::uint8_t kReadWrite = abi::rights::kRead | abi::rights::kWrite;
inline constexpr std::uint8_t kReadExecute = abi::rights::kRead | abi::rights::kExecute;

/// The test's own thread has Middle: a High thread runs at once, a Low one when the test waits.
enum class Priority : std::uint8_t { Lowest = 20, Low = 40, Middle = 60, High = 80 };

/// A user address where nothing of libos is.
inline constexpr std::uint64_t kFreeAddress = 0x1C'0000'0000;

struct ThreadSpec {
    void (*run)(std::uint64_t){}; ///< never returns: see `rest`
    std::uint64_t argument{};
    Priority priority{Priority::High};
    CPtr fault_endpoint{};
    CPtr root{kRoot};
    CPtr space{kOwnSpace};
    std::uint64_t budget{}; ///< ticks; 0: a long time slice
    std::uint64_t period{};
    std::size_t core{};
};

struct Thread {
    object::Tcb tcb{0};
    object::SchedContext context{0};
    std::uint64_t stack_top{};

    [[nodiscard]] auto state() const -> unsigned;
};

/// `Tcb.state`.
namespace state {
inline constexpr unsigned kInactive = 0;
inline constexpr unsigned kRunning = 1;
inline constexpr unsigned kReceiving = 2;
inline constexpr unsigned kSending = 3;
inline constexpr unsigned kAwaitingReply = 4;
inline constexpr unsigned kWaiting = 5;
inline constexpr unsigned kFaulted = 6;
} // namespace state

class Rig {
public:
    /// `arena`: an untyped block of the component, for all tests. `first_slot`: of kSlots empty ones.
    static constexpr std::size_t kSlots = 1024;
    static constexpr unsigned kArenaBits = 23;
    /// `device`: what the tests of interrupt lines need.
    Rig(CPtr arena, CPtr first_slot, std::optional<os::Device> device = {})
        : arena_{arena}, first_slot_{first_slot}, next_slot_{first_slot}, device_{device} {}

    [[nodiscard]] auto arena() const -> object::Untyped { return object::Untyped{arena_}; }
    [[nodiscard]] auto root() const -> object::CNode { return object::CNode{kRoot}; }
    [[nodiscard]] auto core() const -> object::CoreControl {
        return object::CoreControl{os::slot::kCoreControl};
    }
    /// The cores that the kernel has started, and the authority over one of them. The test's own thread is on
    /// core 0.
    [[nodiscard]] auto core_count() -> std::size_t;
    [[nodiscard]] auto core(std::size_t number) const -> object::CoreControl {
        return object::CoreControl{os::slot::kFirstGrantedCore + number};
    }
    /// Moves a thread, with the priority and time that `start` gives.
    [[nodiscard]] auto move(Thread const& thread, std::size_t core, Priority priority = Priority::High) const
        -> Outcome;
    /// How many operations a storm on all cores consists of: a measure for other tests of that kind.
    [[nodiscard]] auto operations() const -> std::uint64_t { return operations_; }
    void set_operations(std::uint64_t count) { operations_ = count; }
    /// A device that can be made to interrupt: see raised_line.hpp.
    [[nodiscard]] auto device() const -> os::Device { return device_.value(); }
    /// An empty slot that nobody else gets.
    auto slot() -> CPtr { return next_slot_++; }

    /// Makes an object of the arena.
    auto make(ObjectType type, unsigned size_bits = 0,
              std::source_location where = std::source_location::current()) -> Got<CPtr>;
    /// A copy with a badge, or with fewer rights.
    auto mint(CPtr source, std::uint64_t badge, std::uint8_t rights = abi::rights::kAll,
              std::source_location where = std::source_location::current()) -> Got<CPtr>;
    /// Maps a frame in the component's own address space, with the page tables that takes.
    auto map(CPtr frame, std::uint64_t address, std::uint8_t rights,
             std::source_location where = std::source_location::current()) -> Outcome;
    /// The same in any address space.
    auto map_in(CPtr space, CPtr frame, std::uint64_t address, std::uint8_t rights,
                std::source_location where = std::source_location::current()) -> Outcome;
    /// Room for `pages` pages in the address space, between unmapped ones.
    auto addresses(std::size_t pages) -> std::uint64_t;
    /// A fresh page, mapped for reading and writing.
    auto page() -> Got<std::uint64_t*>;
    /// A thread that runs: with High priority it has come to its first wait when this returns. Its stack is
    /// mapped in its own address space.
    auto start(ThreadSpec const& spec) -> Got<Thread>;
    /// Restarts a stopped thread at another function, with a fresh stack.
    auto restart(Thread const& thread, void (*run)(std::uint64_t), std::uint64_t argument) -> Outcome;

    /// Waits until every Low thread has come to a stop.
    auto settle() -> Outcome;

    /// The type of what a slot holds.
    auto type_in(CPtr slot) -> ObjectType;

    /// One number for what all slots of the component hold: the same while nothing has changed there.
    [[nodiscard]] auto fingerprint() -> std::uint64_t;

    /// Begins a test: notes what the component's slots hold.
    auto set_up() -> Outcome;
    /// Revokes everything, for who has no use for the checks of `tear_down`.
    auto clear() -> Outcome;
    /// Ends the test: revokes everything. Says what is left that should not be, or missing that should be
    /// there.
    auto tear_down() -> Outcome;

private:
    static constexpr std::size_t kMaxSlots = 4096;

    /// What a slot holds, as one number; 0 if it is empty.
    auto contents_of(CPtr slot) -> std::uint32_t;
    /// Whether all of the arena can be used.
    auto check_memory() -> Outcome;
    auto check_slots() -> Outcome;

    std::array<std::uint32_t, kMaxSlots> before_{};
    std::size_t slots_{};
    CPtr arena_;
    CPtr first_slot_;
    CPtr next_slot_;
    std::optional<os::Device> device_;
    std::uint64_t operations_{};
    std::uint64_t next_page_{kFreeAddress + 0x1000'0000};
};

/// Where threads end: they wait for what never comes.
[[noreturn]] void rest();

/// Keeps busy for about a microsecond, with nothing that takes an emulator longer than other instructions, as
/// looking at the clock does.
void keep_busy();
/// Keeps busy until `ticks` have passed.
void spend(std::uint64_t ticks);

/// Keeps busy until the condition holds, for what other cores do meanwhile. False: it does not come to hold.
auto eventually(auto condition) -> bool {
    constexpr std::uint64_t kPatience = 30; // seconds: the machine's cores may have to share one
    std::uint64_t const end = os::arch::counter() + kPatience * os::arch::counter_frequency();
    while (!condition()) {
        if (os::arch::counter() > end) {
            return false;
        }
        os::arch::relax();
    }
    return true;
}

/// Calls a test with its frames far below those of whoever calls this. A thread that the test has not waited
/// for, as when it failed, goes on with what is in them, on another core at any time: nothing else is put
/// there until `tear_down` has ended it.
[[gnu::noinline]] auto far_below(auto const& test) {
    constexpr std::size_t kRoom = 8192;    // more than `tear_down` needs, or a report
    std::array<char volatile, kRoom> room; // NOLINT(cppcoreguidelines-pro-type-member-init): only to be there
    room[0] = 0;
    auto result = test();
    room[0] = 0; // the room is in use until here: the call was no jump
    return result;
}

/// What may fail because of the host, whose clock goes on when it does other things: whether it was good. All
/// that it lets pass is `slowness` times as long as it needs on a host that has nothing else to do.
using Attempt = Got<bool> (*)(Rig& rig, std::uint64_t slowness);

/// Makes attempts, each slower than the one before, until one is good. Each begins with nothing of the others
/// left.
auto in_some_attempt(Rig& rig, Attempt attempt, std::source_location where = std::source_location::current())
    -> Outcome;

/// A message of one word, and the word of one.
[[nodiscard]] auto message(std::uint64_t label, std::uint64_t word = 0) -> os::Message;

/// The kernel's answer to a call, as an error.
[[nodiscard]] inline auto kernel_error(os::Message const& reply) -> Error {
    return reply.tag.has(abi::MessageTag::kKernel) ? static_cast<Error>(reply.tag.label()) : Error::None;
}

} // namespace suite
