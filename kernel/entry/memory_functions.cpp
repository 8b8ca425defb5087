// SPDX-License-Identifier: MIT
/// The functions that the compiler and its headers call on their own, even in a freestanding program.
/// Compiled so that the loops are not recognised as the functions that they are (CMakeLists.txt).
#include <cstddef>
#include <cstdint>

extern "C" {

auto memcpy(void* destination, void const* source, std::size_t size) -> void*;
auto memmove(void* destination, void const* source, std::size_t size) -> void*;
auto memset(void* destination, int value, std::size_t size) -> void*;
auto memcmp(void const* left, void const* right, std::size_t size) -> int;
auto strlen(char const* text) -> std::size_t;

auto memcpy(void* destination, void const* source, std::size_t size) -> void* {
    auto* to = static_cast<std::byte*>(destination);
    auto const* from = static_cast<std::byte const*>(source);
    for (std::size_t index = 0; index < size; ++index) {
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
    for (std::size_t index = 0; index < size; ++index) {
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
