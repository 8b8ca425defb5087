// SPDX-License-Identifier: MIT
/// A system call, a fault or a while without either, with a known value in every register, and what is in
/// each afterwards.
#pragma once

#include "probed_registers.hpp"

#include "kernel/abi/syscall.hpp"
#include "os/message.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace suite {

/// `ProbedRegisters` is the architecture's: the general registers in the order of their use, those of a
/// message first (capability or badge, tag, words), then what a system call clears, then what it keeps; all
/// of floating point.
class Probe {
public:
    /// Values that depend on `seed`, and differ from register to register.
    explicit Probe(std::uint64_t seed) {
        std::uint64_t value = seed | 1U;
        auto const fill = [&](auto& registers) {
            for (auto& word : registers) {
                value = value * 6364136223846793005U + 1442695040888963407U;
                word = value;
            }
        };
        fill(registers_.in);
        fill(registers_.floats_in);
        registers_.choose_flags(value);
    }

    /// Makes system call `kNumber`. `second`: the capability that SendRecv receives on.
    /// Without `kFloats` the floating-point registers are left alone.
    template <abi::Syscall kNumber, bool kFloats = true>
    void run(abi::CPtr capability, os::Message const& message, abi::CPtr second = 0x5EC0'0D00) {
        registers_.in[0] = capability;
        registers_.in[1] = message.tag.raw();
        std::ranges::copy(message.words, &registers_.in[kFirstWord]);
        registers_.in[kFirstScratch] = second;
        trap<static_cast<std::uint16_t>(kNumber), kFloats>();
    }
    /// Goes on without a system call for some microseconds; faults at an instruction, after which whoever
    /// handles it is to let it go on.
    template <bool kFloats = true>
    void stay() {
        trap<ProbedRegisters::kNoCall, kFloats>();
    }
    template <bool kFloats = true>
    void fault() {
        trap<ProbedRegisters::kFault, kFloats>();
    }

    /// The badge and the message that came back.
    [[nodiscard]] auto received() const -> os::Received {
        os::Received result{registers_.out[0], {.tag = abi::MessageTag{registers_.out[1]}, .words = {}}};
        std::copy_n(&registers_.out[kFirstWord], result.message.words.size(), result.message.words.begin());
        return result;
    }

    /// How many of the registers that carry a message are not as they were.
    [[nodiscard]] auto message_changed() const -> unsigned { return differing(0, kFirstScratch); }

    /// How many of all registers are not as they were: for `stay` and `fault`.
    [[nodiscard]] auto changed() const -> unsigned {
        return lost() + differing(0, ProbedRegisters::kFirstPreserved) + (registers_.keeps_flags() ? 0U : 1U);
    }

    /// How many of the preserved registers are not as they were.
    [[nodiscard]] auto lost() const -> unsigned {
        auto count = differing(ProbedRegisters::kFirstPreserved, registers_.in.size());
        for (std::size_t index = 0; index < registers_.floats_in.size(); ++index) {
            count += registers_.floats_in[index] != registers_.floats_out[index] ? 1U : 0U;
        }
        return count + (registers_.sp_in != registers_.sp_out ? 1U : 0U) +
               (registers_.keeps_number(number_) ? 0U : 1U);
    }

    /// How many of the others, the flags among them, are not zero.
    [[nodiscard]] auto unclean() const -> unsigned {
        unsigned count = registers_.has_flags() ? 1U : 0U;
        for (std::size_t index = kFirstScratch; index < ProbedRegisters::kFirstPreserved; ++index) {
            count += registers_.out[index] != 0 ? 1U : 0U;
        }
        return count;
    }

private:
    static constexpr std::size_t kFirstWord = 2;
    static constexpr std::size_t kFirstScratch = 10;

    template <std::uint16_t kNumber, bool kFloats>
    void trap() {
        number_ = kNumber;
        if constexpr (!kFloats) {
            registers_.floats_out = registers_.floats_in;
        }
        registers_.trap<kNumber, kFloats>();
    }

    [[nodiscard]] auto differing(std::size_t first, std::size_t end) const -> unsigned {
        unsigned count = 0;
        for (std::size_t index = first; index < end; ++index) {
            count += registers_.in[index] != registers_.out[index] ? 1U : 0U;
        }
        return count;
    }

    ProbedRegisters registers_{};
    std::uint16_t number_{};
};

} // namespace suite
