// SPDX-License-Identifier: MIT
/// Calls to the other address space, raw and through generated stubs.
#include "base/result.hpp"
#include "rig.hpp"

namespace bench {
namespace {

using idl::bench::Role;

auto measure_one_way(Rig const& rig) -> Outcome {
    auto const endpoint = TRY(rig.start(Role::MarkingEcho));
    Samples call;
    Samples reply;
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
        abi::Words words{};
        auto const both = arch::call_eight(endpoint, words);
        arrived = arrived && words == arch::kEight;
        return length(both);
    }).report("rtt_8");
    return require(arrived, "words were lost on the way");
}

auto measure_stubs(Rig const& rig) -> Outcome {
    bool right = true;
    auto const& peer = rig.peer;
    sample([&] {
        return timed([&] {
            auto const sum = peer.sum(unknown(std::uint64_t{1000}), unknown(200U), unknown(true));
            right = sum.has_value() && *sum == 1201 && right;
            use(right);
        });
    }).report("rpc_scalars");
    constexpr std::string_view kText = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    static_assert(kText.size() == 64);
    sample([&] {
        return timed([&] {
            auto const length = peer.measure({unknown(kText.data()), unknown(kText.size())});
            right = length.has_value() && *length == kText.size() && right;
            use(right);
        });
    }).report("rpc_string64");
    return require(right, "a stub gave a wrong answer");
}

} // namespace

auto measure_messages(Rig const& rig) -> Outcome {
    TRY(measure_one_way(rig));
    TRY(measure_round_trips(rig));
    return measure_stubs(rig);
}

} // namespace bench
