// SPDX-License-Identifier: MIT
/// A system call with a known value in every register, and what is in each afterwards: AArch64.
#pragma once

#include "kernel/abi/syscall.hpp"
#include "os/message.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace suite {

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
        fill(state_.in);
        fill(state_.vectors_in);
        state_.flags_in = (value >> 60U) << 28U;
    }

    /// Makes system call `kNumber`. `second`: the capability that SendRecv receives on.
    template <abi::Syscall kNumber>
    void run(abi::CPtr capability, os::Message const& message, abi::CPtr second = 0x5EC0'0D00) {
        state_.in[0] = capability;
        state_.in[1] = message.tag.raw();
        std::ranges::copy(message.words, &state_.in[kFirstWord]);
        state_.in[kFirstScratch] = second;
        trap<static_cast<std::uint16_t>(kNumber)>();
    }

    /// The badge and the message that came back.
    [[nodiscard]] auto received() const -> os::Received {
        os::Received result{state_.out[0], {.tag = abi::MessageTag{state_.out[1]}, .words = {}}};
        std::copy_n(&state_.out[kFirstWord], result.message.words.size(), result.message.words.begin());
        return result;
    }

    /// How many of the registers that carry a message are not as they were.
    [[nodiscard]] auto message_changed() const -> unsigned { return differing(0, kFirstScratch); }

    /// How many of the preserved registers are not as they were.
    [[nodiscard]] auto lost() const -> unsigned {
        auto count = differing(kFirstPreserved, kGeneral);
        for (std::size_t index = 0; index < state_.vectors_in.size(); ++index) {
            count += state_.vectors_in[index] != state_.vectors_out[index] ? 1U : 0U;
        }
        return count + (state_.sp_in != state_.sp_out ? 1U : 0U);
    }

    /// How many of the others, the flags among them, are not zero.
    [[nodiscard]] auto unclean() const -> unsigned {
        unsigned count = state_.flags_out != 0 ? 1U : 0U;
        for (std::size_t index = kFirstScratch; index < kFirstPreserved; ++index) {
            count += state_.out[index] != 0 ? 1U : 0U;
        }
        return count;
    }

