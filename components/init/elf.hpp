// SPDX-License-Identifier: MIT
/// Reads a static executable. The file is foreign input: every number in it is checked before it is used.
#pragma once

#include "components/init/failure.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

namespace init::elf {

/// `e_machine` of the architectures.
inline constexpr std::uint16_t kAarch64 = 183;
inline constexpr std::uint16_t kRiscv = 243;

/// A piece of the image: whole pages that no other segment shares.
struct Segment {
    std::uint64_t address;           ///< of the first byte of `data`; not always page aligned
    std::uint64_t first_page;        ///< address
    std::uint64_t page_count;        ///< at least 1
    std::span<std::byte const> data; ///< what the file has; everything else is zero
    std::uint8_t rights;             ///< `abi::rights`; never both write and execute
};

class Program {
public:
    static constexpr std::size_t kMaxSegments = 8;
    static constexpr std::uint64_t kMaxPages = 16384;

    /// Checks the whole file and finds the segments. They lie in [`begin`, `end`), page aligned addresses,
    /// and refer to `file`, which must stay.
    static auto read(std::span<std::byte const> file, std::uint16_t machine, std::uint64_t begin,
                     std::uint64_t end) -> Result<Program>;

    [[nodiscard]] auto entry() const -> std::uint64_t { return entry_; }
    [[nodiscard]] auto segments() const -> std::span<Segment const> { return {segments_.data(), count_}; }
    [[nodiscard]] auto page_count() const -> std::uint64_t;

private:
    Program() = default;

    auto add(Segment const& segment) -> Result<>;
    [[nodiscard]] auto executable(std::uint64_t address) const -> bool;

    // Invariant: the first `count_` segments share no page and lie in the range `read` was given.
    std::array<Segment, kMaxSegments> segments_{};
    std::size_t count_ = 0;
    std::uint64_t entry_ = 0;
};

} // namespace init::elf
