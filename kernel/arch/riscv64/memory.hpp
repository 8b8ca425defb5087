// SPDX-License-Identifier: MIT
/// RAM through the physical map. Caches are coherent, with devices too: of the cache operations only the one
/// for instructions has something to do.
#pragma once

#include "base/address.hpp"
#include "kernel/arch/riscv64/layout.hpp"
#include "kernel/arch/types.hpp"

#include <cstdint>

namespace kernel::arch {

struct Memory {
    static constexpr auto kernel_address(base::PhysAddr physical) -> std::uint64_t {
        return physical.value() + kPhysicalMapBase;
    }
    static constexpr auto physical(std::uint64_t address) -> base::PhysAddr {
        return base::PhysAddr{address - kPhysicalMapBase};
    }
    static void clear(MemoryRange range) {
        constexpr std::uint64_t kStep = 64;
        for (std::uint64_t line = range.begin; line != range.end; line += kStep) {
            // Assembly: the compiler would make a call of the loop.
            asm volatile(
                "sd zero, 0(%0)\n\tsd zero, 8(%0)\n\tsd zero, 16(%0)\n\tsd zero, 24(%0)\n\t"
                "sd zero, 32(%0)\n\tsd zero, 40(%0)\n\tsd zero, 48(%0)\n\tsd zero, 56(%0)" ::"r"(line)
                : "memory");
        }
    }
};

struct Cache {
    static void clean(MemoryRange /*range*/) { order(); }
    static void invalidate(MemoryRange /*range*/) { order(); }
    static void clean_invalidate(MemoryRange /*range*/) { order(); }
    static void unify(MemoryRange range);

private:
    /// With devices as well as with other cores.
    static void order() { asm volatile("fence iorw, iorw" ::: "memory"); }
};

} // namespace kernel::arch
