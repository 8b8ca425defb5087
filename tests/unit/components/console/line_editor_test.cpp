// SPDX-License-Identifier: MIT
/// Editing as a person sees it: keys go in, a screen shows the row and the cursor.
#include "components/console/line_editor.hpp"

#include "components/console/utf8.hpp"
#include "tests/unit/components/console/screen.hpp"

#include <gtest/gtest.h>

#include <random>

namespace {

using console::LineEditor;
using Outcome = LineEditor::Outcome;

constexpr std::string_view kLeft = "\x1b[D";
constexpr std::string_view kHome = "\x01";
constexpr std::string_view kUp = "\x1b[A";
constexpr std::string_view kDown = "\x1b[B";

/// An editor on a screen.
struct Desk {
    static constexpr std::size_t kColumns = 40;

    explicit Desk(std::string_view prompt = "> ") {
        std::string output;
        editor.start(prompt, output);
        screen.feed(output);
    }

    auto type(std::string_view bytes) -> Outcome {
        auto outcome = Outcome::Editing;
        for (char const byte : bytes) {
            auto const key = decoder.feed(static_cast<std::uint8_t>(byte));
            if (!key) continue;
            std::string output;
            outcome = editor.apply(*key, history, output);
            screen.feed(output);
        }
        return outcome;
    }

    console::KeyDecoder decoder{};
    console::History history{};
    LineEditor editor{kColumns};
    console_test::Screen screen{kColumns};
};

TEST(LineEditor, TypingShowsPromptAndText) {
    Desk desk;
    desk.type("hello");
    EXPECT_EQ(desk.editor.text(), "hello");
    EXPECT_EQ(desk.screen.row(), "> hello");
    EXPECT_EQ(desk.screen.column(), 7U);
}

TEST(LineEditor, EnterEndsTheLine) {
    Desk desk;
    EXPECT_EQ(desk.type("ls\r"), Outcome::Entered);
    EXPECT_EQ(desk.editor.text(), "ls");
}

TEST(LineEditor, InsertsAndDeletesInTheMiddle) {
    Desk desk;
    desk.type("held");
    desk.type(kLeft);
    desk.type("lo wor");
    desk.type(kLeft);
    EXPECT_EQ(desk.screen.row(), "> hello word");
    EXPECT_EQ(desk.screen.column(), 10U);
    desk.type("\x7f");
    EXPECT_EQ(desk.editor.text(), "hello wrd");
    desk.type("\x1b[3~\x04");
    EXPECT_EQ(desk.editor.text(), "hello w");
}

TEST(LineEditor, BackspaceAtTheEndsOfTheLine) {
    Desk desk;
    desk.type("ab\x7f\x7f\x7f");
    EXPECT_EQ(desk.editor.text(), "");
    EXPECT_EQ(desk.screen.row(), ">");
    EXPECT_EQ(desk.screen.column(), 2U);
    desk.type("xy");
    desk.type(kHome);
    desk.type("\x7f");
    EXPECT_EQ(desk.editor.text(), "xy");
}

TEST(LineEditor, CutsToEndToStartAndWord) {
    Desk desk;
    desk.type("one two three\x17");
    EXPECT_EQ(desk.editor.text(), "one two ");
    desk.type("\x17");
    EXPECT_EQ(desk.editor.text(), "one ");
    desk.type("four\x01\x1b"
              "f\x0b");
    EXPECT_EQ(desk.editor.text(), "one");
    desk.type("\x15");
    EXPECT_EQ(desk.editor.text(), "");
}

TEST(LineEditor, InterruptAndEndOfInput) {
    EXPECT_EQ(Desk{}.type("abc\x03"), Outcome::Interrupted);
    EXPECT_EQ(Desk{}.type("\x04"), Outcome::EndOfInput);
    EXPECT_EQ(Desk{}.type("a\x04"), Outcome::Editing);
}

TEST(LineEditor, HistoryKeepsTheDraft) {
    Desk desk;
    desk.history.add("first");
    desk.history.add("second");
    desk.type("draft");
    desk.type(kUp);
    EXPECT_EQ(desk.screen.row(), "> second");
    desk.type(kUp);
    desk.type(kUp);
    EXPECT_EQ(desk.screen.row(), "> first");
    desk.type(kDown);
    desk.type(kDown);
    desk.type(kDown);
    EXPECT_EQ(desk.screen.row(), "> draft");
}

TEST(History, DropsRepeatsEmptyLinesAndTheOldest) {
    console::History history;
    history.add("");
    history.add("a");
    history.add("a");
    EXPECT_EQ(history.count(), 1U);
    for (int number = 0; number < 100; ++number) {
        history.add(std::to_string(number));
    }
    EXPECT_EQ(history.count(), console::History::kCapacity);
    EXPECT_EQ(history.line(0), "99");
}

TEST(LineEditor, LineIsBounded) {
    Desk desk;
    desk.type(std::string(1000, 'x'));
    EXPECT_EQ(desk.editor.text().size(), LineEditor::kMaxLine);
    desk.type("\xC3\xA9");
    EXPECT_EQ(desk.editor.text().size(), LineEditor::kMaxLine);
}

TEST(LineEditor, LongLinesScrollInTheirRow) {
    Desk desk;
    std::string const text = "0123456789012345678901234567890123456789abcdefghijklmnopqrstuvwxyz";
    desk.type(text);
    EXPECT_FALSE(desk.screen.wrapped());
    EXPECT_TRUE(desk.screen.row().ends_with("xyz"));
    desk.type(kHome);
    EXPECT_TRUE(desk.screen.row().starts_with("> 0123456789"));
    EXPECT_EQ(desk.screen.column(), 2U);
    EXPECT_EQ(desk.screen.row_count(), 1U);
}

TEST(LineEditor, ALongPromptLeavesRoomToType) {
    Desk desk{std::string(200, 'p')};
    desk.type("text");
    EXPECT_EQ(desk.editor.text(), "text");
}

TEST(LineEditor, PromptCannotSendControlCharacters) {
    Desk desk{"\x1b[2Jx "};
    EXPECT_EQ(desk.screen.row(), "?[2Jx");
}

TEST(LineEditor, ClearScreenKeepsTheLine) {
    Desk desk;
    desk.type("text\x0c");
    EXPECT_EQ(desk.screen.row(), "> text");
    EXPECT_EQ(desk.screen.row_count(), 1U);
}

TEST(LineEditor, RandomKeysKeepScreenAndTextTogether) {
    std::mt19937 random{7};
    Desk desk;
    desk.history.add("a line from before, longer than the row of this small screen is wide");
    desk.history.add("\xC3\xA9\xC3\xA8");
    constexpr std::string_view bytes =
        "ab \xC3\xA9\x1b[\x1b[D\x1b[C\x1b[A\x1b[B\x01\x05\x0b\x17\x7f\x08\x15~3;5";
    for (int count = 0; count < 100'000; ++count) {
        desk.type({&bytes[random() % bytes.size()], 1});
        auto const text = desk.editor.text();
        auto const cursor = desk.editor.cursor();
        ASSERT_LE(cursor, text.size());
        ASSERT_LE(text.size(), LineEditor::kMaxLine);
        ASSERT_TRUE(cursor == text.size() || !console::is_continuation(text[cursor]));
        ASSERT_EQ(desk.screen.row_count(), 1U);
        ASSERT_FALSE(desk.screen.wrapped());
        ASSERT_EQ(desk.screen.unknown(), 0U);
        if (console::width(text) + 3 <= Desk::kColumns) {
            ASSERT_EQ(desk.screen.column(), 2 + console::width(text.substr(0, cursor)));
        }
    }
}

} // namespace
