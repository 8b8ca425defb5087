// SPDX-License-Identifier: MIT
/// Reads cpio archives of the "newc" kind, as `cpio -H newc` writes them. Holds no state, copies nothing; an
/// archive that is damaged ends where the damage begins, and never makes the reader leave it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace base {

/// A file, directory or link of an archive; the views point into the archive.
struct CpioEntry {
    std::string_view name;  ///< as stored, without a leading "./"
    std::uint32_t mode;     ///< type and permissions, as in stat
    std::uint32_t modified; ///< seconds since 1970
    std::span<std::byte const> data;

    [[nodiscard]] constexpr auto is_directory() const -> bool { return (mode & 0170000U) == 0040000U; }
    [[nodiscard]] constexpr auto is_file() const -> bool { return (mode & 0170000U) == 0100000U; }
};

class CpioArchive {
public:
    explicit constexpr CpioArchive(std::span<std::byte const> bytes) : bytes_{bytes} {}

    /// Visits the entries in the order of the archive:
    /// `auto cursor = archive.first(); while (auto const entry = cursor.next()) { ... }`.
    class Cursor {
    public:
        explicit constexpr Cursor(std::span<std::byte const> rest) : rest_{rest} {}

        /// The next entry; nothing behind the last, or where the archive is damaged.
        [[nodiscard]] constexpr auto next() -> std::optional<CpioEntry>;

    private:
        /// The bytes from the next header on. Always starts at a multiple of 4 in the archive: sizes are
        /// rounded up to it.
        std::span<std::byte const> rest_;
    };

    [[nodiscard]] constexpr auto first() const -> Cursor { return Cursor{bytes_}; }

    /// The entry with this name (no leading "/" or "./").
    [[nodiscard]] constexpr auto find(std::string_view name) const -> std::optional<CpioEntry> {
        auto cursor = first();
        while (auto const entry = cursor.next()) {
            if (entry->name == name) {
                return entry;
            }
        }
        return std::nullopt;
    }

private:
    std::span<std::byte const> bytes_;
};

namespace detail {

/// A header: the magic, then 13 numbers of 8 hexadecimal digits.
inline constexpr std::size_t kCpioHeaderSize = 110;
enum class CpioField : std::size_t { Mode = 1, Modified = 5, FileSize = 6, NameSize = 11 };

[[nodiscard]] constexpr auto cpio_digit(std::byte byte) -> std::optional<std::uint32_t> {
    auto const character = static_cast<char>(byte);
    if (character >= '0' && character <= '9') {
        return static_cast<std::uint32_t>(character - '0');
    }
    if (character >= 'a' && character <= 'f') {
        return static_cast<std::uint32_t>(character - 'a' + 10);
    }
    if (character >= 'A' && character <= 'F') {
        return static_cast<std::uint32_t>(character - 'A' + 10);
    }
    return std::nullopt;
}

/// `header` has at least kCpioHeaderSize bytes.
[[nodiscard]] constexpr auto cpio_number(std::span<std::byte const> header, CpioField field)
    -> std::optional<std::uint32_t> {
    std::uint32_t number = 0;
    for (auto const byte : header.subspan(6 + static_cast<std::size_t>(field) * 8, 8)) {
        auto const digit = cpio_digit(byte);
        if (!digit) {
            return std::nullopt;
        }
        number = number << 4U | *digit;
    }
    return number;
}

[[nodiscard]] constexpr auto cpio_has_magic(std::span<std::byte const> header) -> bool {
    constexpr std::string_view kMagic = "070701";
    for (std::size_t index = 0; index < kMagic.size(); ++index) {
        if (static_cast<char>(header[index]) != kMagic[index]) {
            return false;
        }
    }
    return true;
}

[[nodiscard]] constexpr auto cpio_round_up(std::size_t size) -> std::size_t { return (size + 3) / 4 * 4; }

} // namespace detail

constexpr auto CpioArchive::Cursor::next() -> std::optional<CpioEntry> {
    auto const archive = rest_;
    rest_ = {}; // until this entry has proved sound
    if (archive.size() < detail::kCpioHeaderSize || !detail::cpio_has_magic(archive)) {
        return std::nullopt;
    }
    auto const mode = detail::cpio_number(archive, detail::CpioField::Mode);
    auto const modified = detail::cpio_number(archive, detail::CpioField::Modified);
    auto const file_size = detail::cpio_number(archive, detail::CpioField::FileSize);
    auto const name_size = detail::cpio_number(archive, detail::CpioField::NameSize);
    if (!mode || !modified || !file_size || !name_size || *name_size == 0) {
        return std::nullopt;
    }

    // 64-bit sums of 32-bit numbers: they cannot overflow.
    auto const data_offset = detail::cpio_round_up(detail::kCpioHeaderSize + std::size_t{*name_size});
    if (data_offset > archive.size() || *file_size > archive.size() - data_offset) {
        return std::nullopt;
    }
    auto const name_bytes = archive.subspan(detail::kCpioHeaderSize, *name_size);
    if (name_bytes.back() != std::byte{0}) {
        return std::nullopt;
    }
    // Characters are bytes: the view has the type that names are compared with.
    std::string_view name{reinterpret_cast<char const*>(name_bytes.data()), name_bytes.size() - 1};
    if (name == "TRAILER!!!") {
        return std::nullopt;
    }
    if (name.starts_with("./")) {
        name.remove_prefix(2);
    }

    auto const end = detail::cpio_round_up(data_offset + std::size_t{*file_size});
    rest_ = archive.subspan(end < archive.size() ? end : archive.size());
    return CpioEntry{name, *mode, *modified, archive.subspan(data_offset, *file_size)};
}

} // namespace base
