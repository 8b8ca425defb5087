// SPDX-License-Identifier: MIT
/// Several sessions on one terminal: whole writes, one reader, log lines beside an edited line, floods.
#include "components/console/terminal.hpp"

#include "tests/unit/components/console/screen.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace {

using console::LineEnd;
using console::Session;
using console::Terminal;

struct Recorder final : console::Listener {
    struct Line {
        Session session;
        LineEnd end;
        std::string text;
        auto operator==(Line const&) const -> bool = default;
    };

    void write_done(Session session, std::size_t count) override { written.emplace_back(session, count); }
    void line_done(Session session, LineEnd end, std::string_view text) override {
        lines.emplace_back(session, end, std::string{text});
    }
    void key(Session session, std::uint8_t byte) override { keys.emplace_back(session, byte); }
    void interrupt(Session session) override { interrupts.push_back(session); }

    std::vector<std::pair<Session, std::size_t>> written{};
    std::vector<Line> lines{};
    std::vector<std::pair<Session, std::uint8_t>> keys{};
    std::vector<Session> interrupts{};
};

struct Desk {
    void type(std::string_view bytes) {
        for (char const byte : bytes) {
            terminal.receive(static_cast<std::uint8_t>(byte));
        }
    }

    auto drain() -> std::string {
        std::string output;
        while (true) {
            auto const byte = terminal.next_output();
            if (!byte) return output;
            output.push_back(static_cast<char>(*byte));
            if (!terminal.has_output()) terminal.resume();
        }
    }

    Recorder recorder{};
    Terminal terminal{recorder, 80};
};

TEST(Terminal, WritesAreAnsweredAndGetCarriageReturns) {
    Desk desk;
    desk.terminal.write(1, "a\nb\n");
    EXPECT_EQ(desk.recorder.written, (std::vector<std::pair<Session, std::size_t>>{{1, 4}}));
    EXPECT_EQ(desk.drain(), "a\r\nb\r\n");
}

TEST(Terminal, AFullQueueDefersWholeWrites) {
    Desk desk;
    std::string expected;
    for (Session session = 0; session < 20; ++session) {
        std::string const text(Terminal::kMaxWrite, static_cast<char>('a' + session));
        desk.terminal.write(session, text);
        expected += text;
    }
    EXPECT_LT(desk.recorder.written.size(), 20U);
    EXPECT_EQ(desk.drain(), expected);
    EXPECT_EQ(desk.recorder.written.size(), 20U);
}

TEST(Terminal, ASecondWriteOfASessionTakesThePlaceOfTheFirst) {
    Desk desk;
    for (Session session = 10; session < 30; ++session) {
        desk.terminal.write(session, std::string(Terminal::kMaxWrite, 'x'));
    }
    desk.terminal.write(3, "first");
    desk.terminal.write(3, "second");
    EXPECT_TRUE(desk.drain().ends_with("xsecond"));
    EXPECT_EQ(desk.recorder.written.back(), (std::pair<Session, std::size_t>{3, 6}));
    EXPECT_EQ(desk.recorder.written.size(), 21U);
}

TEST(Terminal, ReadsALine) {
    Desk desk;
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    desk.type("ls /\r");
    EXPECT_EQ(desk.drain(), "\r$ \x1b[Kls /\r\n");
    EXPECT_EQ(desk.recorder.lines, (std::vector<Recorder::Line>{{2, LineEnd::Entered, "ls /"}}));
}

TEST(Terminal, TypedAheadIsKept) {
    Desk desk;
    desk.type("one\rtwo\rthr");
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    ASSERT_EQ(desk.recorder.lines.size(), 2U);
    EXPECT_EQ(desk.recorder.lines[1].text, "two");
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    desk.type("ee\r");
    EXPECT_EQ(desk.recorder.lines.at(2).text, "three");
}

TEST(Terminal, OnlyOneSessionReads) {
    Desk desk;
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    EXPECT_FALSE(desk.terminal.read_line(3, "# "));
    EXPECT_FALSE(desk.terminal.set_raw(3, true));
    EXPECT_TRUE(desk.terminal.read_line(2, "again ")); // the client was started anew
    desk.type("x\r");
    EXPECT_EQ(desk.recorder.lines, (std::vector<Recorder::Line>{{2, LineEnd::Entered, "x"}}));
    EXPECT_TRUE(desk.terminal.read_line(3, "# "));
}

TEST(Terminal, ForgetsASession) {
    Desk desk;
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    desk.terminal.forget(3);
    EXPECT_FALSE(desk.terminal.read_line(3, "# "));
    desk.terminal.forget(2);
    desk.type("\x03"); // nobody reads, and nobody has read
    EXPECT_TRUE(desk.recorder.lines.empty() && desk.recorder.interrupts.empty());
    EXPECT_TRUE(desk.terminal.set_raw(3, true));
    desk.terminal.forget(3);
    desk.type("x\r");
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    EXPECT_EQ(desk.recorder.lines, (std::vector<Recorder::Line>{{2, LineEnd::Entered, "x"}}));
}

