// SPDX-License-Identifier: MIT
/// The decoder is a state machine over one byte at a time; it holds a few bytes at most.
#include "components/console/keys.hpp"

#include "components/console/utf8.hpp"

namespace console {
namespace {

constexpr std::uint8_t kEscape = 0x1B;
constexpr std::uint8_t kDelete = 0x7F;
constexpr std::uint8_t kFirstPrinting = 0x20;

auto key(Action action) -> std::optional<Key> { return Key{.action = action}; }

auto control_action(std::uint8_t byte) -> std::optional<Action> {
    switch (byte) {
    case 0x01: return Action::Home;        // Ctrl-A
    case 0x02: return Action::Left;        // Ctrl-B
    case 0x03: return Action::Interrupt;   // Ctrl-C
    case 0x04: return Action::DeleteOrEnd; // Ctrl-D
    case 0x05: return Action::End;         // Ctrl-E
    case 0x06: return Action::Right;       // Ctrl-F
    case 0x08: return Action::Backspace;
    case 0x0A: return Action::Enter;
    case 0x0B: return Action::CutToEnd;    // Ctrl-K
    case 0x0C: return Action::ClearScreen; // Ctrl-L
    case 0x0D: return Action::Enter;
    case 0x0E: return Action::Next;       // Ctrl-N
    case 0x10: return Action::Previous;   // Ctrl-P
    case 0x15: return Action::CutToStart; // Ctrl-U
    case 0x17: return Action::CutWord;    // Ctrl-W
    case kDelete: return Action::Backspace;
    default: return std::nullopt;
    }
}

/// Keys of the form ESC [ parameters final. A parameter that ends in ";5" says that Ctrl was held.
auto sequence_action(std::string_view parameters, char final) -> std::optional<Action> {
    bool const with_control = parameters.ends_with(";5");
    switch (final) {
    case 'A': return Action::Previous;
    case 'B': return Action::Next;
    case 'C': return with_control ? Action::WordRight : Action::Right;
    case 'D': return with_control ? Action::WordLeft : Action::Left;
    case 'F': return Action::End;
    case 'H': return Action::Home;
    case '~': break;
    default: return std::nullopt;
    }
    if (parameters == "1" || parameters == "7") return Action::Home;
    if (parameters == "4" || parameters == "8") return Action::End;
    if (parameters == "3") return Action::Delete;
    return std::nullopt;
}

auto to_key(std::optional<Action> action) -> std::optional<Key> {
    return action ? key(*action) : std::nullopt;
}

} // namespace

auto KeyDecoder::feed(std::uint8_t byte) -> std::optional<Key> {
    if (byte < kFirstPrinting || byte == kDelete) return control_character(byte);
    after_return_ = false;
    auto const as_char = static_cast<char>(byte);
    switch (state_) {
    case State::Escape: return escape(as_char);
    case State::Control: return control_sequence(as_char);
    case State::SingleShift: state_ = State::Ground; return to_key(sequence_action("", as_char));
    case State::Ground:
    case State::Character: return character(as_char);
    }
    return std::nullopt;
}

auto KeyDecoder::control_character(std::uint8_t byte) -> std::optional<Key> {
    bool const second_half_of_newline = byte == '\n' && after_return_;
    after_return_ = byte == '\r';
    collected_.clear();
    state_ = byte == kEscape ? State::Escape : State::Ground;
    if (second_half_of_newline) return std::nullopt;
    return to_key(control_action(byte));
}

auto KeyDecoder::escape(char byte) -> std::optional<Key> {
    state_ = State::Ground;
    switch (byte) {
    case '[': state_ = State::Control; return std::nullopt;
    case 'O': state_ = State::SingleShift; return std::nullopt;
    case 'b': return key(Action::WordLeft);
    case 'f': return key(Action::WordRight);
    default: return std::nullopt;
    }
}

auto KeyDecoder::control_sequence(char byte) -> std::optional<Key> {
    bool const is_final = byte >= '@' && byte <= '~';
    if (!is_final) {
        // What is too long matches no key; it is swallowed up to its final byte all the same.
        if (collected_.size() < kMaxParameters) collected_.push_back(byte);
        return std::nullopt;
    }
    auto const action = sequence_action(collected_, byte);
    collected_.clear();
    state_ = State::Ground;
    return to_key(action);
}

auto KeyDecoder::character(char byte) -> std::optional<Key> {
    if (!is_continuation(byte)) collected_.clear();
    if (collected_.empty() && is_continuation(byte)) return std::nullopt;
    collected_.push_back(byte);
    auto const expected = sequence_length(collected_.front());
    if (collected_.size() < expected) {
        state_ = State::Character;
        return std::nullopt;
    }
    state_ = State::Ground;
    auto text = std::move(collected_);
    collected_.clear();
    if (printing_length(text) != text.size()) return std::nullopt;
    return Key{.action = Action::Insert, .text = std::move(text)};
}

} // namespace console
