// SPDX-License-Identifier: MIT
/// Calls to the other address space, as system calls.
#include "base/result.hpp"
#include "rig.hpp"

namespace bench {
namespace {

using idl::bench::Role;

auto measure_one_way(Rig const& rig) -> Outcome {
    auto const endpoint = TRY(rig.start(Role::MarkingEcho));
    Samples call;
    Samples reply;
    give_up_floating_point();
    for (std::size_t round = 0; round < Samples::kWarmUp + Samples::kRounds; ++round) {
        auto const both = arch::call_nothing<false>(endpoint);
        call.add(length({both.begin, rig.marks().received}));
        reply.add(length({rig.marks().replied, both.end}) - arch::kStoresBeforeReply);
    }
    call.report("call_0");
    reply.report("replyrecv_0");
    return {};
}

auto measure_round_trips(Rig const& rig) -> Outcome {
    auto const endpoint = TRY(rig.start(Role::Echo));
    sample([&] { return length(arch::call_nothing<true>(endpoint)); }).report("rtt_0");
    bool arrived = true;
    sample([&] {
        auto const [both, words_arrived] = arch::call_eight(endpoint);
        arrived = arrived && words_arrived;
        return length(both);
    }).report("rtt_8");
    return require(arrived, "words were lost on the way");
}

} // namespace

auto measure_messages(Rig const& rig) -> Outcome {
    TRY(measure_one_way(rig));
    return measure_round_trips(rig);
}

} // namespace bench
