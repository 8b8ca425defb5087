// SPDX-License-Identifier: MIT
/// The address range of the heap: grows from kHeapAddress up to the component's limit.
#pragma once

#include "base/address.hpp"
#include "os/startup_info.hpp"

#include <atomic>
#include <cstddef>
#include <optional>

namespace os {

/// The pager fills what has been claimed with zeroed pages. Growing takes whole pages of address space and no
/// memory.
class HeapRegion {
public:
    constexpr HeapRegion() = default;

    /// Pre: nothing has been claimed.
    void set_limit(std::uint64_t bytes) {
        limit_ = base::VirtAddr{bytes}.align_down(base::kPageBits).value();
    }

    /// `size` more bytes, a multiple of the page size, behind what was claimed before.
    [[nodiscard]] auto claim(std::size_t size) -> std::optional<base::VirtAddr> {
        auto const used = used_.load(std::memory_order_relaxed); // only those who hold the heap's lock write
        if (size > limit_ - used) {
            return std::nullopt;
        }
        // Release: pairs with `end`, by which the pager sees what the faulting thread has claimed.
        used_.store(used + size, std::memory_order_release);
        return base::VirtAddr{kHeapAddress + used};
    }

    [[nodiscard]] auto end() const -> base::VirtAddr {
        return base::VirtAddr{kHeapAddress + used_.load(std::memory_order_acquire)};
    }

    [[nodiscard]] auto left() const -> std::size_t { return limit_ - used_.load(std::memory_order_relaxed); }

private:
    std::uint64_t limit_{};
    std::atomic<std::uint64_t> used_{}; ///< at most limit_
};

extern constinit HeapRegion heap_region; // NOLINT(bugprone-dynamic-static-initializers): it is not

} // namespace os
