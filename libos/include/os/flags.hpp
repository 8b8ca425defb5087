// SPDX-License-Identifier: MIT
/// Tests of the flags that the IDL compiler generates as enumerations.
#pragma once

#include <type_traits>
#include <utility>

namespace os {

/// True if all bits of `wanted` are in `flags`.
template <typename Flags>
    requires std::is_enum_v<Flags>
[[nodiscard]] constexpr auto has(Flags flags, Flags wanted) -> bool {
    return (std::to_underlying(flags) & std::to_underlying(wanted)) == std::to_underlying(wanted);
}

} // namespace os
