// SPDX-License-Identifier: MIT
/// Makes cpio archives of the "newc" kind for tests.
#pragma once

#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

namespace vfs_test {

class CpioWriter {
public:
    static constexpr std::uint32_t kFile = 0100644;
    static constexpr std::uint32_t kDirectory = 0040755;

    auto add(std::string_view name, std::string_view data, std::uint32_t mode = kFile) -> CpioWriter& {
        archive_ += "070701";
        for (std::uint64_t const field :
             {std::uint64_t{0}, std::uint64_t{mode}, std::uint64_t{0}, std::uint64_t{0}, std::uint64_t{1},
              std::uint64_t{0}, std::uint64_t{data.size()}, std::uint64_t{0}, std::uint64_t{0},
              std::uint64_t{0}, std::uint64_t{0}, std::uint64_t{name.size() + 1}, std::uint64_t{0}}) {
            number(field);
        }
        archive_.append(name).push_back('\0');
        pad();
        archive_ += data;
        pad();
        return *this;
    }

    /// The archive; it lives as long as the writer, unchanged.
    auto finish() -> std::span<std::byte const> {
        add("TRAILER!!!", "", 0);
        return std::as_bytes(std::span{archive_});
    }

private:
    void number(std::uint64_t value) {
        constexpr std::string_view digits = "0123456789ABCDEF";
        for (unsigned shift = 32; shift > 0; shift -= 4) {
            archive_ += digits[(value >> (shift - 4)) & 0xFU];
        }
    }
    void pad() { archive_.resize((archive_.size() + 3) / 4 * 4); }

    std::string archive_{};
};

} // namespace vfs_test
