// SPDX-License-Identifier: MIT
/// The C library's functions on memory, in general registers. Its own use the vector registers, and the first
/// use of those after another thread's is a trap into the kernel, which moves half a kilobyte: what a short
/// copy costs many times over.
///
/// Words are moved wherever they lie: memory allows unaligned accesses, and what is not a multiple of a word
/// is covered by words that overlap. Compiled so that the loops are not recognised as the functions that they
/// are.
#include <cstddef>
#include <cstdint>

namespace {

using Word = std::uint64_t;

/// Two words at once.
struct Pair {
    Word first;
    Word second;
};

// What these functions are given is memory without a type.
template <typename T>
auto load(std::byte const* from) -> T {
    T value{};
    __builtin_memcpy(&value, from, sizeof value);
    return value;
}
template <typename T>
void store(std::byte* to, T value) {
    __builtin_memcpy(to, &value, sizeof value);
}

/// All of `size` bytes, at least one T and at most two, are loaded before the first is stored.
template <typename T>
void copy_ends(std::byte* to, std::byte const* from, std::size_t size) {
    auto const first = load<T>(from);
    auto const last = load<T>(from + size - sizeof(T));
    store(to, first);
    store(to + size - sizeof(T), last);
}

/// At most 16 bytes.
void copy_short(std::byte* to, std::byte const* from, std::size_t size) {
    if (size >= sizeof(Word)) {
        copy_ends<Word>(to, from, size);
    } else if (size >= sizeof(std::uint32_t)) {
        copy_ends<std::uint32_t>(to, from, size);
    } else if (size >= sizeof(std::uint16_t)) {
        copy_ends<std::uint16_t>(to, from, size);
    } else if (size != 0) {
        *to = *from;
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
    auto* to = static_cast<std::byte*>(destination);
    auto const* from = static_cast<std::byte const*>(source);
    if (size <= sizeof(Pair)) {
        copy_short(to, from, size);
        return destination;
    }
    auto* const last = to + size - sizeof(Pair);
    auto const rest = load<Pair>(from + size - sizeof(Pair));
    while (to < last) {
        store(to, load<Pair>(from));
        to += sizeof(Pair);
        from += sizeof(Pair);
    }
    store(last, rest);
    return destination;
}

auto memmove(void* destination, void const* source, std::size_t size) -> void* {
    auto* const to = static_cast<std::byte*>(destination);
    auto const* const from = static_cast<std::byte const*>(source);
    // As unsigned numbers: also true if `to` is below `from`, where copying upwards is right, too.
    if (reinterpret_cast<Word>(to) - reinterpret_cast<Word>(from) >= size) {
        return memcpy(destination, source, size);
    }
    if (size <= sizeof(Pair)) {
        copy_short(to, from, size);
        return destination;
    }
    auto const rest = load<Pair>(from);
    for (auto index = size - sizeof(Pair); index > 0; index -= index < sizeof(Pair) ? index : sizeof(Pair)) {
        store(to + index, load<Pair>(from + index));
    }
    store(to, rest);
    return destination;
}

auto memset(void* destination, int value, std::size_t size) -> void* {
    auto* to = static_cast<std::byte*>(destination);
    auto const word = Word{static_cast<unsigned char>(value)} * 0x0101'0101'0101'0101;
    if (size < sizeof(Word)) {
        for (; size > 0; --size) {
            *to = static_cast<std::byte>(word);
            ++to;
        }
        return destination;
    }
    auto* const last = to + size - sizeof(Word);
    for (; last - to > static_cast<std::ptrdiff_t>(sizeof(Word)); to += sizeof(Pair)) {
        store(to, Pair{word, word});
    }
    if (to < last) {
        store(to, word);
    }
    store(last, word);
    return destination;
}

} // extern "C"
// NOLINTEND(readability-identifier-naming, readability-inconsistent-declaration-parameter-name)
