// SPDX-License-Identifier: MIT
/// Tests of the start-up page's reader, sound pages and damaged ones.
#include "os/startup.hpp"

#include "startup_page.hpp"

#include <gtest/gtest.h>

#include <random>

namespace {

TEST(Startup, ReadsTablesAndTexts) {
    test::StartupPage page;
    page.info().name = page.text("shell");
    os::UsedPort port{};
    port.endpoint = 16;
    port.name = page.text("log");
    page.info().used_ports = page.table<os::UsedPort>({port});
    page.info().arguments = page.table<std::uint32_t>({page.text("one"), page.text("two")});

    auto const view = os::StartupView::create(page.finish());
    ASSERT_TRUE(view);
    EXPECT_EQ(view->text(view->info().name), "shell");
    ASSERT_EQ(view->used_ports().size(), 1U);
    EXPECT_EQ(view->used_ports()[0].endpoint, 16U);
    EXPECT_EQ(view->text(view->used_ports()[0].name), "log");
    ASSERT_EQ(view->arguments().size(), 2U);
    EXPECT_EQ(view->text(view->arguments()[1]), "two");
    EXPECT_TRUE(view->devices().empty());
}

TEST(Startup, ReadsLists) {
    test::StartupPage page;
    auto const first = std::uint64_t{page.text("a")};
    auto const second = std::uint64_t{page.text("b")};
    auto const list = page.table<std::uint64_t>({first, second, 0});
    auto const view = os::StartupView::create(page.finish());
    ASSERT_TRUE(view);
    EXPECT_EQ(view->list_text(list.offset, 0), "a");
    EXPECT_EQ(view->list_text(list.offset, 1), "b");
    EXPECT_EQ(view->list_text(list.offset, 2), std::nullopt);
    EXPECT_EQ(view->list_text(list.offset, 3), std::nullopt);
    EXPECT_EQ(view->list_text(1 << 20, 0), std::nullopt);
}

TEST(Startup, RefusesDamagedHeaders) {
    using Damage = void (*)(os::StartupInfo&);
    constexpr std::array<Damage, 6> kDamages{
        [](os::StartupInfo& info) { info.magic ^= 1; },
        [](os::StartupInfo& info) { info.version = 2; },
        [](os::StartupInfo& info) { info.used_ports = {.offset = 136, .count = 1}; },
        [](os::StartupInfo& info) { info.sessions = {.offset = ~std::uint32_t{0}, .count = 1}; },
        [](os::StartupInfo& info) { info.devices = {.offset = 4, .count = 1}; },
        [](os::StartupInfo& info) { info.end_of_slots = 3; },
    };
    for (auto const damage : kDamages) {
        test::StartupPage page;
        damage(page.info());
        EXPECT_FALSE(os::StartupView::create(page.finish()));
    }
    test::StartupPage page;
    EXPECT_FALSE(os::StartupView::create(page.finish().first(100)));
    EXPECT_TRUE(os::StartupView::create(page.finish()));
}

TEST(Startup, TextsOutsideAreEmpty) {
    test::StartupPage page;
    page.text("the last text has no end");
    auto bytes = page.finish();
    auto const view = os::StartupView::create(bytes);
    ASSERT_TRUE(view);
    EXPECT_EQ(view->text(0), "");
    EXPECT_EQ(view->text(bytes.size()), "");
    EXPECT_EQ(view->text(~std::uint64_t{0}), "");
}

TEST(Startup, SurvivesRandomDamage) {
    test::StartupPage page;
    page.info().name = page.text("name");
    page.info().used_ports = page.table<os::UsedPort>({{}, {}});
    page.info().parameters = page.table<os::Parameter>({{.name = page.text("p"), .kind = 3, .value = 200}});
    auto const sound = page.finish();
    std::mt19937 random{77}; // always the same damage
    for (int round = 0; round < 20000; ++round) {
        std::vector<std::byte> damaged(sound.begin(), sound.end());
        for (auto changes = random() % 4; changes > 0; --changes) {
            damaged[20 + random() % (damaged.size() - 20)] = static_cast<std::byte>(random());
        }
        auto const view = os::StartupView::create(damaged);
        if (!view) {
            continue;
        }
        std::size_t total = view->text(view->info().name).size();
        for (auto const& port : view->used_ports()) {
            total += view->text(port.name).size() + port.endpoint % 2;
        }
        for (auto const& session : view->sessions()) {
            total += view->text(session.client).size();
        }
        for (auto const& device : view->devices()) {
            total += view->text(device.compatible).size();
        }
        for (auto const& parameter : view->parameters()) {
            for (std::size_t index = 0; auto const text = view->list_text(parameter.value, index); ++index) {
                total += text->size();
            }
        }
        EXPECT_LT(total, 1'000'000U);
    }
}

} // namespace
