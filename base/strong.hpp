// SPDX-License-Identifier: MIT
/// A quantity with a meaning: an integer that only compares with its own kind.
#pragma once

#include <compare>

namespace base {

/// Wraps `Rep` under a name of its own. `Tag` tells one quantity from another and is never defined.
/// Arithmetic is given only to the types that derive from it and say what their arithmetic means.
template <typename Tag, typename Rep>
class Strong {
public:
    using Representation = Rep;

    constexpr Strong() = default;
    explicit constexpr Strong(Rep value) : value_{value} {}

    [[nodiscard]] constexpr auto value() const -> Rep { return value_; }
    friend constexpr auto operator<=>(Strong const&, Strong const&) = default;

private:
    Rep value_{};
};

} // namespace base
