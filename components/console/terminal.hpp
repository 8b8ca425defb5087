// SPDX-License-Identifier: MIT
/// One terminal shared by many sessions: who may write next, who reads, what an edited line looks like after
/// someone else has written. Knows no device and no system call.
#pragma once

#include "components/console/byte_ring.hpp"
#include "components/console/history.hpp"
#include "components/console/keys.hpp"
#include "components/console/line_editor.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace console {

using Session = std::uint16_t;

/// How a `read_line` ended.
enum class LineEnd : std::uint8_t { Entered, Interrupted, EndOfInput };

/// What the terminal has to say to its sessions. It must not call back into the terminal.
class Listener {
public:
    Listener() = default;
    Listener(Listener const&) = delete;
    auto operator=(Listener const&) -> Listener& = delete;

    /// The answer to `Terminal::write`: so many bytes are in the queue.
    virtual void write_done(Session session, std::size_t written) = 0;
    /// The answer to `Terminal::read_line`. `text` is valid during the call and empty unless `Entered`.
    virtual void line_done(Session session, LineEnd end, std::string_view text) = 0;
    /// A byte for the session that has raw input.
    virtual void key(Session session, std::uint8_t byte) = 0;
    /// Ctrl-C while nobody reads, for the session that read last.
    virtual void interrupt(Session session) = 0;

protected:
    ~Listener() = default;
};

class Terminal {
public:
    static constexpr std::size_t kMaxWrite = 2048;     ///< bytes of one write, the interface's bound
    static constexpr std::size_t kOutputBytes = 16384; ///< what waits for the device
    static constexpr std::size_t kInputBytes = 1024;   ///< what is typed ahead; more is dropped

    /// `columns` is the width of the terminal.
    Terminal(Listener& listener, std::size_t columns) : listener_{listener}, editor_{columns} {}

    /// Queues `text` as a whole, after the writes that wait already. Answered by `write_done`. A session has
    /// one write at a time: a second takes the place of one that waits, which then has no answer.
    void write(Session session, std::string_view text);

    /// Lets the user edit a line. Answered by `line_done`. False, and nothing happens, when another session
    /// reads or has raw input. A session that reads already starts again, without an answer to the first.
    [[nodiscard]] auto read_line(Session session, std::string_view prompt) -> bool;

    /// Gives the session every byte as it comes, or no longer. False when another session has the input.
    [[nodiscard]] auto set_raw(Session session, bool on) -> bool;

    /// Who reads, or has raw input.
    [[nodiscard]] auto input_holder() const -> std::optional<Session> { return reader_ ? reader_ : raw_; }

    /// The session has no write, line or raw input any more, and nothing is said to it about them.
    void forget(Session session);

    /// Shows `[name] text` on a row of its own. When the queue is full the line is counted and dropped.
    void log(std::string_view name, std::string_view text);

    /// A byte from the device.
    void receive(std::uint8_t byte);

    /// The next byte for the device, with `\n` made `\r\n`; nothing when there is none.
    [[nodiscard]] auto next_output() -> std::optional<std::uint8_t>;
    [[nodiscard]] auto has_output() const -> bool { return !output_.empty(); }

    /// Goes on with what waited for room in the output queue. To be called after `next_output` took some.
    void resume();

private:
    struct PendingWrite {
        Session session;
        std::string text;
    };

    /// Room that echo and redrawing need for one key or around one write, at most.
    static constexpr std::size_t kEchoReserve = 1024;

    void admit_writes();
    void process_input();
    void finish(LineEditor::Outcome outcome);
    void report_lost_lines();
    void emit(std::string_view text);
    void emit_around_editor(std::string_view text);
    void emit_row(std::string_view text);
    [[nodiscard]] auto others_have_input(Session session) const -> bool;

    Listener& listener_;
    ByteRing<kOutputBytes> output_{};
    bool return_sent_{};       ///< the CR before the LF at the front of `output_` is out
    bool at_line_start_{true}; ///< where the cursor is behind all that is queued
    std::deque<PendingWrite> writes_{};
    std::size_t lost_lines_{};

    ByteRing<kInputBytes> input_{};
    KeyDecoder keys_{};
    LineEditor editor_;
    std::optional<Session> reader_{};
    std::optional<Session> raw_{};
    std::optional<Session> foreground_{}; ///< who read last
    std::map<Session, History> histories_{};
};

} // namespace console
