// SPDX-License-Identifier: MIT
/// The invocations of frames that are about caches.
#include "base/result.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/invoke/invocation.hpp"

#include "generated/kernel/frame.hpp"

#include <algorithm>

namespace kernel {
namespace {

namespace method = invocation::frame;

using Operation = void (*)(arch::MemoryRange);

/// What a method has the caches do; null: nothing, it is none of those here.
auto operation_of(std::uint64_t label) -> Operation {
    switch (label) {
    case method::Clean::kLabel: return arch::Cache::clean;
    case method::Invalidate::kLabel: return arch::Cache::invalidate;
    case method::CleanInvalidate::kLabel: return arch::Cache::clean_invalidate;
    case method::Unify::kLabel: return arch::Cache::unify;
    default: return nullptr;
    }
}

/// The parameters of all of them.
using Parameters = method::Clean;
static_assert(Parameters::kWords == 2 && method::Invalidate::kWords == 2 &&
              method::CleanInvalidate::kWords == 2 && method::Unify::kWords == 2);

/// The part of the frame that is meant.
auto decode_range(Invocation const& invocation, Parameters const& parameters) -> Decoded<arch::MemoryRange> {
    FrameView const frame{invocation.capability()};
    // To invalidate can bring back what the memory held before: for those only who could write it themselves.
    auto const writes = invocation.tag.label() == method::Invalidate::kLabel;
    if (frame.device() || (writes && (frame.rights() & abi::rights::kWrite) == 0)) {
        return refuse(abi::Error::IllegalOperation);
    }
    if (parameters.end < 1 || parameters.end > frame.size()) {
        return out_of_range(1, frame.size());
    }
    if (parameters.first >= parameters.end) {
        return out_of_range(0, parameters.end - 1);
    }
    return arch::MemoryRange{frame.address() + parameters.first, frame.address() + parameters.end};
}

/// Does `operation` to the range, piece by piece. Begun again after an interrupt, it goes on where it was:
/// the first byte that is left takes the place of the parameter in the message of the caller.
auto maintain(Invocation const& invocation, arch::MemoryRange range, Operation operation) -> Completion {
    constexpr std::uint64_t kPiece = 16 * base::kPageSize;
    constexpr std::size_t kFirstWord = 0;
    auto at = range.begin;
    while (true) {
        auto const next = std::min(range.end, at + kPiece);
        operation({at, next});
        if (next == range.end) {
            return Completion::Done;
        }
        at = next;
        if (arch::Interrupts::pending()) {
            message::set_word(invocation.caller, kFirstWord,
                              at - FrameView{invocation.capability()}.address());
            return Completion::Preempted;
        }
    }
}

} // namespace

auto invoke_frame_cache(Invocation const& invocation) -> Outcome {
    auto const operation = operation_of(invocation.tag.label());
    if (operation == nullptr) {
        return refuse(abi::Error::IllegalOperation);
    }
    return perform<Parameters>(invocation,
                               [operation](Invocation const& call, Parameters const& parameters) -> Outcome {
                                   return maintain(call, TRY(decode_range(call, parameters)), operation);
                               });
}

} // namespace kernel
