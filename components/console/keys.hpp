// SPDX-License-Identifier: MIT
/// From the bytes a terminal sends to keys: control characters, ANSI escape sequences, UTF-8 characters.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace console {

enum class Action : std::uint8_t {
    Insert, ///< `Key::text` is a character to insert
    Enter,
    Interrupt,   ///< Ctrl-C
    DeleteOrEnd, ///< Ctrl-D: end of input on an empty line, delete otherwise
    Backspace,
    Delete,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Previous,    ///< up, Ctrl-P
    Next,        ///< down, Ctrl-N
    CutToEnd,    ///< Ctrl-K
    CutToStart,  ///< Ctrl-U
    CutWord,     ///< Ctrl-W
    ClearScreen, ///< Ctrl-L
};

struct Key {
    Action action;
    std::string text{};
};

/// Takes any bytes in any order. A sequence that is not known, or not well formed, is dropped whole; a
/// control character ends a sequence that is under way and counts, so Ctrl-C always gets through.
class KeyDecoder {
public:
    /// The key that `byte` completes, if it does.
    [[nodiscard]] auto feed(std::uint8_t byte) -> std::optional<Key>;

private:
    enum class State : std::uint8_t { Ground, Escape, Control, SingleShift, Character };

    static constexpr std::size_t kMaxParameters = 8;

    auto control_character(std::uint8_t byte) -> std::optional<Key>;
    auto escape(char byte) -> std::optional<Key>;
    auto control_sequence(char byte) -> std::optional<Key>;
    auto character(char byte) -> std::optional<Key>;

    State state_{State::Ground};
    bool after_return_{};     ///< the last byte was CR: an LF that follows belongs to it
    std::string collected_{}; ///< parameters of a control sequence, or the bytes of a character
};

} // namespace console
