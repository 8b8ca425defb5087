// SPDX-License-Identifier: MIT
/// How a test says what went wrong.
#pragma once

#include "base/result.hpp"
#include "kernel/abi/error.hpp"

#include <cstdint>
#include <expected>
#include <source_location>
#include <span>
#include <string_view>
#include <type_traits>

namespace suite {

class Rig;

struct Failure {
    std::string_view what;
    std::uint64_t number; ///< abi::Error, where that is what it was
    std::source_location where;
};

template <typename T = void>
using Got = std::expected<T, Failure>;
using Outcome = Got<>;

struct Test {
    std::string_view name;
    Outcome (*run)(Rig& rig);
    /// The rows of tests/kernel/conformance/checklist.yaml that it shows, with spaces between them.
    std::string_view covers{};
    unsigned cores{1}; ///< that it needs
};

/// An invocation that has to succeed.
template <typename T>
auto must(std::expected<T, abi::Error> result, std::source_location where = std::source_location::current())
    -> Got<T> {
    if (!result) {
        return std::unexpected(Failure{"an invocation was refused with error",
                                       static_cast<std::uint64_t>(result.error()), where});
    }
    if constexpr (std::is_void_v<T>) {
        return {};
    } else {
        return *std::move(result);
    }
}

/// Why an invocation was refused; None when it was not.
template <typename T>
auto refusal(std::expected<T, abi::Error> const& result) -> abi::Error {
    return result ? abi::Error::None : result.error();
}

} // namespace suite

/// Ends the test as failed unless the condition holds.
#define REQUIRE(...)                                                                                         \
    do {                                                                                                     \
        if (!(__VA_ARGS__)) {                                                                                \
            return std::unexpected(::suite::Failure{#__VA_ARGS__, 0, std::source_location::current()});      \
        }                                                                                                    \
    } while (false)
