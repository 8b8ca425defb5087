// SPDX-License-Identifier: MIT
/// Floating point: that it works, for many threads at once, and that it can be forbidden.
#include "kernel/abi/fault.hpp"
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

constexpr std::uint64_t kForbidden = 1; ///< flag of Tcb.set_flags

struct Sum {
    std::uint64_t seed;
    std::uint64_t rounds;
    double value;
    std::atomic<unsigned> done;
};

/// With twelve numbers under way at any time; exact, since all are multiples of a quarter.
auto add_up(std::uint64_t seed, std::uint64_t rounds) -> double {
    std::array<double, 12> terms{};
    for (std::uint64_t round = 0; round < rounds; ++round) {
        for (std::size_t index = 0; index < terms.size(); ++index) {
            terms[index] += static_cast<double>(seed + index) * 0.25;
        }
    }
    double sum = 0;
    for (double const term : terms) {
        sum += term;
    }
    return sum;
}

/// The same, in whole quarters.
auto expected(std::uint64_t seed, std::uint64_t rounds) -> double {
    return static_cast<double>(rounds * (12 * seed + 66)) / 4;
}

void calculate(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Sum*>(argument);
    self.value = add_up(self.seed, self.rounds);
    ++self.done;
    rest();
}

auto calculations_are_right(Rig& rig) -> Outcome {
    Sum sum{.seed = 3, .rounds = 1000, .value = 0, .done = {}};
    TRY(rig.start({.run = calculate, .argument = reinterpret_cast<std::uint64_t>(&sum)}));
    REQUIRE(sum.done == 1 && sum.value == expected(3, 1000));
    REQUIRE(add_up(5, 10) == expected(5, 10)); // this thread's own
    return {};
}

auto many_calculate_at_once(Rig& rig) -> Outcome {
    constexpr std::size_t kThreads = 6;
    constexpr std::uint64_t kRounds = 100'000;
    std::array<Sum, kThreads> sums{};
    std::uint64_t const slice = os::arch::counter_frequency() / 5000;
    for (std::size_t index = 0; index < kThreads; ++index) {
        sums[index].seed = index * 100;
        sums[index].rounds = kRounds;
        TRY(rig.start({.run = calculate,
                       .argument = reinterpret_cast<std::uint64_t>(&sums[index]),
                       .priority = Priority::Low,
                       .budget = slice}));
    }
    TRY(rig.settle());
    for (Sum const& sum : sums) {
        REQUIRE(sum.done == 1 && sum.value == expected(sum.seed, kRounds));
    }
    return {};
}

auto the_flag_is_set_and_cleared(Rig& rig) -> Outcome {
    object::Tcb const thread{TRY(rig.make(ObjectType::Tcb))};
    REQUIRE(TRY(must(thread.set_flags(0, 0))) == 0);
    REQUIRE(TRY(must(thread.set_flags(0, kForbidden))) == kForbidden);
    REQUIRE(TRY(must(thread.set_flags(0, 0))) == kForbidden);
    REQUIRE(TRY(must(thread.set_flags(kForbidden, kForbidden))) == kForbidden); // cleared first
    REQUIRE(TRY(must(thread.set_flags(kForbidden, 0))) == 0);
    REQUIRE(TRY(must(thread.set_flags(0, ~kForbidden))) == 0); // there are no others
    return {};
}

/// What a thread that calculates until it is told to end has found.
struct Series {
    std::atomic<bool> enough{};
    std::atomic<unsigned> right{};
    std::atomic<unsigned> wrong{};
};

void calculate_again_and_again(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Series*>(argument);
    constexpr std::uint64_t kSeed = 9;
    constexpr std::uint64_t kRounds = 100'000;
    do {
        ++(add_up(kSeed, kRounds) == expected(kSeed, kRounds) ? self.right : self.wrong);
    } while (!self.enough);
    rest();
}

/// Forbidden before it begins, and in the middle of it.
auto forbidden_it_faults_and_goes_on_when_allowed(Rig& rig) -> Outcome {
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    Series series;
    Thread const thread = TRY(rig.start({.run = calculate_again_and_again,
                                         .argument = reinterpret_cast<std::uint64_t>(&series),
                                         .priority = Priority::Middle,
                                         .fault_endpoint = faults,
                                         .budget = os::arch::counter_frequency() / 5000}));
    os::yield();
    auto const is_forbidden = [](os::Received const& fault) {
        return fault.message.tag.label() == static_cast<std::uint64_t>(abi::FaultKind::UserException);
    };
    for (int round = 0; round < 3; ++round) {
        REQUIRE(TRY(must(thread.tcb.set_flags(0, kForbidden))) == kForbidden);
        REQUIRE(is_forbidden(os::receive(faults)));
        REQUIRE(TRY(must(thread.tcb.set_flags(kForbidden, 0))) == 0);
        // Length 0: its registers stay as they are, and the instruction is made again.
        os::reply({.tag = abi::MessageTag{0, 0}});
        os::yield(); // up to the end of its time slice
    }
    series.enough = true;
    auto const end = os::receive(faults);
    REQUIRE(end.message.tag.label() == static_cast<std::uint64_t>(abi::FaultKind::Capability)); // it rests
    REQUIRE(series.right > 0 && series.wrong == 0);
    os::reply(message(1));
    return {};
}

constexpr std::array kTests{
    Test{"calculations_are_right", calculations_are_right, "FPU0000"},
    Test{"many_calculate_at_once", many_calculate_at_once, "FPU0001"},
    Test{"the_flag_is_set_and_cleared", the_flag_is_set_and_cleared, "FPU0003"},
    Test{"forbidden_it_faults_and_goes_on_when_allowed", forbidden_it_faults_and_goes_on_when_allowed,
         "FPU0004"},
};

} // namespace

auto floating_point_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
