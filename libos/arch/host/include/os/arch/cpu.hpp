// SPDX-License-Identifier: MIT
/// The development host as an architecture: what tests of components need to compile.
#pragma once

#include "base/text.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace os::arch {

[[nodiscard]] inline auto counter() -> std::uint64_t {
    auto const now = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::nanoseconds{now}.count());
}
[[nodiscard]] inline auto counter_frequency() -> std::uint64_t { return 1'000'000'000; }

inline void set_counter_frequency(std::uint64_t /*ticks_per_second*/) {}

inline constexpr std::uint16_t kElfMachine = 183; ///< so that tests can use files made for AArch64

[[nodiscard]] constexpr auto is_permission_fault(std::uint64_t code) -> bool { return code == 0x0F; }

inline void relax() {}

inline constexpr std::size_t kTlsHeaderSize = 16;

namespace reg {
inline constexpr std::uint8_t kProgramCounter = 0;
inline constexpr std::uint8_t kStackPointer = 1;
inline constexpr std::uint8_t kFirstArgument = 3;
inline constexpr std::uint8_t kReturnAddress = 33;
inline constexpr std::uint8_t kCount = 34;
[[nodiscard]] constexpr auto name(std::size_t index) -> base::Text<8> { return base::Text<8>{"r", index}; }
} // namespace reg

} // namespace os::arch
