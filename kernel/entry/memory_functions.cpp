// SPDX-License-Identifier: MIT
/// The functions that the compiler and its headers call on their own, even in a freestanding program.
/// Compiled so that the loops are not recognised as the functions that they are (CMakeLists.txt).
#include <cstddef>
#include <cstdint>

namespace {

constexpr std::size_t kWord = sizeof(std::uint64_t);

/// The bytes at the start of `size` that can be worked on a word at a time: all whole words when the
/// addresses, as those of nearly all kernel data, are aligned.
auto in_words(std::uint64_t addresses, std::size_t size) -> std::size_t {
    return (addresses % kWord) == 0 ? size - size % kWord : 0;
}

auto address(void const* pointer) -> std::uint64_t { return reinterpret_cast<std::uint64_t>(pointer); }

} // namespace

extern "C" {

auto memcpy(void* destination, void const* source, std::size_t size) -> void*;
auto memmove(void* destination, void const* source, std::size_t size) -> void*;
auto memset(void* destination, int value, std::size_t size) -> void*;
auto memcmp(void const* left, void const* right, std::size_t size) -> int;
auto strlen(char const* text) -> std::size_t;

auto memcpy(void* destination, void const* source, std::size_t size) -> void* {
    auto* to = static_cast<std::byte*>(destination);
    auto const* from = static_cast<std::byte const*>(source);
    std::size_t index = 0;
    for (auto const end = in_words(address(to) | address(from), size); index < end; index += kWord) {
        // These functions are what gives memory its type elsewhere: here it has none.
        __builtin_memcpy(to + index, from + index, kWord);
    }
    for (; index < size; ++index) {
        to[index] = from[index];
    }
    return destination;
}

auto memmove(void* destination, void const* source, std::size_t size) -> void* {
    auto* to = static_cast<std::byte*>(destination);
    auto const* from = static_cast<std::byte const*>(source);
    if (to <= from) {
        return memcpy(destination, source, size);
    }
    for (std::size_t index = size; index > 0; --index) {
        to[index - 1] = from[index - 1];
    }
    return destination;
}

auto memset(void* destination, int value, std::size_t size) -> void* {
    auto* to = static_cast<std::byte*>(destination);
    auto const byte = static_cast<std::byte>(value);
    auto const word = std::uint64_t{static_cast<unsigned char>(value)} * 0x0101'0101'0101'0101;
    std::size_t index = 0;
    for (auto const end = in_words(address(to), size); index < end; index += kWord) {
        __builtin_memcpy(to + index, &word, kWord);
    }
    for (; index < size; ++index) {
        to[index] = byte;
    }
    return destination;
}

auto memcmp(void const* left, void const* right, std::size_t size) -> int {
    auto const* first = static_cast<unsigned char const*>(left);
    auto const* second = static_cast<unsigned char const*>(right);
    for (std::size_t index = 0; index < size; ++index) {
        if (first[index] != second[index]) {
            return first[index] < second[index] ? -1 : 1;
        }
    }
    return 0;
}

auto strlen(char const* text) -> std::size_t {
    std::size_t size = 0;
    while (text[size] != 0) {
        ++size;
    }
    return size;
}
}