private:
    static constexpr std::size_t kFirstWord = 2;
    static constexpr std::size_t kFirstScratch = 10;
    static constexpr std::size_t kFirstPreserved = 19;
    static constexpr std::size_t kGeneral = 31;
    static constexpr std::size_t kVectorWords = 64;

    /// The assembly knows the offsets.
    struct State {
        std::array<std::uint64_t, kGeneral> in;
        std::array<std::uint64_t, kGeneral> out;
        std::uint64_t flags_in;
        std::uint64_t flags_out;
        std::uint64_t sp_in;
        std::uint64_t sp_out;
        std::array<std::uint64_t, kVectorWords> vectors_in;
        std::array<std::uint64_t, kVectorWords> vectors_out;
    };
    static_assert(offsetof(State, out) == 248 && offsetof(State, flags_in) == 496 &&
                  offsetof(State, vectors_in) == 528 && offsetof(State, vectors_out) == 1040);

    [[nodiscard]] auto differing(std::size_t first, std::size_t end) const -> unsigned {
        unsigned count = 0;
        for (std::size_t index = first; index < end; ++index) {
            count += state_.in[index] != state_.out[index] ? 1U : 0U;
        }
        return count;
    }

    template <std::uint16_t kNumber>
    [[gnu::noinline]] void trap() {
        register State* state asm("x0") = &state_;
        // Nothing but the stack knows where to put the registers when the call returns.
        asm volatile("stp x29, x30, [sp, #-32]!\n\t"
                     "str x0, [sp, #16]\n\t"
                     "mov x9, sp\n\t"
                     "str x9, [x0, #512]\n\t"
                     "ldr x9, [x0, #496]\n\t"
                     "msr nzcv, x9\n\t"
                     "add x9, x0, #528\n\t"
                     "ldp q0, q1, [x9, #0]\n\t"
                     "ldp q2, q3, [x9, #32]\n\t"
                     "ldp q4, q5, [x9, #64]\n\t"
                     "ldp q6, q7, [x9, #96]\n\t"
                     "ldp q8, q9, [x9, #128]\n\t"
                     "ldp q10, q11, [x9, #160]\n\t"
                     "ldp q12, q13, [x9, #192]\n\t"
                     "ldp q14, q15, [x9, #224]\n\t"
                     "ldp q16, q17, [x9, #256]\n\t"
                     "ldp q18, q19, [x9, #288]\n\t"
                     "ldp q20, q21, [x9, #320]\n\t"
                     "ldp q22, q23, [x9, #352]\n\t"
                     "ldp q24, q25, [x9, #384]\n\t"
                     "ldp q26, q27, [x9, #416]\n\t"
                     "ldp q28, q29, [x9, #448]\n\t"
                     "ldp q30, q31, [x9, #480]\n\t"
                     "ldp x1, x2, [x0, #8]\n\t"
                     "ldp x3, x4, [x0, #24]\n\t"
                     "ldp x5, x6, [x0, #40]\n\t"
                     "ldp x7, x8, [x0, #56]\n\t"
                     "ldp x9, x10, [x0, #72]\n\t"
                     "ldp x11, x12, [x0, #88]\n\t"
                     "ldp x13, x14, [x0, #104]\n\t"
                     "ldp x15, x16, [x0, #120]\n\t"
                     "ldp x17, x18, [x0, #136]\n\t"
                     "ldp x19, x20, [x0, #152]\n\t"
                     "ldp x21, x22, [x0, #168]\n\t"
                     "ldp x23, x24, [x0, #184]\n\t"
                     "ldp x25, x26, [x0, #200]\n\t"
                     "ldp x27, x28, [x0, #216]\n\t"
                     "ldp x29, x30, [x0, #232]\n\t"
                     "ldr x0, [x0]\n\t"
                     "svc %[number]\n\t"
                     "str x0, [sp, #24]\n\t"
                     "ldr x0, [sp, #16]\n\t"
                     "stp x1, x2, [x0, #256]\n\t"
                     "stp x3, x4, [x0, #272]\n\t"
                     "stp x5, x6, [x0, #288]\n\t"
                     "stp x7, x8, [x0, #304]\n\t"
                     "stp x9, x10, [x0, #320]\n\t"
                     "stp x11, x12, [x0, #336]\n\t"
                     "stp x13, x14, [x0, #352]\n\t"
                     "stp x15, x16, [x0, #368]\n\t"
                     "stp x17, x18, [x0, #384]\n\t"
                     "stp x19, x20, [x0, #400]\n\t"
                     "stp x21, x22, [x0, #416]\n\t"
                     "stp x23, x24, [x0, #432]\n\t"
                     "stp x25, x26, [x0, #448]\n\t"
                     "stp x27, x28, [x0, #464]\n\t"
                     "stp x29, x30, [x0, #480]\n\t"
                     "ldr x1, [sp, #24]\n\t"
                     "str x1, [x0, #248]\n\t"
                     "mrs x1, nzcv\n\t"
                     "mov x2, sp\n\t"
                     "str x1, [x0, #504]\n\t"
                     "str x2, [x0, #520]\n\t"
                     "add x1, x0, #1040\n\t"
                     "stp q0, q1, [x1, #0]\n\t"
                     "stp q2, q3, [x1, #32]\n\t"
                     "stp q4, q5, [x1, #64]\n\t"
                     "stp q6, q7, [x1, #96]\n\t"
                     "stp q8, q9, [x1, #128]\n\t"
                     "stp q10, q11, [x1, #160]\n\t"
                     "stp q12, q13, [x1, #192]\n\t"
                     "stp q14, q15, [x1, #224]\n\t"
                     "stp q16, q17, [x1, #256]\n\t"
                     "stp q18, q19, [x1, #288]\n\t"
                     "stp q20, q21, [x1, #320]\n\t"
                     "stp q22, q23, [x1, #352]\n\t"
                     "stp q24, q25, [x1, #384]\n\t"
                     "stp q26, q27, [x1, #416]\n\t"
                     "stp q28, q29, [x1, #448]\n\t"
                     "stp q30, q31, [x1, #480]\n\t"
                     "ldp x29, x30, [sp], #32"
                     : "+r"(state)
                     : [number] "i"(kNumber)
                     : "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13",
                       "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25",
                       "x26", "x27", "x28", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10",
                       "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22",
                       "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31", "cc", "memory");
    }

    State state_{};
};

} // namespace suite
