// SPDX-License-Identifier: MIT
/// Text only: whether a path exists is the file server's to say.
#include "components/shell/paths.hpp"

#include <algorithm>

namespace shell {

auto absolute(std::string_view from, std::string_view path) -> std::string {
    auto text = path.starts_with('/') ? std::string{} : std::string{from};
    text.append("/").append(path);

    std::string result;
    std::string_view rest{text};
    while (!rest.empty()) {
        auto const slash = std::min(rest.find('/'), rest.size());
        auto const name = rest.substr(0, slash);
        rest.remove_prefix(std::min(slash + 1, rest.size()));
        if (name.empty() || name == ".") continue;
        if (name == "..") {
            result.erase(std::min(result.rfind('/'), result.size()));
        } else {
            result.append("/").append(name);
        }
    }
    return result.empty() ? "/" : result;
}

auto join(std::string_view directory, std::string_view name) -> std::string {
    std::string result{directory};
    if (!result.ends_with('/')) result.push_back('/');
    return result.append(name);
}

auto last_name(std::string_view path) -> std::string_view { return path.substr(path.rfind('/') + 1); }

} // namespace shell
