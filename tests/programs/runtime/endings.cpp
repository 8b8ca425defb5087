// SPDX-License-Identifier: MIT
/// The ways in which a component ends that is wrong or has had enough.
#include "check.hpp"

#include "base/assert.hpp"
#include "os/syscall.hpp"
#include "os/thread.hpp"

#include <cstdint>
#include <cstdlib>
#include <map>
#include <vector>

namespace runtime {
namespace {

/// An address at which nothing is, and which the compiler knows nothing about.
constexpr std::uint64_t kNowhere = 0x1234'5000;

auto volatile_number(std::uint64_t address) -> std::uint64_t volatile* {
    // To fault is the purpose.
    return reinterpret_cast<std::uint64_t volatile*>(address);
}

void read_nowhere() { (void)*volatile_number(kNowhere); }

/// What comes before the first page of the image is constant or nothing.
void write_to_code() { *volatile_number(reinterpret_cast<std::uint64_t>(&write_to_code)) = 0; }

void run_data() {
    auto* const heap = static_cast<std::uint64_t*>(std::malloc(4096));
    *heap = 0xD65F'03C0; // an instruction that would return
    reinterpret_cast<void (*)()>(heap)();
}

void fall_off_a_threads_stack() {
    auto thread = os::Thread::create([] {
        std::uint64_t here = 0;
        // Downwards, page by page, until there is no more stack.
        for (auto address = reinterpret_cast<std::uint64_t>(&here);; address -= 4096) {
            *volatile_number(address) = 0;
        }
    });
    if (thread) {
        thread->join();
    }
}

void assert_what_is_false() { ASSERT(kNowhere == 0); }

void find_nothing() { (void)std::map<int, int>{}.at(7); }

/// A message through a capability that is not there, without asking for an answer.
void send_nowhere() { os::send(kNowhere, os::Message{}); }

struct Ending {
    std::string_view name;
    void (*come)();
};

constexpr Ending kEndings[] = {
    {"read", read_nowhere},
    {"write-to-code", write_to_code},
    {"run-data", run_data},
    {"thread-stack", fall_off_a_threads_stack},
    {"assertion", assert_what_is_false},
    {"out-of-range", find_nothing},
    {"abort", [] { std::abort(); }},
    {"exit",
     [] {
         std::printf("%0300d done\nalmost", 7); // longer than a line of the log, and one without an end
         std::exit(3);
     }},
    {"bad-send", send_nowhere},
};

} // namespace

void come_to_an_end(std::string_view ending) {
    for (auto const& known : kEndings) {
        if (known.name == ending) {
            known.come();
        }
    }
}

} // namespace runtime
