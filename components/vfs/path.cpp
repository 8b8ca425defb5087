// SPDX-License-Identifier: MIT
/// One pass over the names between the slashes.
#include "components/vfs/path.hpp"

#include <algorithm>

namespace vfs {

auto parse_path(std::string_view text) -> Result<Path> {
    bool const well_formed =
        text.starts_with('/') && text.size() <= kMaxPath && text.find('\0') == std::string_view::npos;
    if (!well_formed) return std::unexpected(Error::BadPath);

    Path path{.names = {}, .names_directory = true, .ends_in_dots = false};
    while (!text.empty()) {
        auto const slash = std::min(text.find('/'), text.size());
        auto const name = text.substr(0, slash);
        bool const last = slash == text.size();
        text.remove_prefix(last ? slash : slash + 1);
        if (name.empty()) continue;
        if (name.size() > kMaxName) return std::unexpected(Error::BadPath);

        bool const dots = name == "." || name == "..";
        if (!dots) {
            path.names.push_back(name);
        } else if (name == ".." && !path.names.empty()) {
            path.names.pop_back();
        }
        path.ends_in_dots = dots;
        path.names_directory = dots || !last;
    }
    return path;
}

} // namespace vfs
