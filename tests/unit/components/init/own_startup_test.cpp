// SPDX-License-Identifier: MIT
/// init's own startup page is refused unless its sessions are where init has windows.
#include "components/init/own_startup.hpp"

#include "tests/unit/components/init/manifest_builder.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace {

using init::Manifest;
using init::OwnStartup;
using init::test::ManifestBuilder;

/// A startup page with one session; the test may change both structures.
struct Page {
    os::StartupInfo info{};
    os::Session session{};

    Page() {
        info.magic = os::StartupInfo::kMagic;
        info.version = os::StartupInfo::kVersion;
        info.size = sizeof(Page);
        info.sessions = {sizeof(os::StartupInfo), 1};
        session.window = {os::kWindowAddress, 0x1000};
    }
};

/// Whether init takes the page, when its only window is the first page there can be one in.
auto takes(Page const& page) -> bool {
    ManifestBuilder builder;
    builder.windows.push_back({1, 0, os::kWindowAddress, 0x1000});
    builder.init_windows = {0, 1};
    builder.set_init_startup(std::as_bytes(std::span{&page, 1}));
    auto const file = builder.build();
    auto const manifest = Manifest::read(file);
    EXPECT_TRUE(manifest.has_value() && manifest->check_init().has_value());
    auto const startup = std::make_unique<OwnStartup>();
    auto const view = startup->read(*manifest);
    return view.has_value() && view->sessions().size() == page.info.sessions.count;
}

TEST(OwnStartup, FindsTheSessions) { EXPECT_TRUE(takes(Page{})); }

TEST(OwnStartup, TakesSessionsThatAreNotConnected) {
    Page page;
    page.session.window = {};
    EXPECT_TRUE(takes(page));
}

TEST(OwnStartup, RefusesAPageThatIsMalformed) {
    Page page;
    page.info.magic = 0;
    EXPECT_FALSE(takes(page));
    page = {};
    page.info.size = 1U << 20U;
    EXPECT_FALSE(takes(page));
    page = {};
    page.info.sessions.count = 1000;
    EXPECT_FALSE(takes(page));
}

TEST(OwnStartup, RefusesAWindowThatInitDoesNotHave) {
    Page page;
    page.session.window.address = os::kStackTop - 0x1000;
    EXPECT_FALSE(takes(page));
    page = {};
    page.session.window.size = 0x2000;
    EXPECT_FALSE(takes(page));
}

} // namespace
