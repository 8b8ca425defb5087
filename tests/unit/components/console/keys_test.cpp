// SPDX-License-Identifier: MIT
/// Bytes to keys: every key the editor knows, and streams that no terminal would send.
#include "components/console/keys.hpp"
#include "components/console/utf8.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace {

using console::Action;
using console::KeyDecoder;

auto decode(std::string_view bytes) -> std::vector<console::Key> {
    KeyDecoder decoder;
    std::vector<console::Key> keys;
    for (char const byte : bytes) {
        if (auto key = decoder.feed(static_cast<std::uint8_t>(byte))) keys.push_back(*key);
    }
    return keys;
}

auto actions(std::string_view bytes) -> std::vector<Action> {
    std::vector<Action> result;
    for (auto const& key : decode(bytes)) {
        result.push_back(key.action);
    }
    return result;
}

TEST(Keys, PrintingCharactersAreInserted) {
    auto const keys = decode("a ~");
    ASSERT_EQ(keys.size(), 3U);
    EXPECT_EQ(keys[0].text, "a");
    EXPECT_EQ(keys[2].text, "~");
}

TEST(Keys, MultiByteCharactersComeWhole) {
    auto const keys = decode("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    ASSERT_EQ(keys.size(), 3U);
    EXPECT_EQ(keys[0].text, "\xC3\xA9");
    EXPECT_EQ(keys[1].text, "\xE2\x82\xAC");
    EXPECT_EQ(keys[2].text, "\xF0\x9F\x98\x80");
}

TEST(Keys, MalformedCharactersAreDropped) {
    EXPECT_TRUE(decode("\x80\xBF").empty());         // continuation alone
    EXPECT_TRUE(decode("\xC0\x80").empty());         // overlong
    EXPECT_TRUE(decode("\xE0\x80\x80").empty());     // overlong
    EXPECT_TRUE(decode("\xED\xA0\x80").empty());     // surrogate
    EXPECT_TRUE(decode("\xF4\x90\x80\x80").empty()); // above U+10FFFF
    EXPECT_TRUE(decode("\xC2\x9B").empty());         // a C1 control
    EXPECT_TRUE(decode("\xFF\xFE").empty());
    EXPECT_EQ(decode("\xE2\x82x").at(0).text, "x"); // truncated by another character
}

TEST(Keys, ArrowsInBothForms) {
    EXPECT_EQ(actions("\x1b[A\x1b[B\x1b[C\x1b[D"),
              (std::vector{Action::Previous, Action::Next, Action::Right, Action::Left}));
    EXPECT_EQ(actions("\x1bOA\x1bOD"), (std::vector{Action::Previous, Action::Left}));
}

TEST(Keys, HomeEndDelete) {
    EXPECT_EQ(actions("\x1b[H\x1b[1~\x1b[7~\x1bOH"), std::vector(4, Action::Home));
    EXPECT_EQ(actions("\x1b[F\x1b[4~\x1b[8~\x1bOF"), std::vector(4, Action::End));
    EXPECT_EQ(actions("\x1b[3~"), std::vector{Action::Delete});
}

TEST(Keys, WordsByControlArrowAndMeta) {
    EXPECT_EQ(actions("\x1b[1;5C\x1b[1;5D\x1b"
                      "f\x1b"
                      "b"),
              (std::vector{Action::WordRight, Action::WordLeft, Action::WordRight, Action::WordLeft}));
}

TEST(Keys, ReturnAndNewlineAreOneEnter) {
    EXPECT_EQ(actions("\r"), std::vector{Action::Enter});
    EXPECT_EQ(actions("\n"), std::vector{Action::Enter});
    EXPECT_EQ(actions("\r\n"), std::vector{Action::Enter});
    EXPECT_EQ(actions("\n\n\r\r"), std::vector(4, Action::Enter));
}

TEST(Keys, UnknownSequencesLeaveNothingBehind) {
    EXPECT_TRUE(decode("\x1b[5~\x1b[200~\x1b[?1;2c\x1bOP\x1bz").empty());
    EXPECT_TRUE(decode("\x1b[1111111111111111111111111111~").empty());
}

TEST(Keys, ControlCharactersEndASequence) {
    EXPECT_EQ(actions("\x1b[12\x03"), std::vector{Action::Interrupt});
    EXPECT_EQ(actions("\x1b\x1b[A"), std::vector{Action::Previous});
    EXPECT_EQ(actions("\xE2\x82\x03"), std::vector{Action::Interrupt});
}

TEST(Keys, RandomBytesOnlyEverInsertPrintingText) {
    std::mt19937 random{1};
    KeyDecoder decoder;
    for (int count = 0; count < 200'000; ++count) {
        auto const key = decoder.feed(static_cast<std::uint8_t>(random()));
        if (!key || key->action != Action::Insert) continue;
        ASSERT_EQ(console::printing_length(key->text), key->text.size());
    }
    (void)decoder.feed('\r');
    EXPECT_EQ(decoder.feed(0x03)->action, Action::Interrupt);
}

TEST(Utf8, PrintableReplacesWhatDoesNotPrint) {
    EXPECT_EQ(console::printable("a\x1b[2Jb\n"), "a?[2Jb?");
    EXPECT_EQ(console::printable("\xC3\xA9\xC3"), "\xC3\xA9?");
    EXPECT_EQ(console::printable("\xC2\x9B"), "??");
    EXPECT_EQ(console::width("\xC3\xA9x"), 2U);
}

} // namespace
