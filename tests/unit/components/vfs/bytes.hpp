// SPDX-License-Identifier: MIT
/// Text as the bytes of files, and back.
#pragma once

#include "components/vfs/file_system.hpp"

#include <span>
#include <string>
#include <string_view>

namespace vfs_test {

inline auto bytes(std::string_view text) -> std::span<std::byte const> {
    return std::as_bytes(std::span{text});
}

/// Up to `count` bytes of a file from `offset` on.
inline auto read_text(vfs::FileSystem& file_system, vfs::NodeId file, std::uint64_t offset, std::size_t count)
    -> std::string {
    std::string text(count, '\0');
    auto const got = file_system.read(file, offset, std::as_writable_bytes(std::span{text}));
    text.resize(got.value());
    return text;
}

} // namespace vfs_test
