// SPDX-License-Identifier: MIT
/// Output is queued in whole writes and whole log lines; input waits while there is no room for its echo.
#include "components/console/terminal.hpp"

#include "components/console/utf8.hpp"

#include <algorithm>
#include <utility>

namespace console {
namespace {

constexpr std::uint8_t kControlC = 0x03;

} // namespace

void Terminal::write(Session session, std::string_view text) {
    auto const earlier = std::ranges::find(writes_, session, &PendingWrite::session);
    if (earlier != writes_.end()) writes_.erase(earlier);
    writes_.emplace_back(session, std::string{text.substr(0, kMaxWrite)});
    admit_writes();
}

auto Terminal::read_line(Session session, std::string_view prompt) -> bool {
    if (others_have_input(session)) return false;
    raw_.reset();
    reader_ = foreground_ = session;
    std::string shown;
    if (!at_line_start_) shown.append("\n");
    editor_.start(prompt, shown);
    emit(shown);
    at_line_start_ = false;
    process_input();
    return true;
}

auto Terminal::set_raw(Session session, bool on) -> bool {
    if (others_have_input(session)) return false;
    if (!on) {
        raw_.reset();
        return true;
    }
    reader_.reset();
    raw_ = foreground_ = session;
    while (auto const byte = input_.pop()) {
        listener_.key(session, *byte);
    }
    return true;
}

void Terminal::forget(Session session) {
    std::erase_if(writes_, [session](PendingWrite const& write) { return write.session == session; });
    if (reader_ == session) {
        reader_.reset();
        std::string shown;
        LineEditor::hide(shown);
        emit(shown);
        at_line_start_ = true;
    }
    if (raw_ == session) raw_.reset();
    if (foreground_ == session) foreground_.reset();
}

auto Terminal::others_have_input(Session session) const -> bool {
    return (reader_ && *reader_ != session) || (raw_ && *raw_ != session);
}

void Terminal::log(std::string_view name, std::string_view text) {
    std::string line;
    line.append("[").append(name).append("] ").append(printable(text)).append("\n");
    if (output_.room() < line.size() + kEchoReserve) {
        ++lost_lines_;
        return;
    }
    report_lost_lines();
    emit_row(line);
}

void Terminal::report_lost_lines() {
    if (lost_lines_ == 0) return;
    auto const count = std::to_string(std::exchange(lost_lines_, 0));
    emit_row("[console] " + count + " lines lost, the output queue was full\n");
}

void Terminal::receive(std::uint8_t byte) {
    if (raw_) {
        listener_.key(*raw_, byte);
        return;
    }
    if (byte == kControlC && !reader_) {
        input_.clear();
        if (foreground_) listener_.interrupt(*foreground_);
        return;
    }
    auto const as_char = static_cast<char>(byte);
    (void)input_.push({&as_char, 1}); // A full queue drops what is typed, as its contract says.
    process_input();
}

auto Terminal::next_output() -> std::optional<std::uint8_t> {
    auto const byte = output_.front();
    if (byte == '\n' && !return_sent_) {
        return_sent_ = true;
        return '\r';
    }
    return_sent_ = false;
    return output_.pop();
}

void Terminal::resume() {
    admit_writes();
    process_input();
}

void Terminal::admit_writes() {
    while (!writes_.empty() && output_.room() >= writes_.front().text.size() + kEchoReserve) {
        auto const next = std::move(writes_.front());
        writes_.pop_front();
        emit_around_editor(next.text);
        listener_.write_done(next.session, next.text.size());
    }
}

void Terminal::process_input() {
    while (reader_ && output_.room() >= kEchoReserve) {
        auto const byte = input_.pop();
        if (!byte) return;
        auto const key = keys_.feed(*byte);
        if (!key) continue;
        std::string echo;
        auto const outcome = editor_.apply(*key, histories_[*reader_], echo);
        emit(echo);
        if (outcome != LineEditor::Outcome::Editing) finish(outcome);
    }
}

void Terminal::finish(LineEditor::Outcome outcome) {
    auto const session = *std::exchange(reader_, std::nullopt);
    at_line_start_ = true;
    if (outcome == LineEditor::Outcome::Interrupted) {
        input_.clear();
        listener_.line_done(session, LineEnd::Interrupted, {});
    } else if (outcome == LineEditor::Outcome::EndOfInput) {
        listener_.line_done(session, LineEnd::EndOfInput, {});
    } else {
        histories_[session].add(editor_.text());
        listener_.line_done(session, LineEnd::Entered, editor_.text());
    }
}

void Terminal::emit(std::string_view text) {
    // Whoever queues text has made sure of the room: the reserve bounds echo and redrawing.
    (void)output_.push(text);
    if (!text.empty()) at_line_start_ = text.ends_with('\n');
}

void Terminal::emit_around_editor(std::string_view text) {
    if (!reader_) {
        emit(text);
        return;
    }
    std::string output;
    LineEditor::hide(output);
    output.append(text);
    if (!text.ends_with('\n')) output.append("\n");
    editor_.show(output);
    emit(output);
    at_line_start_ = false;
}

void Terminal::emit_row(std::string_view text) {
    if (!reader_ && !at_line_start_) emit("\n");
    emit_around_editor(text);
}

} // namespace console
