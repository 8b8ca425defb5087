// SPDX-License-Identifier: MIT
/// malloc and its family, and the operators new and delete: one heap, one lock.
#include "heap.hpp"
#include "heap_region.hpp"
#include "os/mutex.hpp"
#include "report.hpp"

#include "base/bits.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <new>

namespace os {
namespace {

/// Address space is claimed in steps of this; it costs no memory until it is used.
constexpr std::size_t kGrowth = 32768;

auto grow(void* /*context*/, std::size_t size, std::byte*& begin) -> std::size_t {
    auto const wanted = base::align_up(std::max(size, kGrowth), base::kPageBits);
    auto const smallest = base::align_up(size, base::kPageBits);
    for (auto const attempt : {wanted, smallest}) {
        if (auto const address = heap_region.claim(attempt)) {
            // The pager fills these addresses as they are used.
            begin = reinterpret_cast<std::byte*>(address->value());
            return attempt;
        }
    }
    return 0;
}

constinit Heap heap{Heap::Source{.context = nullptr, .grow = grow}};
constinit Mutex heap_mutex; ///< protects heap

auto allocate(std::size_t size, std::size_t alignment = Heap::kAlignment) -> void* {
    Guard const guard{heap_mutex};
    return heap.allocate(size, alignment);
}

auto allocate_or_end(std::size_t size, std::size_t alignment = Heap::kAlignment) -> void* {
    auto* const memory = allocate(size, alignment);
    if (memory == nullptr) [[unlikely]] {
        fail_component("the heap is full: raise it in component.yaml");
    }
    return memory;
}

void release(void* memory) {
    if (memory == nullptr) {
        return;
    }
    Guard const guard{heap_mutex};
    heap.free(memory);
}

} // namespace
} // namespace os

extern "C" {

auto malloc(std::size_t size) -> void* { return os::allocate(size); }

void free(void* memory) { os::release(memory); }

auto calloc(std::size_t count, std::size_t size) -> void* {
    std::size_t total = 0;
    if (__builtin_mul_overflow(count, size, &total)) {
        return nullptr;
    }
    auto* const memory = os::allocate(total);
    if (memory != nullptr) {
        std::memset(memory, 0, total);
    }
    return memory;
}

auto realloc(void* memory, std::size_t size) -> void* {
    os::Guard const guard{os::heap_mutex};
    return os::heap.reallocate(memory, size);
}

auto memalign(std::size_t alignment, std::size_t size) -> void* {
    return std::has_single_bit(alignment) ? os::allocate(size, alignment) : nullptr;
}

auto aligned_alloc(std::size_t alignment, std::size_t size) -> void* { return memalign(alignment, size); }

auto posix_memalign(void** result, std::size_t alignment, std::size_t size) -> int {
    if (!std::has_single_bit(alignment) || alignment % sizeof(void*) != 0) {
        return EINVAL;
    }
    *result = os::allocate(size, alignment);
    return *result != nullptr ? 0 : ENOMEM;
}

auto malloc_usable_size(void* memory) -> std::size_t {
    return memory != nullptr ? os::Heap::usable_size(memory) : 0;
}

} // extern "C"

auto operator new(std::size_t size) -> void* { return os::allocate_or_end(size); }
auto operator new[](std::size_t size) -> void* { return os::allocate_or_end(size); }
auto operator new(std::size_t size, std::align_val_t alignment) -> void* {
    return os::allocate_or_end(size, static_cast<std::size_t>(alignment));
}
auto operator new[](std::size_t size, std::align_val_t alignment) -> void* {
    return os::allocate_or_end(size, static_cast<std::size_t>(alignment));
}
auto operator new(std::size_t size, std::nothrow_t const& /*tag*/) noexcept -> void* {
    return os::allocate(size);
}
auto operator new[](std::size_t size, std::nothrow_t const& /*tag*/) noexcept -> void* {
    return os::allocate(size);
}
auto operator new(std::size_t size, std::align_val_t alignment, std::nothrow_t const& /*tag*/) noexcept
    -> void* {
    return os::allocate(size, static_cast<std::size_t>(alignment));
}
auto operator new[](std::size_t size, std::align_val_t alignment, std::nothrow_t const& /*tag*/) noexcept
    -> void* {
    return os::allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { os::release(memory); }
void operator delete[](void* memory) noexcept { os::release(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { os::release(memory); }
void operator delete[](void* memory, std::size_t /*size*/) noexcept { os::release(memory); }
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept { os::release(memory); }
void operator delete[](void* memory, std::align_val_t /*alignment*/) noexcept { os::release(memory); }
void operator delete(void* memory, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
    os::release(memory);
}
void operator delete[](void* memory, std::size_t /*size*/, std::align_val_t /*alignment*/) noexcept {
    os::release(memory);
}
