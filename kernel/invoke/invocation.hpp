// SPDX-License-Identifier: MIT
/// What all invocations share: the call, how it is refused, how its arguments are found.
///
/// Each invocation has three phases: resolve its arguments, decode them to a plan with every check, commit
/// the plan. A commit is noexcept and cannot fail; one that takes long can be preempted and is then started
/// anew from the system call. A refusal has changed nothing.
#pragma once

#include "base/bits.hpp"
#include "kernel/abi/error.hpp"
#include "kernel/abi/message.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/cap/slot.hpp"
#include "kernel/ipc/message.hpp"
#include "kernel/object/cspace.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/sched/core.hpp"

#include <cstdint>
#include <expected>
#include <type_traits>

namespace kernel {

/// What is answered instead of a result: an error and its two words of detail, in one word, so that functions
/// which may refuse return in registers. No detail needs more.
/// ```
///  63                               12 11         4 3       0
/// +-----------------------------------+------------+---------+
/// |               large               |   small    |  error  |
/// +-----------------------------------+------------+---------+
/// ```
class Refusal {
public:
    static constexpr std::uint64_t kLargest = base::low_bits(52);

    /// Pre: `small` is at most 255, `large` at most kLargest.
    constexpr Refusal(abi::Error error, std::uint64_t small, std::uint64_t large)
        : packed_{large << kLargeShift | small << kSmallShift | static_cast<std::uint64_t>(error)} {}

    [[nodiscard]] constexpr auto error() const -> abi::Error {
        return static_cast<abi::Error>(packed_ & base::low_bits(kSmallShift));
    }
    /// Words 0 and 1 of the answer. Only NotEnoughMemory has the large number first.
    [[nodiscard]] constexpr auto words() const -> abi::Words {
        auto const large = packed_ >> kLargeShift;
        return error() == abi::Error::NotEnoughMemory ? abi::Words{large} : abi::Words{small(), large};
    }
    [[nodiscard]] constexpr auto small() const -> std::uint64_t {
        return packed_ >> kSmallShift & base::low_bits(kLargeShift - kSmallShift);
    }

    friend constexpr auto operator==(Refusal, Refusal) -> bool = default;

private:
    static constexpr unsigned kSmallShift = 4;
    static constexpr unsigned kLargeShift = 12;

    std::uint64_t packed_;
};
[[nodiscard]] constexpr auto refuse(abi::Error error, std::uint64_t small = 0, std::uint64_t large = 0)
    -> std::unexpected<Refusal> {
    return std::unexpected(Refusal{error, small, large});
}
[[nodiscard]] constexpr auto out_of_range(std::uint64_t smallest, std::uint64_t largest)
    -> std::unexpected<Refusal> {
    return refuse(abi::Error::RangeError, smallest, largest);
}

template <typename T>
using Decoded = std::expected<T, Refusal>;

enum class Completion : std::uint8_t {
    Done,      ///< the answer has no words
    Answered,  ///< the words are in the caller's registers already
    Preempted, ///< an interrupt is pending; to be called again
};

/// What came of an invocation: a completion, or a refusal. In one word, as a refusal is; `Error::None` stands
/// for a completion.
class Outcome {
public:
    // Conversions, so that `return refuse(...)` and TRY work in functions that return an outcome.
    constexpr Outcome(Completion completion) // NOLINT(google-explicit-constructor)
        : word_{abi::Error::None, static_cast<std::uint64_t>(completion), 0} {}
    constexpr Outcome(std::unexpected<Refusal> const& refused) // NOLINT(google-explicit-constructor)
        : word_{refused.error()} {}

    [[nodiscard]] constexpr auto refused() const -> bool { return word_.error() != abi::Error::None; }
    /// Completed, with an answer without words.
    [[nodiscard]] constexpr auto done() const -> bool { return word_ == Refusal{abi::Error::None, 0, 0}; }
    /// Pre: refused.
    [[nodiscard]] constexpr auto refusal() const -> Refusal { return word_; }
    /// Pre: not refused.
    [[nodiscard]] constexpr auto completion() const -> Completion {
        return static_cast<Completion>(word_.small());
    }

private:
    Refusal word_;
};

struct Invocation {
    Core& core;
    Tcb& caller;
    Slot& slot; ///< of the invoked capability
    abi::MessageTag tag;

