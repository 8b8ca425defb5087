// SPDX-License-Identifier: MIT
/// The checks of init's own startup page.
#include "components/init/own_startup.hpp"

#include <algorithm>
#include <span>

namespace init {
namespace {

auto maps(Manifest const& manifest, os::WindowInfo const& window) -> bool {
    auto const rows = manifest.init_windows();
    for (std::uint32_t row = rows.offset; row < rows.offset + rows.count; ++row) {
        auto const mapped = manifest.window(row);
        if (mapped.address == window.address && mapped.size == window.size) {
            return true;
        }
    }
    return false;
}

} // namespace

auto OwnStartup::read(Manifest const& manifest) -> Result<os::StartupView> {
    auto const page = manifest.init_startup();
    std::ranges::copy(page, bytes_.begin());
    auto const view = os::StartupView::create(std::span{bytes_}.first(page.size()));
    if (!view.has_value()) {
        return std::unexpected{Failure{"init's startup page is malformed"}};
    }
    for (os::Session const& session : view->sessions()) {
        if (session.window.size != 0 && !maps(manifest, session.window)) {
            return std::unexpected{Failure{"the window of a session is not one of init's"}};
        }
    }
    return *view;
}

} // namespace init
