// SPDX-License-Identifier: MIT
/// Thread-local storage: each thread has a copy of the image that the linker made.
#pragma once

#include <cstddef>
#include <cstdint>

namespace os {

/// Bytes and alignment of a thread's block.
[[nodiscard]] auto tls_block_size() -> std::size_t;
[[nodiscard]] auto tls_alignment() -> std::size_t;

/// Fills a block; what the thread pointer has to be. Pre: `block` is aligned and large enough.
[[nodiscard]] auto prepare_tls(void* block) -> std::uint64_t;

/// The main thread's block, which the linker has made room for.
[[nodiscard]] auto main_tls_block() -> void*;

} // namespace os
