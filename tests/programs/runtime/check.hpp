// SPDX-License-Identifier: MIT
/// Checks that run inside the system: a table of names and functions for each part of the runtime.
#pragma once

#include "os/thread.hpp"

#include <span>
#include <string_view>

namespace runtime {

/// What a check found to be wrong; null: nothing.
using Outcome = char const*;

struct Check {
    std::string_view name;
    auto (*run)() -> Outcome;
};

[[nodiscard]] auto memory_checks() -> std::span<Check const>;
[[nodiscard]] auto thread_checks() -> std::span<Check const>;
[[nodiscard]] auto sync_checks() -> std::span<Check const>;

/// Does something that ends the component. Returns if it does not know `ending`.
void come_to_an_end(std::string_view ending);

/// For the threads of a check, by their number: as many cores as there are take part.
[[nodiscard]] inline auto on_some_core(int number) -> os::ThreadOptions {
    return {.core = static_cast<std::size_t>(number) % os::core_count()};
}

} // namespace runtime

/// Ends a check that finds something wrong.
#define CHECK(...)                                                                                           \
    do {                                                                                                     \
        if (!(__VA_ARGS__)) {                                                                                \
            return #__VA_ARGS__;                                                                             \
        }                                                                                                    \
    } while (false)
