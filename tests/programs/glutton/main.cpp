// SPDX-License-Identifier: MIT
/// Takes more heap, memory or stack than it was given. It must not get far, and nobody else may notice.
#include "generated/env.hpp"
#include "os/memory.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace {

constexpr std::size_t kHelping = 4096;
constexpr std::uint64_t kNeverReached = 1'000'000'000;
constexpr unsigned kLargestHelpingBits = 24;

/// Never returns: each helping is written to, so that it takes memory and not only addresses.
[[noreturn]] void eat_heap() {
    for (;;) {
        auto* const helping = new std::byte[kHelping];
        *static_cast<std::byte volatile*>(helping) = std::byte{1};
    }
}

/// Makes objects until the component's untyped memory is gone; what is next in need of a page then fails.
void eat_memory() {
    for (auto bits = kLargestHelpingBits; bits >= abi::kSmallFrameBits; --bits) {
        while (os::make_objects(abi::ObjectType::Untyped, bits, 1).has_value()) {
        }
    }
}

/// Each call has a page of its own on the stack, and uses it after the next has returned, so it is no tail
/// call.
auto eat_stack(std::uint64_t depth) -> std::uint64_t {
    std::array<std::byte, kHelping> page{};
    std::byte volatile& used = page.at(depth % kHelping);
    used = std::byte{1};
    auto const below = depth == kNeverReached ? 0 : eat_stack(depth + 1);
    return below + std::to_integer<std::uint64_t>(used);
}

} // namespace

void os::main(Env& env) {
    // Whether the line arrives does not matter here.
    (void)env.log().line(idl::log::Level::Info, "hungry");
    if (env.wants() == "stack") {
        (void)eat_stack(0); // it never gets there
    } else if (env.wants() == "memory") {
        eat_memory();
    }
    eat_heap();
}
