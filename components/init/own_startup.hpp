// SPDX-License-Identifier: MIT
/// init's own startup page: the sessions of the Process interface.
#pragma once

#include "components/init/failure.hpp"
#include "components/init/manifest.hpp"
#include "os/startup.hpp"

#include <array>
#include <cstddef>

namespace init {

/// A copy of the page, aligned as the initfs is not.
class OwnStartup {
public:
    /// Takes the page of the manifest; the view refers to this object. The windows of its sessions are those
    /// that the manifest says init has. Pre: `manifest.check_init()` succeeded.
    auto read(Manifest const& manifest) -> Result<os::StartupView>;

private:
    alignas(os::StartupInfo) std::array<std::byte, os::StartupView::kMaxSize> bytes_{};
};

} // namespace init
