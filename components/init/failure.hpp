// SPDX-License-Identifier: MIT
/// Why init could not do something, for a report.
#pragma once

#include "kernel/abi/error.hpp"

#include <expected>
#include <string_view>
#include <type_traits>
#include <utility>

namespace init {

/// What is wrong, in words: a text that lives for ever.
using Reason = std::string_view;

struct Failure {
    /// Implicit, so that a `Reason` propagates as a `Failure`.
    constexpr Failure(Reason reason, abi::Error kernel_error = abi::Error::None)
        : what{reason}, error{kernel_error} {}

    Reason what;
    abi::Error error; ///< of the kernel, when it refused
};

template <typename T = void>
using Result = std::expected<T, Failure>;

/// The result of an invocation, with what it was for.
template <typename T>
[[nodiscard]] constexpr auto naming(Reason what, std::expected<T, abi::Error> result) -> Result<T> {
    if (!result.has_value()) {
        return std::unexpected{Failure{what, result.error()}};
    }
    if constexpr (std::is_void_v<T>) {
        return {};
    } else {
        return *std::move(result);
    }
}

} // namespace init
