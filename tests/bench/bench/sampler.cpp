// SPDX-License-Identifier: MIT
#include "sampler.hpp"

#include "base/result.hpp"
#include "base/text.hpp"
#include "os/startup_info.hpp"

#include "generated/object/debug_console.hpp"

#include <span>

namespace bench {

namespace {

abi::CPtr thief_notification = abi::kNullCPtr; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

} // namespace

auto make_floating_point_thief() -> std::expected<os::Thread, abi::Error> {
    thief_notification = TRY(os::make_object<os::object::Notification>()).release();
    return os::Thread::create([] {
        while (true) {
            (void)os::wait(thief_notification);
            arch::use_floating_point();
        }
    });
}

void give_up_floating_point() { os::signal(thief_notification); }

auto check_counter() -> Outcome {
    constexpr std::uint64_t kLong = 1'000'000;
    for (unsigned round = 0; round < 8; ++round) {
        TRY(require(length(arch::nothing()) == 0, "reading the counter does not take one instruction"));
        TRY(require(length(arch::hundred()) == arch::kHundred, "the counter does not count instructions"));
        TRY(require(length(arch::loop(round + 1)) == arch::kLoopLength * (round + 1),
                    "the counter does not count the instructions of a loop"));
    }
    return require(length(arch::loop(kLong)) >= arch::kLoopLength * kLong, "the counter stops now and then");
}

void Samples::report(std::string_view name) {
    std::ranges::sort(values_);
    base::Text<100> const line{"BENCH ", name,          " ", values_.front(), " ", values_[kRounds / 2],
                               " ",      values_.back()};
    write_line(line.view());
}

void write_line(std::string_view text) {
    os::object::DebugConsole const console{os::slot::kDebugConsole};
    auto const write = [&console](std::string_view piece) {
        std::array<std::uint8_t, 48> bytes{};
        std::ranges::copy(piece, bytes.begin());
        (void)console.write(static_cast<std::uint8_t>(piece.size()), bytes); // nobody to tell if it fails
    };
    constexpr std::size_t kPiece = 48;
    while (!text.empty()) {
        write(text.substr(0, kPiece));
        text.remove_prefix(std::min(kPiece, text.size()));
    }
    write("\n");
}

} // namespace bench
