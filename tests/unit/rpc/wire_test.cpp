// SPDX-License-Identifier: MIT
/// The wire format, byte by byte: these numbers may change only with the interface.
#include "tests/unit/rpc/rpc_fixture.hpp"

#include <cstring>

namespace test {
namespace {

using abi::MessageTag;

class WireTest : public RpcTest {
protected:
    WireTest() {
        system.serve = [this](os::Received const& received) -> std::optional<os::Message> {
            request = received.message;
            return os::refusal(os::Transport::Busy);
        };
    }

    void expect(std::uint64_t label, std::size_t length, abi::Words const& words) {
        EXPECT_EQ(request.tag, MessageTag(label, length));
        EXPECT_EQ(request.words, words);
    }
    [[nodiscard]] auto window_text(std::size_t offset, std::size_t size) -> std::string {
        std::string text(size, ' ');
        std::memcpy(text.data(), system.window() + offset, size);
        return text;
    }

    os::Message request;
};

TEST_F(WireTest, Nothing) {
    (void)client.nothing(); // the request is looked at, here and below
    expect(1, 0, {});
}

TEST_F(WireTest, Scalars) {
    (void)client.scalars(0x11, 0x2233, 0x4455'6677, -1, true);
    expect(2, 3, {0x4455'6677'2233'0011, ~std::uint64_t{0}, 1});
}

TEST_F(WireTest, EnumerationsAndFlags) {
    (void)client.choices(api::Light::Bright, api::Level::High, api::Mode::Blinking);
    expect(3, 1, {0x0000'0080'0001'0007});
}

TEST_F(WireTest, StructsWithPadding) {
    (void)client.structs({.light = api::Light::Off, .count = 0x0203, .mode = api::Mode::Fast, .on = true},
                         {.inner = {.light = api::Light::Dim, .count = 1, .mode = {}, .on = false},
                          .pair = {0xA, 0xB},
                          .maybe = 0xCCDD});
    expect(4, 5,
           {0x0000'0001'0203'0001, 0x0001'0002'0000'0001, 0, 0x0000'000B'0000'000A, 0x0000'0000'CCDD'0001});
}

TEST_F(WireTest, Options) {
    (void)client.options(std::nullopt, api::Light::Bright);
    expect(6, 2, {0, 0x0701});
}

TEST_F(WireTest, TextsAreInTheWindow) {
    (void)client.text("first", "second");
    expect(7, 1, {0x0000'0006'0000'0005});
    EXPECT_EQ(window_text(0, 5), "first");
    EXPECT_EQ(window_text(16, 6), "second");
}

TEST_F(WireTest, WhatDoesNotFitIsInTheWindow) {
    std::array<api::Inner, 4> inners{};
    inners[0].light = api::Light::Bright;
    (void)client.large(1, {0xABCD}, 2, inners);
    EXPECT_EQ(request.tag, MessageTag(10, 8));
    EXPECT_EQ(request.words[1], 0x0000'0007'0000'0002);
    EXPECT_EQ(window_text(0, 2), "\xCD\xAB");
}

TEST_F(WireTest, LeasesLieBehindTheData) {
    std::array<std::byte, 3> const from{std::byte{'a'}, std::byte{'b'}, std::byte{'c'}};
    (void)client.write(from, "name");
    expect(12, 1, {0x0000'0004'0000'0003});
    EXPECT_EQ(window_text(0, 4), "name");
    EXPECT_EQ(window_text(8, 3), "abc");
}

TEST_F(WireTest, Interface) {
    EXPECT_EQ(api::Interface::kName, "Everything");
    EXPECT_EQ(api::Interface::kWindowSize, 4096);
    EXPECT_EQ(api::Interface::kEventWords, 3);
    EXPECT_EQ(api::Interface::kEventRing, 4096 - 128 - 64 * 24);
    EXPECT_EQ(api::kLowest, 16);
}

} // namespace
} // namespace test