TEST(Terminal, InterruptEndsTheLineOrIsAnEvent) {
    Desk desk;
    desk.type("\x03"); // nobody has ever read
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    desk.type("abc\x03");
    EXPECT_EQ(desk.recorder.lines, (std::vector<Recorder::Line>{{2, LineEnd::Interrupted, ""}}));
    EXPECT_TRUE(desk.recorder.interrupts.empty());
    desk.type("typed ahead\x03");
    EXPECT_EQ(desk.recorder.interrupts, std::vector<Session>{2});
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    desk.type("x\r");
    EXPECT_EQ(desk.recorder.lines.back().text, "x");
}

TEST(Terminal, EndOfInput) {
    Desk desk;
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    desk.type("\x04");
    EXPECT_EQ(desk.recorder.lines, (std::vector<Recorder::Line>{{2, LineEnd::EndOfInput, ""}}));
}

TEST(Terminal, RawInputGetsEveryByte) {
    Desk desk;
    desk.type("a");
    ASSERT_TRUE(desk.terminal.set_raw(4, true));
    desk.type("\x03\x1b");
    EXPECT_EQ(desk.recorder.keys,
              (std::vector<std::pair<Session, std::uint8_t>>{{4, 'a'}, {4, 3}, {4, 0x1b}}));
    EXPECT_FALSE(desk.terminal.read_line(5, "$ "));
    EXPECT_FALSE(desk.terminal.set_raw(5, false));
    EXPECT_TRUE(desk.terminal.set_raw(4, false));
    EXPECT_TRUE(desk.terminal.read_line(5, "$ "));
}

TEST(Terminal, LogLinesHaveRowsOfTheirOwn) {
    Desk desk;
    desk.terminal.write(1, "half a row");
    desk.terminal.log("timer", "tick\x1b[2J");
    EXPECT_EQ(desk.drain(), "half a row\r\n[timer] tick?[2J\r\n");
}

TEST(Terminal, TheEditedLineIsDrawnAgainBelowALogLine) {
    Desk desk;
    console_test::Screen screen{80};
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    desk.type("echo hello\x1b[D\x1b[D");
    desk.terminal.log("timer", "tick");
    desk.terminal.write(5, "no newline");
    screen.feed(desk.drain());
    EXPECT_EQ(screen.row(0), "[timer] tick");
    EXPECT_EQ(screen.row(1), "no newline");
    EXPECT_EQ(screen.row(), "$ echo hello");
    EXPECT_EQ(screen.column(), 10U);
    desk.type("\x7f!\r");
    EXPECT_EQ(desk.recorder.lines.back().text, "echo he!lo");
}

TEST(Terminal, APromptBeginsARow) {
    Desk desk;
    desk.terminal.write(2, "abc");
    ASSERT_TRUE(desk.terminal.read_line(2, "$ "));
    EXPECT_EQ(desk.drain(), "abc\r\n\r$ \x1b[K");
}

TEST(Terminal, LostLogLinesAreCounted) {
    Desk desk;
    std::string const text(200, 'x');
    for (int count = 0; count < 200; ++count) {
        desk.terminal.log("flood", text);
    }
    auto const first = desk.drain();
    EXPECT_EQ(first.find("lost"), std::string::npos);
    desk.terminal.log("flood", "last");
    EXPECT_NE(desk.drain().find("lines lost"), std::string::npos);
}

TEST(Terminal, FloodsFromAllSidesEndWithNothingWaiting) {
    std::mt19937 random{3};
    Desk desk;
    for (int count = 0; count < 20'000; ++count) {
        auto const session = static_cast<Session>(random() % 6);
        switch (random() % 6) {
        case 0: desk.terminal.write(session, std::string(random() % 3000, 'w')); break;
        case 1: (void)desk.terminal.read_line(session, "prompt"); break;
        case 2: (void)desk.terminal.set_raw(session, random() % 2 == 0); break;
        case 3: desk.terminal.log("x", std::string(random() % 240, 'l')); break;
        default:
            for (int byte = 0; byte < 20; ++byte) {
                desk.terminal.receive(static_cast<std::uint8_t>(random()));
            }
        }
        for (auto left = random() % 4000; left > 0 && desk.terminal.next_output(); --left) {
        }
        desk.terminal.resume();
    }
    desk.drain();
    desk.recorder.written.clear();
    desk.terminal.write(1, "the end");
    EXPECT_EQ(desk.recorder.written, (std::vector<std::pair<Session, std::size_t>>{{1, 7}}));
}

} // namespace
