// SPDX-License-Identifier: MIT
/// RISC-V's platform-level interrupt controller (RISC-V Platform-Level Interrupt Controller
/// Specification 1.0.0, whose chapter on the memory map has the offsets). A line is a source; 0 is none.
#pragma once

#include "kernel/drivers/contract.hpp"

#include <cstdint>

namespace kernel::drivers {

/// A line is masked by its priority and stays enabled: a controller may ignore the completion of a line that
/// is not enabled.
class Plic {
public:
    /// Offset from the controller's first register, and how much of it `harts` harts have.
    static constexpr std::uint64_t kEnables = 0x2000;
    static constexpr auto enables_size(std::uint64_t harts) -> std::uint64_t {
        return 2 * harts * kEnablesPerContext;
    }
    /// The page of registers with which a hart claims in supervisor mode. Contexts are those of machine and
    /// supervisor mode of each hart in turn.
    static constexpr auto context_offset(std::uint64_t hart) -> std::uint64_t {
        return 0x20'0000 + context(hart) * 0x1000;
    }

    /// Where the priorities, the enable bits and hart 0's claim page are mapped, those of further harts
    /// behind that; lines are those below `line_count`.
    constexpr Plic(std::uint64_t priorities, std::uint64_t enables, std::uint64_t claims,
                   std::uint32_t line_count)
        : priorities_{priorities}, enables_{enables}, claims_{claims}, line_count_{line_count} {}

    /// All lines masked.
    void initialise() const {
        for (std::uint32_t line = 1; line < line_count_; ++line) {
            mask(line);
        }
    }
    /// Whether lines are routed to `hart`.
    void initialise_context(std::uint64_t hart, bool takes_lines) const {
        for (std::uint32_t line = 0; line < line_count_; line += kLinesPerWord) {
            enables(hart, line) = takes_lines ? ~std::uint32_t{0} : 0;
        }
        word(claims_ + hart * kClaimPage + kThreshold) = 0;
    }
    /// Whether `hart` takes this line.
    void route(std::uint32_t line, std::uint64_t hart, bool takes_it) const {
        std::uint32_t const bit = 1U << line % kLinesPerWord;
        auto& enabled = enables(hart, line);
        std::uint32_t const others = enabled & ~bit;
        enabled = takes_it ? others | bit : others;
    }
    [[nodiscard]] auto claim(std::uint64_t hart) const -> std::uint32_t {
        std::uint32_t const line = word(claims_ + hart * kClaimPage + kClaim);
        return line != 0 && line < line_count_ ? line : kNoLine;
    }
    void complete(std::uint64_t hart, std::uint32_t line) const {
        word(claims_ + hart * kClaimPage + kClaim) = line;
    }
    void mask(std::uint32_t line) const { priority(line) = kNever; }
    void unmask(std::uint32_t line) const { priority(line) = kNormal; }

private:
    static constexpr std::uint32_t kNever = 0;
    static constexpr std::uint32_t kNormal = 1;
    static constexpr std::uint32_t kLinesPerWord = 32;
    static constexpr std::uint64_t kEnablesPerContext = 0x80;
    static constexpr std::uint64_t kClaimPage = 0x1000; ///< as mapped, and as in the controller
    static constexpr std::uint64_t kThreshold = 0x0;
    static constexpr std::uint64_t kClaim = 0x4;

    static constexpr auto context(std::uint64_t hart) -> std::uint64_t { return 2 * hart + 1; }
    // The registers are tables, indexed by line: plain words rather than named types.
    [[nodiscard]] static auto word(std::uint64_t address) -> std::uint32_t volatile& {
        return *reinterpret_cast<std::uint32_t volatile*>(address);
    }
    [[nodiscard]] auto enables(std::uint64_t hart, std::uint32_t line) const -> std::uint32_t volatile& {
        return word(enables_ + context(hart) * kEnablesPerContext + std::uint64_t{line / kLinesPerWord} * 4);
    }
    [[nodiscard]] auto priority(std::uint32_t line) const -> std::uint32_t volatile& {
        return word(priorities_ + std::uint64_t{line} * sizeof(std::uint32_t));
    }

    std::uint64_t priorities_;
    std::uint64_t enables_;
    std::uint64_t claims_;
    std::uint32_t line_count_;
};

} // namespace kernel::drivers
