// SPDX-License-Identifier: MIT
/// Calls to the other address space through generated stubs.
#include "rig.hpp"

namespace bench {

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

} // namespace bench
