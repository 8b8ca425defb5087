// SPDX-License-Identifier: MIT
/// Editing of one line in one row of a terminal: a prompt, the text, a cursor. A text longer than the row is
/// shown in part, scrolled so that the cursor is in view.
#pragma once

#include "components/console/history.hpp"
#include "components/console/keys.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace console {

class LineEditor {
public:
    static constexpr std::size_t kMaxLine = 255;  ///< bytes: LINE_MAX of the interface
    static constexpr std::size_t kMaxPrompt = 64; ///< bytes

    enum class Outcome : std::uint8_t { Editing, Entered, Interrupted, EndOfInput };

    /// `columns` is the width of the terminal.
    explicit LineEditor(std::size_t columns) : columns_{columns} {}

    /// Begins an empty line. What has to be shown is appended to `output`, here and below.
    void start(std::string_view prompt, std::string& output);

    /// Applies a key. `history` is what the up and down keys walk through.
    auto apply(Key const& key, History const& history, std::string& output) -> Outcome;

    /// Takes the row off the screen, for other output; `show` puts it back.
    static void hide(std::string& output);
    void show(std::string& output) const;

    [[nodiscard]] auto text() const -> std::string_view { return text_; }
    [[nodiscard]] auto cursor() const -> std::size_t { return cursor_; }

private:
    void insert(std::string_view character, std::string& output);
    void backspace(std::string& output);
    void erase(std::size_t first, std::size_t end, std::string& output);
    void move_to(std::size_t position, std::string& output);
    void browse(Action direction, History const& history, std::string& output);
    void replace(std::string_view text, std::string& output);
    void scroll_to_cursor();
    auto other_than_text(Action action, History const& history, std::string& output) -> Outcome;

    [[nodiscard]] auto before(std::size_t position) const -> std::size_t;
    [[nodiscard]] auto after(std::size_t position) const -> std::size_t;
    [[nodiscard]] auto word_before(std::size_t position) const -> std::size_t;
    [[nodiscard]] auto word_after(std::size_t position) const -> std::size_t;
    [[nodiscard]] auto room() const -> std::size_t;
    [[nodiscard]] auto visible() const -> std::string_view;

    // Positions are byte offsets at the start of a character or at the end of the text.
    // Invariant: first_ <= cursor_ <= text_.size(), and text_ holds printing characters only.
    std::size_t columns_;
    std::string prompt_{};
    std::string text_{};
    std::size_t cursor_{};
    std::size_t first_{};       ///< where the visible part begins
    std::size_t history_age_{}; ///< 0: the line being written; n: line n - 1 of the history
    std::string draft_{};       ///< the line being written, while the history is shown
};

} // namespace console
