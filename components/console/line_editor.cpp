// SPDX-License-Identifier: MIT
/// Each key changes the text first, then the row: by the shortest output where the change is at the end of
/// what is shown, by drawing the row again otherwise.
#include "components/console/line_editor.hpp"

#include "components/console/utf8.hpp"

#include <algorithm>
#include <cctype>

namespace console {
namespace {

constexpr std::size_t kLeastRoom = 8; ///< columns for the text, however long the prompt is
constexpr std::string_view kEraseToEnd = "\x1b[K";
constexpr std::string_view kClearScreen = "\x1b[H\x1b[2J";

} // namespace

void LineEditor::start(std::string_view prompt, std::string& output) {
    prompt_ = printable(prompt.substr(0, kMaxPrompt));
    text_.clear();
    draft_.clear();
    cursor_ = first_ = history_age_ = 0;
    show(output);
}

void LineEditor::hide(std::string& output) { output.append("\r").append(kEraseToEnd); }

void LineEditor::show(std::string& output) const {
    auto const shown = visible();
    output.append("\r").append(prompt_).append(shown).append(kEraseToEnd);
    auto const behind_cursor = width(shown.substr(cursor_ - first_));
    if (behind_cursor > 0) output.append("\x1b[" + std::to_string(behind_cursor) + "D");
}

auto LineEditor::apply(Key const& key, History const& history, std::string& output) -> Outcome {
    switch (key.action) {
    case Action::Insert: insert(key.text, output); return Outcome::Editing;
    case Action::Enter: output.append("\n"); return Outcome::Entered;
    case Action::Interrupt: output.append("^C\n"); return Outcome::Interrupted;
    default: return other_than_text(key.action, history, output);
    }
}

auto LineEditor::other_than_text(Action action, History const& history, std::string& output) -> Outcome {
    switch (action) {
    case Action::DeleteOrEnd:
        if (text_.empty()) {
            output.append("\n");
            return Outcome::EndOfInput;
        }
        erase(cursor_, after(cursor_), output);
        break;
    case Action::Backspace: backspace(output); break;
    case Action::Delete: erase(cursor_, after(cursor_), output); break;
    case Action::Left: move_to(before(cursor_), output); break;
    case Action::Right: move_to(after(cursor_), output); break;
    case Action::WordLeft: move_to(word_before(cursor_), output); break;
    case Action::WordRight: move_to(word_after(cursor_), output); break;
    case Action::Home: move_to(0, output); break;
    case Action::End: move_to(text_.size(), output); break;
    case Action::CutToEnd: erase(cursor_, text_.size(), output); break;
    case Action::CutToStart: erase(0, cursor_, output); break;
    case Action::CutWord: erase(word_before(cursor_), cursor_, output); break;
    case Action::ClearScreen:
        output.append(kClearScreen);
        show(output);
        break;
    case Action::Previous:
    case Action::Next: browse(action, history, output); break;
    case Action::Insert:
    case Action::Enter:
    case Action::Interrupt: break;
    }
    return Outcome::Editing;
}

void LineEditor::insert(std::string_view character, std::string& output) {
    if (text_.size() + character.size() > kMaxLine) {
        output.push_back('\a');
        return;
    }
    bool const at_end = cursor_ == text_.size();
    text_.insert(cursor_, character);
    cursor_ += character.size();
    auto const first_before = first_;
    scroll_to_cursor();
    if (at_end && first_ == first_before) {
        output.append(character);
    } else {
        show(output);
    }
}

void LineEditor::backspace(std::string& output) {
    bool const at_end = cursor_ == text_.size();
    if (cursor_ == 0 || !at_end || first_ != 0) {
        erase(before(cursor_), cursor_, output);
        return;
    }
    cursor_ = before(cursor_);
    text_.erase(cursor_);
    output.append("\b \b");
}

void LineEditor::erase(std::size_t first, std::size_t end, std::string& output) {
    if (first == end) return;
    text_.erase(first, end - first);
    cursor_ = first;
    scroll_to_cursor();
    show(output);
}

void LineEditor::move_to(std::size_t position, std::string& output) {
    if (position == cursor_) return;
    cursor_ = position;
    scroll_to_cursor();
    show(output);
}

void LineEditor::browse(Action direction, History const& history, std::string& output) {
    auto const oldest = history.count();
    if (direction == Action::Previous) {
        if (history_age_ >= oldest) return;
        if (history_age_ == 0) draft_ = text_;
        ++history_age_;
    } else {
        if (history_age_ == 0) return;
        --history_age_;
    }
    replace(history_age_ == 0 ? std::string_view{draft_} : history.line(history_age_ - 1), output);
}

void LineEditor::replace(std::string_view text, std::string& output) {
    text_ = text;
    cursor_ = text_.size();
    scroll_to_cursor();
    show(output);
}

void LineEditor::scroll_to_cursor() {
    first_ = std::min(first_, cursor_);
    // Half a row at a time, so that typing at the edge does not draw the row again for each character.
    if (width(std::string_view{text_}.substr(first_, cursor_ - first_)) > room()) {
        auto const keep = room() / 2;
        auto position = cursor_;
        for (std::size_t count = 0; count < keep; ++count) {
            position = before(position);
        }
        first_ = position;
    }
    if (width(std::string_view{text_}.substr(0, cursor_)) <= room()) first_ = 0;
}

auto LineEditor::before(std::size_t position) const -> std::size_t {
    if (position == 0) return 0;
    do {
        --position;
    } while (position > 0 && is_continuation(text_[position]));
    return position;
}

auto LineEditor::after(std::size_t position) const -> std::size_t {
    if (position == text_.size()) return position;
    do {
        ++position;
    } while (position < text_.size() && is_continuation(text_[position]));
    return position;
}

auto LineEditor::word_before(std::size_t position) const -> std::size_t {
    while (position > 0 && text_[position - 1] == ' ') {
        --position;
    }
    while (position > 0 && text_[position - 1] != ' ') {
        --position;
    }
    return position;
}

auto LineEditor::word_after(std::size_t position) const -> std::size_t {
    while (position < text_.size() && text_[position] == ' ') {
        ++position;
    }
    while (position < text_.size() && text_[position] != ' ') {
        ++position;
    }
    return position;
}

auto LineEditor::room() const -> std::size_t {
    // The last column stays empty: a terminal would wrap there.
    auto const taken = width(prompt_) + 1;
    return columns_ >= taken + kLeastRoom ? columns_ - taken : kLeastRoom;
}

auto LineEditor::visible() const -> std::string_view {
    auto end = first_;
    for (std::size_t count = 0; count < room() && end < text_.size(); ++count) {
        end = after(end);
    }
    return std::string_view{text_}.substr(first_, end - first_);
}

} // namespace console
