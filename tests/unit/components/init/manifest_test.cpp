// SPDX-License-Identifier: MIT
/// The manifest reader takes what the composer writes and refuses everything else without harm.
#include "components/init/manifest.hpp"

#include "tests/unit/components/init/manifest_builder.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>

namespace {

namespace manifest = init::manifest;
using init::Manifest;
using init::test::ManifestBuilder;

constexpr std::uint32_t kNone = Manifest::kNoInterrupt;

/// Two components with a row of each kind, all well formed.
auto sample() -> ManifestBuilder {
    ManifestBuilder builder;
    builder.windows.push_back({1, 0, os::kWindowAddress, 0x1000});
    builder.devices.push_back({0x0900'0000, 0x1000, os::kDeviceAddress, 33, 17, 1, 0, 0});
    builder.grants.push_back({20, 0});
    builder.add("console");
    builder.windows.push_back({1, 0, os::kWindowAddress, 0x1000});
    builder.ports.push_back({16, 0, 0, 5});
    builder.ports.push_back({18, 2, 0, 1});
    builder.add("shell");
    return builder;
}

/// What the reader says to the second component after `change`.
auto refusal(std::function<void(ManifestBuilder&)> const& change) -> std::string {
    ManifestBuilder builder = sample();
    change(builder);
    auto const file = builder.build();
    auto const manifest = Manifest::read(file);
    if (!manifest) {
        return std::string{manifest.error().what};
    }
    auto const checked = manifest->check(1);
    return checked ? "" : std::string{checked.error().what};
}

TEST(Manifest, ReadsWhatTheComposerWrites) {
    auto const file = sample().build();
    auto const manifest = Manifest::read(file);
    ASSERT_TRUE(manifest.has_value());
    ASSERT_EQ(manifest->component_count(), 2U);
    EXPECT_TRUE(manifest->check(0).has_value());
    EXPECT_TRUE(manifest->check(1).has_value());
    EXPECT_TRUE(manifest->check_init().has_value());
    EXPECT_EQ(manifest->name(0), "console");
    auto const shell = manifest->component(1);
    EXPECT_EQ(manifest->binary(shell), "bin/shell");
    EXPECT_EQ(manifest->startup(shell).size(), sizeof(os::StartupInfo));
    EXPECT_EQ(manifest->port(shell.ports.offset).badge, 5U);
    EXPECT_EQ(manifest->window(shell.windows.offset).address, os::kWindowAddress);
    EXPECT_EQ(manifest->device(0).irq, 33U);
    EXPECT_EQ(manifest->grant(0).slot, 20U);
}

TEST(Manifest, RefusesADamagedFile) {
    auto const good = sample().build();
    auto const says = [](std::vector<std::byte> const& file) {
        auto const manifest = Manifest::read(file);
        return manifest ? std::string{} : std::string{manifest.error().what};
    };
    auto shorter = good;
    shorter.pop_back();
    EXPECT_EQ(says(shorter), "the manifest is damaged: its size is not what its header says");
    EXPECT_EQ(says({}), "the manifest is damaged: it is too short");
    auto other = good;
    other[0] = std::byte{0};
    EXPECT_EQ(says(other), "the manifest is damaged: it does not begin as one");
    auto flipped = good;
    flipped.back() ^= std::byte{1};
    EXPECT_EQ(says(flipped), "the manifest is damaged: its checksum is wrong");
    auto newer = good;
    newer[8] = std::byte{9};
    EXPECT_EQ(says(newer), "the manifest has a version that init does not know");
}

TEST(Manifest, RefusesRowsThatAreOutOfRange) {
    EXPECT_EQ(refusal([](auto&) {}), "");
    EXPECT_EQ(refusal([](auto& m) { m.components[1].name = 1'000'000; }), "a text lies outside the file");
    EXPECT_EQ(refusal([](auto& m) { m.components[1].name = m.text(""); }), "it has no name");
    EXPECT_EQ(refusal([](auto& m) { m.components[1].name = m.text(std::string(40, 'n')); }),
              "a text is too long");
    EXPECT_EQ(refusal([](auto& m) { m.components[1].slot_bits = 40; }),
              "the number of slots is out of range");
    EXPECT_EQ(refusal([](auto& m) { m.components[1].untyped_bits = 63; }),
              "the size of its memory is out of range");
    EXPECT_EQ(refusal([](auto& m) { m.components[1].stack_mapped = 100; }),
              "the size of its stack is out of range");
    EXPECT_EQ(refusal([](auto& m) { m.components[1].startup_offset = ~0U; }),
              "the startup page lies outside the file");
    EXPECT_EQ(refusal([](auto& m) { m.components[1].startup_size = 8; }),
              "the startup page has a wrong size");
    EXPECT_EQ(refusal([](auto& m) { m.components[1].windows.count = ~0U; }),
              "its windows are not in the table");
    EXPECT_EQ(refusal([](auto& m) { m.components[1].ports.offset = 9; }), "its ports are not in the table");
    EXPECT_EQ(refusal([](auto& m) { m.components[1].grants = {0, 9}; }), "its grants are not in the table");
}

TEST(Manifest, RefusesPlacesThatAreOutOfRange) {
    EXPECT_EQ(refusal([](auto& m) { m.windows[1].address = 0x1000; }),
              "the place of a window is out of range");
    EXPECT_EQ(refusal([](auto& m) { m.windows[1].size = ~0xFFFULL; }),
              "the place of a window is out of range");
    EXPECT_EQ(refusal([](auto& m) { m.ports[0].slot = 3; }), "the slot of a port is out of range");
    EXPECT_EQ(refusal([](auto& m) { m.ports[0].slot = 256; }), "the slot of a port is out of range");
    EXPECT_EQ(refusal([](auto& m) { m.ports[0].kind = 3; }), "a port is of an unknown kind");
    EXPECT_EQ(refusal([](auto& m) { m.ports[0].target = 2; }),
              "a port leads to a component that is not there");
    EXPECT_EQ(refusal([](auto& m) { m.ports[0].badge = 0xFFULL << 56U; }), "the badge of a port is reserved");
    auto const device = [](manifest::Device row) {
        return refusal([row](auto& m) {
            m.devices.push_back(row);
            m.components[1].devices = {1, 1};
        });
    };
    EXPECT_EQ(device({0x1000, 0x1000, os::kDeviceAddress, kNone, 0, 0, 0, 0}), "");
    EXPECT_EQ(device({0x1001, 0x1000, os::kDeviceAddress, kNone, 0, 0, 0, 0}),
              "the place of a device is out of range");
    EXPECT_EQ(device({~0xFFFULL, 0x2000, os::kDeviceAddress, kNone, 0, 0, 0, 0}),
              "the place of a device is out of range");
    EXPECT_EQ(device({0, 0, 0, 30, 2, 0, 0, 0}), "the slot of an interrupt is out of range");
    EXPECT_EQ(device({0, 0, 0, 30, 20, 0, 7, 0}), "the trigger of an interrupt is out of range");
    EXPECT_EQ(refusal([](auto& m) {
                  m.grants.push_back({20, 60});
                  m.components[1].grants = {1, 1};
              }),
              "the size of a grant is out of range");
}

TEST(Manifest, RefusesTooManyRows) {
    EXPECT_EQ(refusal([](auto& m) { m.components.resize(Manifest::kMaxComponents + 1); }),
              "the manifest is damaged: a table has too many rows");
}

/// Reads everything that a check has let pass, as init does.
void use(Manifest const& manifest) {
    std::uint64_t sum = 0;
    for (std::size_t index = 0; index < manifest.component_count(); ++index) {
        sum += manifest.name(index).size();
        if (!manifest.check(index)) {
            continue;
        }
        auto const row = manifest.component(index);
        sum += manifest.binary(row).size();
        for (std::byte const byte : manifest.startup(row)) {
            sum += std::to_integer<std::uint64_t>(byte);
        }
        for (std::uint32_t n = 0; n < row.windows.count; ++n) {
            sum += manifest.window(row.windows.offset + n).size;
        }
        for (std::uint32_t n = 0; n < row.ports.count; ++n) {
            sum += manifest.port(row.ports.offset + n).badge;
        }
        for (std::uint32_t n = 0; n < row.devices.count; ++n) {
            sum += manifest.device(row.devices.offset + n).irq;
        }
        for (std::uint32_t n = 0; n < row.grants.count; ++n) {
            sum += manifest.grant(row.grants.offset + n).slot;
        }
    }
    if (manifest.check_init()) {
        sum += manifest.init_startup().size() + manifest.init_windows().count;
    }
    EXPECT_NE(sum, 1U); // uses the sum
}

TEST(Manifest, SurvivesRandomDamage) {
    auto const good = sample().build();
    std::mt19937_64 random{20260101};
    for (int round = 0; round < 20'000; ++round) {
        auto file = good;
        for (std::uint64_t changes = random() % 8 + 1; changes > 0; --changes) {
            file[random() % file.size()] = static_cast<std::byte>(random() % 4 == 0 ? 0xFF : random());
        }
        if (random() % 8 == 0) {
            file.resize(random() % file.size());
        }
        // Most rounds mend what hides the damage from the checks behind it.
        if (file.size() >= sizeof(manifest::Header) && random() % 8 != 0) {
            std::memcpy(file.data(), good.data(), 12);
            auto const size = static_cast<std::uint32_t>(file.size());
            std::memcpy(file.data() + 12, &size, sizeof size);
            ManifestBuilder::seal(file);
        }
        if (auto const manifest = Manifest::read(file)) {
            use(*manifest);
        }
    }
}

} // namespace
