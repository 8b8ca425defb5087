// SPDX-License-Identifier: MIT
/// A client that means harm. Every message it sends is malformed; a server that stands answers each with an
/// error, and goes on.
#include "generated/env.hpp"

#include "os/log.hpp"
#include "os/syscall.hpp"

#include <cstdint>

namespace {

struct Outcome {
    std::uint64_t refused = 0;  ///< the server answered with an error
    std::uint64_t accepted = 0; ///< it took the message for a good one
    std::uint64_t lost = 0;     ///< the kernel answered: the server is gone
};

class Attack {
public:
    explicit Attack(os::UsedPort const& port) : port_{port} {}

    auto run(std::uint64_t rounds) -> Outcome {
        Outcome outcome;
        for (std::uint64_t round = 0; round < rounds; ++round) {
            scribble();
            os::try_send(port_.endpoint, message());
            auto const answer = os::call(port_.endpoint, message());
            if (answer.tag.has(abi::MessageTag::kKernel)) {
                ++outcome.lost;
            } else if (answer.tag.label() == 0) {
                ++outcome.accepted;
            } else {
                ++outcome.refused;
            }
        }
        return outcome;
    }

private:
    /// Random words in every place: the last word is used by no method unless it names a capability, so there
    /// is no method for which this is well formed.
    auto message() -> os::Message {
        os::Message message;
        bool const attach = random() % 4 == 0;
        std::uint64_t const label = random() % 8 == 0 ? random() >> 12U : random() % 16;
        message.tag = abi::MessageTag{label, random() % 16, attach ? abi::MessageTag::kCapability : 0};
        for (std::uint64_t& word : message.words) {
            word = random() | 1U << 31U;
        }
        if (attach) {
            message.words[7] = os::slot::kNotification;
        }
        return message;
    }

    /// Changes some of the window: what strings and arrays are made of.
    void scribble() {
        if (port_.window.size == 0) {
            return;
        }
        // Init has mapped the window there.
        auto* const bytes = reinterpret_cast<std::uint8_t volatile*>(port_.window.address);
        for (int count = 0; count < 64; ++count) {
            bytes[random() % port_.window.size] = static_cast<std::uint8_t>(random());
        }
    }

    /// Xorshift: short, and all bits of its words change.
    auto random() -> std::uint64_t {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_;
    }

    os::UsedPort const& port_;
    std::uint64_t state_ = 0x9E37'79B9'7F4A'7C15;
};

} // namespace

void os::main(Env& env) {
    auto const ports = env.startup().used_ports();
    std::uint64_t accepted = 0;
    for (std::size_t index = 0; index < ports.size(); ++index) {
        auto const& port = ports[index];
        if (port.name == 0) {
            continue;
        } // an optional port that is not connected
        Outcome const outcome = Attack{port}.run(env.rounds());
        accepted += outcome.accepted;
        base::log("hostile to ", env.startup().text(port.name), ": refused ", outcome.refused, ", accepted ",
                  outcome.accepted, ", lost ", outcome.lost);
    }
    base::log("hostile: done, accepted ", accepted);
}
