// SPDX-License-Identifier: MIT
/// Lines to words: quoting, redirection, and lines that make no sense.
#include "components/shell/parser.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace {

using shell::parse_line;
using shell::Redirection;
using Words = std::vector<std::string>;

auto words(std::string_view line) -> Words { return parse_line(line).value().words; }
auto failure(std::string_view line) -> std::string { return parse_line(line).error(); }

TEST(Parser, WordsAreSeparatedByBlanks) {
    EXPECT_EQ(words("ls  -l\t/boot  "), (Words{"ls", "-l", "/boot"}));
    EXPECT_TRUE(words("").empty());
    EXPECT_TRUE(words("   ").empty());
}

TEST(Parser, QuotesKeepBlanksAndJoin) {
    EXPECT_EQ(words("echo 'a  b' \"c  d\""), (Words{"echo", "a  b", "c  d"}));
    EXPECT_EQ(words("a'b c'\"d e\"f"), (Words{"ab cd ef"}));
    EXPECT_EQ(words("echo '' \"\""), (Words{"echo", "", ""}));
    EXPECT_EQ(words("'a\\b\"c'"), (Words{"a\\b\"c"}));
    EXPECT_EQ(words(R"("a\"b\\c\d'")"), (Words{"a\"b\\c\\d'"}));
}

TEST(Parser, ABackslashKeepsTheNextCharacter) {
    EXPECT_EQ(words(R"(a\ b \> \' \\)"), (Words{"a b", ">", "'", "\\"}));
}

TEST(Parser, Comments) {
    EXPECT_TRUE(words("# nothing").empty());
    EXPECT_EQ(words("echo a # b"), (Words{"echo", "a"}));
    EXPECT_EQ(words("echo a#b '#c'"), (Words{"echo", "a#b", "#c"}));
}

TEST(Parser, Redirection) {
    EXPECT_EQ(parse_line("echo a > f")->output, (Redirection{"f", false}));
    EXPECT_EQ(parse_line("echo a >>f")->output, (Redirection{"f", true}));
    EXPECT_EQ(parse_line("echo a>'my file'")->output, (Redirection{"my file", false}));
    EXPECT_EQ(words("> f echo a"), (Words{"echo", "a"}));
    EXPECT_FALSE(parse_line("echo '>' f")->output.has_value());
}

TEST(Parser, SaysWhatIsWrong) {
    EXPECT_EQ(failure("echo 'a"), "a ' is not closed");
    EXPECT_EQ(failure("echo \"a\\\""), "a \" is not closed");
    EXPECT_EQ(failure("echo a\\"), "there is nothing behind the last backslash");
    EXPECT_EQ(failure("echo >"), "there is no file behind >");
    EXPECT_EQ(failure("echo >> > f"), "there is no file behind >>");
    EXPECT_EQ(failure("echo > a > b"), "the output can go to one file only");
    EXPECT_EQ(failure("> f"), "there is no command before the >");
    EXPECT_EQ(failure("ls | cat"), "'|' has no meaning here; quote it to use it as text");
}

TEST(Parser, RandomLinesAreParsedOrRefused) {
    std::mt19937 random{4};
    constexpr std::string_view letters = "ab '\"\\>#| \t";
    for (int count = 0; count < 100'000; ++count) {
        std::string line;
        for (auto length = random() % 20; length > 0; --length) {
            line += letters[random() % letters.size()];
        }
        auto const parsed = parse_line(line);
        ASSERT_TRUE(parsed.has_value() || !parsed.error().empty());
    }
}

} // namespace
