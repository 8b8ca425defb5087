// SPDX-License-Identifier: MIT
/// RAM through the physical map, and the caches in front of it.
#pragma once

#include "base/address.hpp"
#include "kernel/arch/aarch64/layout.hpp"
#include "kernel/arch/types.hpp"

#include <cstdint>

namespace kernel::arch {

inline constexpr std::uint64_t kCacheLine =
    64; ///< bytes, and what DC ZVA clears (Cortex-A53; checked at boot)

struct Memory {
    static constexpr auto kernel_address(base::PhysAddr physical) -> std::uint64_t {
        return physical.value() + kPhysicalMapBase;
    }
    static constexpr auto physical(std::uint64_t address) -> base::PhysAddr {
        return base::PhysAddr{address - kPhysicalMapBase};
    }
    static void clear(MemoryRange range) {
        std::uint64_t line = range.begin;
        for (; range.end - line >= 4 * kCacheLine; line += 4 * kCacheLine) {
            clear_line(line);
            clear_line(line + kCacheLine);
            clear_line(line + 2 * kCacheLine);
            clear_line(line + 3 * kCacheLine);
        }
        for (; line != range.end; line += kCacheLine) {
            clear_line(line);
        }
    }

private:
    static void clear_line(std::uint64_t line) { asm volatile("dc zva, %0" ::"r"(line) : "memory"); }
};

/// Each works on the lines that the range touches, to the point of coherency, and waits until that is done.
struct Cache {
    static void clean(MemoryRange range) {
        each_line(range, [](std::uint64_t line) { asm volatile("dc cvac, %0" ::"r"(line) : "memory"); });
        wait();
    }
    /// Lines that the range shares with others are written back as well, so that nothing else is lost.
    static void invalidate(MemoryRange range) {
        std::uint64_t const first = range.begin & ~(kCacheLine - 1);
        std::uint64_t const last = range.end & ~(kCacheLine - 1);
        bool const shares_first = range.begin != first;
        bool const shares_last = range.end != last;
        if (shares_first) {
            clean_invalidate({range.begin, range.begin + 1});
        }
        if (shares_last) {
            clean_invalidate({last, last + 1});
        }
        each_line({shares_first ? first + kCacheLine : first, last}, [](std::uint64_t line) {
            asm volatile("dc ivac, %0" ::"r"(line) : "memory");
        });
        wait();
    }
    static void clean_invalidate(MemoryRange range) {
        each_line(range, [](std::uint64_t line) { asm volatile("dc civac, %0" ::"r"(line) : "memory"); });
        wait();
    }
    static void unify(MemoryRange range) {
        each_line(range, [](std::uint64_t line) { asm volatile("dc cvau, %0" ::"r"(line) : "memory"); });
        wait();
        // The instruction cache is virtually indexed and user code runs at other addresses: drop all of it.
        asm volatile("ic ialluis\n\tdsb ish\n\tisb" ::: "memory");
    }

private:
    static void each_line(MemoryRange range, auto operation) {
        for (std::uint64_t line = range.begin & ~(kCacheLine - 1); line < range.end; line += kCacheLine) {
            operation(line);
        }
    }
    static void wait() { asm volatile("dsb ish" ::: "memory"); }
};

} // namespace kernel::arch
