// SPDX-License-Identifier: MIT
/// The C library's functions on memory, which moves a byte at a time. Words are moved where both sides are
/// aligned alike; an access that is not aligned may take a trap, and bytes are moved then.
///
/// Compiled so that the loops are not recognised as the functions that they are.
#include <cstddef>
#include <cstdint>

namespace {

/// A word of memory that has another type elsewhere.
using Word [[gnu::may_alias]] = std::uint64_t;

constexpr std::size_t kWord = sizeof(Word);
constexpr std::size_t kWordsAtOnce = 4;

auto address(void const* pointer) -> std::uint64_t { return reinterpret_cast<std::uint64_t>(pointer); }

/// The word at an aligned address: what these functions are given is memory without a type.
auto word_at(std::byte* place) -> Word* { return reinterpret_cast<Word*>(address(place)); }
auto word_at(std::byte const* place) -> Word const* { return reinterpret_cast<Word const*>(address(place)); }

auto aligned_alike(void const* one, void const* other) -> bool {
    return (address(one) ^ address(other)) % kWord == 0;
}

/// Bytes before the first word, at most `size`.
auto to_alignment(void const* pointer, std::size_t size) -> std::size_t {
    auto const bytes = (0 - address(pointer)) % kWord;
    return bytes < size ? bytes : size;
}

/// Copies `words` words between aligned addresses, upwards.
void copy_words(std::byte* to, std::byte const* from, std::size_t words) {
    auto* target = word_at(to);
    auto const* source = word_at(from);
    for (; words >= kWordsAtOnce; words -= kWordsAtOnce) {
        auto const first = source[0];
        auto const second = source[1];
        auto const third = source[2];
        auto const fourth = source[3];
        target[0] = first;
        target[1] = second;
        target[2] = third;
        target[3] = fourth;
        target += kWordsAtOnce;
        source += kWordsAtOnce;
    }
    for (; words > 0; --words) {
        *target++ = *source++;
    }
}

void copy_bytes(std::byte* to, std::byte const* from, std::size_t size) {
    for (; size > 0; --size) {
        *to++ = *from++;
    }
}

/// Upwards: right as long as `to` is not within the source.
void copy_up(std::byte* to, std::byte const* from, std::size_t size) {
    if (aligned_alike(to, from)) {
        auto const head = to_alignment(to, size);
        copy_bytes(to, from, head);
        auto const body = (size - head) / kWord * kWord;
        copy_words(to + head, from + head, body / kWord);
        to += head + body;
        from += head + body;
        size -= head + body;
    }
    copy_bytes(to, from, size);
}

/// Downwards: right as long as `from` is not within the target.
void copy_down(std::byte* to, std::byte const* from, std::size_t size) {
    auto const words_from = aligned_alike(to, from) ? to_alignment(to, size) : size;
    while (size > words_from && (address(to) + size) % kWord != 0) {
        --size;
        to[size] = from[size];
    }
    for (; size >= words_from + kWord; size -= kWord) {
        *word_at(to + size - kWord) = *word_at(from + size - kWord);
    }
    for (; size > 0; --size) {
        to[size - 1] = from[size - 1];
    }
}

} // namespace

// The names are the C library's.
// NOLINTBEGIN(readability-identifier-naming, readability-inconsistent-declaration-parameter-name)
extern "C" {

auto memcpy(void* destination, void const* source, std::size_t size) -> void*;
auto memmove(void* destination, void const* source, std::size_t size) -> void*;
auto memset(void* destination, int value, std::size_t size) -> void*;

auto memcpy(void* destination, void const* source, std::size_t size) -> void* {
    copy_up(static_cast<std::byte*>(destination), static_cast<std::byte const*>(source), size);
    return destination;
}

auto memmove(void* destination, void const* source, std::size_t size) -> void* {
    auto* const to = static_cast<std::byte*>(destination);
    auto const* const from = static_cast<std::byte const*>(source);
    // As unsigned numbers: also true if `to` is below `from`, where copying upwards is right, too.
    if (address(to) - address(from) >= size) {
        copy_up(to, from, size);
    } else {
        copy_down(to, from, size);
    }
    return destination;
}

auto memset(void* destination, int value, std::size_t size) -> void* {
    auto* to = static_cast<std::byte*>(destination);
    auto const word = std::uint64_t{static_cast<unsigned char>(value)} * 0x0101'0101'0101'0101;
    for (auto head = to_alignment(to, size); head > 0; --head, --size) {
        *to++ = static_cast<std::byte>(word);
    }
    for (; size >= kWord; size -= kWord, to += kWord) {
        *word_at(to) = word;
    }
    for (; size > 0; --size) {
        *to++ = static_cast<std::byte>(word);
    }
    return destination;
}

} // extern "C"
// NOLINTEND(readability-identifier-naming, readability-inconsistent-declaration-parameter-name)
