// SPDX-License-Identifier: MIT
/// A terminal emulator of one's own: what a person would see after the bytes that the console sends.
#pragma once

#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace console_test {

/// Understands what the console sends and nothing else; `unknown` counts the rest.
class Screen {
public:
    explicit Screen(std::size_t columns) : columns_{columns}, rows_{1} {}

    void feed(std::string_view bytes) {
        for (char const byte : bytes) {
            feed(byte);
        }
    }

    void feed(char byte) {
        if (!sequence_.empty()) {
            sequence_.push_back(byte);
            if (sequence_.size() > 2 && std::isalpha(static_cast<unsigned char>(byte)) != 0)
                finish_sequence();
            return;
        }
        switch (byte) {
        case '\x1b': sequence_ = "\x1b"; break;
        case '\r': column_ = 0; break;
        case '\n': new_row(); break;
        case '\b': column_ -= column_ > 0 ? 1 : 0; break;
        case '\a': break;
        default: put(byte);
        }
    }

    [[nodiscard]] auto row() const -> std::string {
        auto text = rows_[row_];
        while (text.ends_with(' ')) {
            text.pop_back();
        }
        return text;
    }
    [[nodiscard]] auto row(std::size_t index) const -> std::string { return rows_.at(index); }
    [[nodiscard]] auto row_count() const -> std::size_t { return rows_.size(); }
    [[nodiscard]] auto column() const -> std::size_t { return column_; }
    [[nodiscard]] auto wrapped() const -> bool { return wrapped_; }
    [[nodiscard]] auto unknown() const -> std::size_t { return unknown_; }

private:
    void put(char byte) {
        if ((static_cast<unsigned char>(byte) & 0xC0U) == 0x80U) return; // one cell a character
        if (column_ >= columns_) {
            wrapped_ = true;
            new_row();
            column_ = 0;
        }
        auto& text = rows_[row_];
        if (text.size() <= column_) text.resize(column_ + 1, ' ');
        text[column_++] = byte;
    }

    void new_row() {
        if (++row_ == rows_.size()) rows_.emplace_back();
    }

    void finish_sequence() {
        auto const final = sequence_.back();
        auto const parameters = sequence_.substr(2, sequence_.size() - 3);
        if (final == 'K' && parameters.empty()) {
            if (rows_[row_].size() > column_) rows_[row_].resize(column_);
        } else if (final == 'D') {
            auto const count = static_cast<std::size_t>(std::stoul(parameters));
            column_ -= count <= column_ ? count : column_;
        } else if (final == 'H' && parameters.empty()) {
            row_ = column_ = 0;
        } else if (final == 'J' && parameters == "2") {
            rows_.assign(1, {});
        } else {
            ++unknown_;
        }
        sequence_.clear();
    }

    std::size_t columns_;
    std::vector<std::string> rows_;
    std::size_t row_{};
    std::size_t column_{};
    std::size_t unknown_{};
    bool wrapped_{};
    std::string sequence_{};
};

} // namespace console_test