    [[nodiscard]] auto capability() const -> Capability { return slot.capability(); }

    /// Answers with the words of a generated result.
    template <typename Result>
    [[nodiscard]] auto answer(Result const& result) const -> Completion {
        message::set_header(caller, 0, {0, Result::kWords, abi::MessageTag::kKernel});
        message::set_words(caller, result.encode());
        return Completion::Answered;
    }
};

/// Reads the parameters of `Method` and calls `function` with the invocation and them. What that returns is
/// the outcome, or a plan, perhaps, for which there is a function `commit`.
template <typename Method, typename Function>
[[nodiscard]] auto perform(Invocation const& invocation, Function function) -> Outcome {
    if (invocation.tag.length() < Method::kWords) {
        return refuse(abi::Error::TruncatedMessage);
    }
    auto const result = function(invocation, Method::decode(message::words(invocation.caller)));
    if constexpr (std::is_same_v<decltype(result), Outcome const>) {
        return result;
    } else {
        if (!result) {
            return std::unexpected(result.error());
        }
        return commit(*result);
    }
}

/// The slot that the caller means by `pointer`; null: none.
[[nodiscard]] auto argument_slot(Invocation const& invocation, abi::CPtr pointer) -> Slot*;
/// The slot that the caller's argument number `position` (the first is 1) names, holding a capability of this
/// type; otherwise InvalidCapability.
[[nodiscard, gnu::always_inline]] inline auto find_argument(Invocation const& invocation, abi::CPtr pointer,
                                                            std::uint64_t position, abi::ObjectType type)
    -> Decoded<Slot*> {
    auto* const slot = argument_slot(invocation, pointer);
    if (slot == nullptr || !slot->capability().has_type(type)) [[unlikely]] {
        return refuse(abi::Error::InvalidCapability, position);
    }
    return slot;
}

enum class Lookup : std::uint8_t { Source = 0, Destination = 1 }; ///< word 0 of FailedLookup

/// How many bits of an index can be resolved: 1..64, otherwise RangeError.
[[nodiscard]] auto check_depth(unsigned depth) -> Decoded<unsigned>;
/// The slot at `index` of `root`, resolving `depth` bits of it. RangeError: depth; FailedLookup.
[[nodiscard]] auto find_slot(Capability root, std::uint64_t index, unsigned depth, Lookup which)
    -> Decoded<Slot*>;
/// The same, and it must be empty: otherwise DeleteFirst.
[[nodiscard]] auto find_empty_slot(Capability root, std::uint64_t index, unsigned depth) -> Decoded<Slot*>;

// One for each type of object: the invocations that idl/kernel/ declares for it.
[[nodiscard]] auto invoke_untyped(Invocation const& invocation) -> Outcome;
[[nodiscard]] auto invoke_cnode(Invocation const& invocation) -> Outcome;
[[nodiscard]] auto invoke_tcb(Invocation const& invocation) -> Outcome;
[[nodiscard]] auto invoke_sched_context(Invocation const& invocation) -> Outcome;
[[nodiscard]] auto invoke_reply(Invocation const& invocation) -> Outcome;
[[nodiscard]] auto invoke_vspace(Invocation const& invocation) -> Outcome;
[[nodiscard]] auto invoke_page_table(Invocation const& invocation) -> Outcome;
[[nodiscard]] auto invoke_frame(Invocation const& invocation) -> Outcome;
/// Those of them that are about caches; all others are refused.
[[nodiscard]] auto invoke_frame_cache(Invocation const& invocation) -> Outcome;
[[nodiscard]] auto invoke_irq_control(Invocation const& invocation) -> Outcome;
[[nodiscard]] auto invoke_irq_handler(Invocation const& invocation) -> Outcome;
[[nodiscard]] auto invoke_core_control(Invocation const& invocation) -> Outcome;
[[nodiscard]] auto invoke_debug_console(Invocation const& invocation) -> Outcome;

} // namespace kernel
