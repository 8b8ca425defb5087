// SPDX-License-Identifier: MIT
/// Every invocation there is, and what its parameters mean to who makes them up.
#pragma once

#include "kernel/abi/object.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace fuzz {

using abi::ObjectType;

/// What a parameter is. An operation has up to three CNodes in mind, for parameters that belong together:
/// where something goes to, where it comes from, and the pivot of a rotation.
enum class Meaning : std::uint8_t {
    Nothing, ///< no parameter
    Zero,
    Word,  ///< any number
    Small, ///< up to 31
    Flag,
    Capability, ///< of the type that the parameter has
    Fault,      ///< an endpoint, or null
    ToDepth,
    ToEmpty,    ///< index of an empty slot
    ToFull,     ///< index of a slot that holds something
    ToNode,     ///< the CNode itself
    ToEndpoint, ///< index of a slot that holds an endpoint
    ToOffset,   ///< number of an empty slot in it
    FromDepth,
    FromNode,
    FromFull,
    PivotDepth,
    PivotNode,
    PivotFull,
    Rights,
    Badge,
    ObjectKind, ///< a type, and what follows is the size
    ObjectSize,
    NoDepth, ///< 0, mostly
    Count,
    Address, ///< of user memory
    Offset,  ///< in a frame
    Line,    ///< of an interrupt
    Priority,
    Budget,
    Period,
    Time,
    FirstRegister,
    RegisterCount,
    ProgramCounter,
    Text, ///< one harmless character
};

struct Parameter {
    Meaning meaning{};
    std::uint8_t size{}; ///< bytes
    ObjectType type{};   ///< of a capability
};

struct Method {
    static constexpr std::size_t kMaxParameters = 14;

    std::string_view name;
    ObjectType type{};
    std::uint8_t ordinal{};
    std::array<Parameter, kMaxParameters> parameters{};
    std::uint8_t rarity{1}; ///< how many times seldomer than others

    [[nodiscard]] constexpr auto label() const -> std::uint64_t {
        return static_cast<std::uint64_t>(type) << 8U | ordinal;
    }
};

/// DebugConsole.power_off is not among them.
[[nodiscard]] auto methods() -> std::span<Method const>;

} // namespace fuzz
