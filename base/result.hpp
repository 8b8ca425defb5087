// SPDX-License-Identifier: MIT
/// Error handling without exceptions: `std::expected` and the macro that propagates it.
#pragma once

#include <expected>
#include <type_traits>
#include <utility>

namespace base::detail {

// A statement expression copies its value: propagating a reference through TRY would silently copy the
// object.
template <typename Expected>
inline constexpr bool kHoldsValue = !std::is_reference_v<typename std::remove_cvref_t<Expected>::value_type>;

} // namespace base::detail

/// Evaluates `expression`, a `std::expected<T, E>`. On success the value of the whole expression is the `T`
/// (moved out); on failure the enclosing function returns `std::unexpected(error)`, so its own error type
/// must be constructible from `E`.
#define TRY(...)                                                                                             \
    __extension__({                                                                                          \
        _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"") auto&& try_result =    \
            (__VA_ARGS__);                                                                                   \
        _Pragma("GCC diagnostic pop") static_assert(::base::detail::kHoldsValue<decltype(try_result)>,       \
                                                    "TRY would copy a reference");                           \
        if (!try_result.has_value()) [[unlikely]] {                                                          \
            return std::unexpected(std::move(try_result).error());                                           \
        }                                                                                                    \
        *std::move(try_result);                                                                              \
    })
