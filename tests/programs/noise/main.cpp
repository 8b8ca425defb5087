// SPDX-License-Identifier: MIT
/// Ten thousand system calls with random words over everything the component holds, and beyond. Kernel and
/// other components must not mind; the component itself may well come to grief.
#include "generated/env.hpp"
#include "os/startup_info.hpp"
#include "os/syscall.hpp"

#include <array>
#include <cstdint>
#include <cstdio>

namespace {

constexpr unsigned kCalls = 10'000;
constexpr std::uint64_t kTypes = 16;
constexpr std::uint64_t kMethods = 12;

/// Marsaglia's xorshift, for a sequence that is the same in each run.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_{seed | 1U} {}

    auto next() -> std::uint64_t {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_;
    }

    auto below(std::uint64_t limit) -> std::uint64_t { return next() % limit; }

    /// Half small numbers, which mean something more often, and half anything.
    auto word() -> std::uint64_t { return (next() & 1U) != 0 ? below(64) : next(); }

private:
    std::uint64_t state_;
};

/// What the component was given: its own objects, its ports. What its runtime has made for itself comes
/// behind that; a component that upsets its own pager harms nobody else and would only end the noise early.
struct Given {
    abi::CPtr end;

    /// One of them, or a number that names nothing.
    [[nodiscard]] auto pick(Random& random) const -> abi::CPtr {
        constexpr std::uint64_t one_in = 8;
        constexpr std::uint64_t far_beyond = std::uint64_t{1} << 40U;
        return random.below(one_in) == 0 ? random.next() | far_beyond : random.below(end);
    }
};

/// Its own thread and address space, and whoever watches over it: a lucky label would end the noise early, so
/// labels there are wild.
auto is_own_life(abi::CPtr capability) -> bool {
    return capability <= os::slot::kSchedContext || capability == os::slot::kSupervisor;
}

auto random_message(Random& random, abi::CPtr capability) -> os::Message {
    auto const label =
        is_own_life(capability) ? random.next() : (random.below(kTypes) << 8U) | random.below(kMethods);
    os::Message message{.tag = abi::MessageTag{label, random.below(16), random.below(64)}, .words = {}};
    for (auto& word : message.words) {
        word = random.word();
    }
    return message;
}

/// One system call that cannot block for ever: nobody else serves what this component serves.
void make_noise(Random& random, Given const& given) {
    auto const capability = given.pick(random);
    auto const message = random_message(random, capability);
    switch (random.below(6)) {
    case 0: os::try_send(capability, message); break;
    case 1: (void)os::try_receive(os::slot::kService); break;
    case 2: os::reply(message); break;
    case 3: os::yield(); break;
    default:
        if (capability != os::slot::kService) {
            (void)os::call(capability, message); // whatever the answer is
        }
    }
}

} // namespace

void os::main(Env& env) {
    Random random{env.seed()};
    Given const given{env.startup().info().first_free_slot};
    for (unsigned made = 0; made < kCalls; ++made) {
        make_noise(random, given);
    }
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "made %u calls", kCalls);
    (void)env.log().line(idl::log::Level::Info, text.data()); // the session may be gone by now
}
