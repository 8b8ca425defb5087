// SPDX-License-Identifier: MIT
/// First tokens, where quotes and backslashes end; then the redirection is taken out of them.
#include "components/shell/parser.hpp"

#include "base/result.hpp"

#include <utility>

namespace shell {
namespace {

struct Token {
    enum class Kind { Word, Overwrite, Append };
    Kind kind;
    std::string text{};
};

using Failure = std::unexpected<std::string>;

class Lexer {
public:
    explicit Lexer(std::string_view line) : rest_{line} {}

    auto tokens() -> std::expected<std::vector<Token>, std::string> {
        std::vector<Token> result;
        while (skip_blanks()) {
            if (rest_.front() == '>') {
                result.push_back(redirection());
            } else {
                result.push_back({.kind = Token::Kind::Word, .text = TRY(word())});
            }
        }
        return result;
    }

private:
    /// False at the end of the line, or where a comment begins.
    auto skip_blanks() -> bool {
        while (!rest_.empty() && is_blank(rest_.front())) {
            rest_.remove_prefix(1);
        }
        return !rest_.empty() && rest_.front() != '#';
    }

    auto redirection() -> Token {
        bool const append = rest_.starts_with(">>");
        rest_.remove_prefix(append ? 2 : 1);
        return {.kind = append ? Token::Kind::Append : Token::Kind::Overwrite};
    }

    auto word() -> std::expected<std::string, std::string> {
        std::string text;
        while (!rest_.empty() && !is_blank(rest_.front()) && rest_.front() != '>') {
            char const character = take();
            switch (character) {
            case '\'': TRY(single_quoted(text)); break;
            case '"': TRY(double_quoted(text)); break;
            case '\\':
                if (rest_.empty()) return Failure{"there is nothing behind the last backslash"};
                text.push_back(take());
                break;
            case '|':
            case '&':
            case ';':
            case '<':
            case '`':
            case '$':
                return Failure{std::string{"'"} + character +
                               "' has no meaning here; quote it to use it as text"};
            default: text.push_back(character);
            }
        }
        return text;
    }

    auto single_quoted(std::string& text) -> std::expected<void, std::string> {
        auto const end = rest_.find('\'');
        if (end == std::string_view::npos) return Failure{"a ' is not closed"};
        text.append(rest_.substr(0, end));
        rest_.remove_prefix(end + 1);
        return {};
    }

    auto double_quoted(std::string& text) -> std::expected<void, std::string> {
        while (!rest_.empty()) {
            char const character = take();
            if (character == '"') return {};
            bool const escapes =
                character == '\\' && !rest_.empty() && (rest_.front() == '"' || rest_.front() == '\\');
            text.push_back(escapes ? take() : character);
        }
        return Failure{"a \" is not closed"};
    }

    auto take() -> char {
        char const character = rest_.front();
        rest_.remove_prefix(1);
        return character;
    }

    static auto is_blank(char character) -> bool { return character == ' ' || character == '\t'; }

    std::string_view rest_;
};

} // namespace

auto parse_line(std::string_view line) -> std::expected<ParsedLine, std::string> {
    auto tokens = TRY(Lexer{line}.tokens());
    ParsedLine parsed;
    for (std::size_t index = 0; index < tokens.size(); ++index) {
        auto& token = tokens[index];
        if (token.kind == Token::Kind::Word) {
            parsed.words.push_back(std::move(token.text));
            continue;
        }
        bool const append = token.kind == Token::Kind::Append;
        bool const has_file = index + 1 < tokens.size() && tokens[index + 1].kind == Token::Kind::Word;
        if (!has_file) return Failure{append ? "there is no file behind >>" : "there is no file behind >"};
        if (parsed.output) return Failure{"the output can go to one file only"};
        parsed.output = Redirection{.path = std::move(tokens[++index].text), .append = append};
    }
    if (parsed.words.empty() && parsed.output) return Failure{"there is no command before the >"};
    return parsed;
}

} // namespace shell
