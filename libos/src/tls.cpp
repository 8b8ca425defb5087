// SPDX-License-Identifier: MIT
/// Thread-local storage as the linker script lays it out.
#include "tls.hpp"

#include "base/bits.hpp"
#include "os/arch.hpp"

#include <algorithm>
#include <cstring>

// Defined by user.ld. Of those that are sizes only the address counts.
// NOLINTBEGIN(readability-identifier-naming): names of the linker script.
extern "C" {
extern std::byte const os_tls_image[];
extern std::byte const os_tls_image_size[];
extern std::byte const os_tls_size[];
extern std::byte const os_tls_align[];
extern std::byte os_main_tls[];
}
// NOLINTEND(readability-identifier-naming)

namespace os {
namespace {

auto number(std::byte const* symbol) -> std::size_t { return reinterpret_cast<std::size_t>(symbol); }

/// Where the variables begin, counted from the thread pointer.
auto image_offset() -> std::size_t {
    return base::align_up(arch::kTlsHeaderSize, base::log2_ceiling(tls_alignment()));
}

} // namespace

auto tls_alignment() -> std::size_t { return std::max<std::size_t>(number(os_tls_align), 16); }

auto tls_block_size() -> std::size_t { return image_offset() + number(os_tls_size); }

auto prepare_tls(void* block) -> std::uint64_t {
    auto* const variables = static_cast<std::byte*>(block) + image_offset();
    std::memcpy(variables, os_tls_image, number(os_tls_image_size));
    std::memset(variables + number(os_tls_image_size), 0, number(os_tls_size) - number(os_tls_image_size));
    return reinterpret_cast<std::uint64_t>(block);
}

auto main_tls_block() -> void* { return os_main_tls; }

} // namespace os
