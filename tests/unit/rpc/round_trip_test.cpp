// SPDX-License-Identifier: MIT
/// Every kind of parameter and result, from a client to a server and back.
#include "tests/unit/rpc/rpc_fixture.hpp"

#include <algorithm>

namespace test {
namespace {

using os::Transport;

TEST_F(RpcTest, NothingIsCarried) {
    EXPECT_TRUE(client.nothing());
    EXPECT_EQ(everything.calls, 1);
}

TEST_F(RpcTest, ScalarsKeepTheirValues) {
    auto const result = client.scalars(200, -2, 0x8000'0000, std::numeric_limits<std::int64_t>::min(), true);
    ASSERT_TRUE(result);
    EXPECT_EQ(
        *result,
        (api::ScalarsResult{
            .a = 200, .b = -2, .c = 0x8000'0000, .d = std::numeric_limits<std::int64_t>::min(), .e = true}));
}

TEST_F(RpcTest, EnumerationsAndFlagsKeepTheirValues) {
    auto const result =
        client.choices(api::Light::Bright, api::Level::Low, api::Mode::Fast | api::Mode::Blinking);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->light, api::Light::Bright);
    EXPECT_TRUE(os::has(result->mode, api::Mode::Blinking));
    EXPECT_FALSE(os::has(result->mode, api::Mode::Loud));
}

TEST_F(RpcTest, DeclaredErrorComesBack) {
    auto const result = client.choices(api::Light::Off, api::Level::High, api::Mode{});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error(), api::EverythingError::TooMuch);
    EXPECT_FALSE(result.error().transport());
    EXPECT_EQ(result.error().text(), "too much");
}

TEST_F(RpcTest, StructsKeepTheirValues) {
    api::Inner const inner{.light = api::Light::Dim, .count = 500, .mode = api::Mode::Loud, .on = true};
    api::Outer const outer{
        .inner = {.light = api::Light::Off, .count = 1, .mode = {}, .on = false}, .pair = {1, 2}, .maybe = 9};
    auto const result = client.structs(inner, outer);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->inner, inner);
    EXPECT_EQ(result->pair, outer.pair);
    EXPECT_EQ(result->maybe, 9);
}

TEST_F(RpcTest, ArraysKeepTheirValues) {
    EXPECT_EQ(
        client.arrays({1, 2, 3, 4, 5}, {api::Light::Off, api::Light::Dim, api::Light::Bright}, {10, 20}),
        15 + 30 + 7);
}

TEST_F(RpcTest, OptionsKeepTheirValues) {
    for (auto const number : {std::optional<std::uint32_t>{}, std::optional<std::uint32_t>{0}}) {
        for (auto const light : {std::optional<api::Light>{}, std::optional{api::Light::Bright}}) {
            auto const result = client.options(number, light);
            ASSERT_TRUE(result);
            EXPECT_EQ(result->number, number);
            EXPECT_EQ(result->light, light);
        }
    }
}

TEST_F(RpcTest, TextsAreCopied) {
    auto const result = client.text("Good day", ", whoever you are");
    ASSERT_TRUE(result);
    EXPECT_EQ(result->joined, "Good day, whoever you are");
    EXPECT_EQ(result->length, 8);
    EXPECT_EQ(everything.client, "tester");
}

TEST_F(RpcTest, TextOfLargestSizeFits) {
    std::string const first(16, 'a');
    std::string const second(40, 'b');
    auto const result = client.text(first, second);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->joined, first + second);
}

TEST_F(RpcTest, TextThatIsTooLongIsNotSent) {
    EXPECT_EQ(client.text(std::string(17, 'a'), "").error(), Transport::TooLong);
    EXPECT_EQ(everything.calls, 0);
}

TEST_F(RpcTest, BytesAreCopied) {
    std::array const data{std::byte{1}, std::byte{2}, std::byte{3}};
    auto const result = client.data(data);
    ASSERT_TRUE(result);
    ASSERT_EQ(result->size(), 3);
    EXPECT_EQ((*result)[0], std::byte{3});
    EXPECT_TRUE(client.data({}));
}

TEST_F(RpcTest, VectorsKeepTheirValues) {
    std::array<std::uint16_t, 3> const numbers{1, 2, 3};
    std::array const inners{
        api::Inner{.light = api::Light::Bright, .count = 100, .mode = api::Mode::Fast, .on = true},
        api::Inner{.light = api::Light::Off, .count = 200, .mode = {}, .on = false}};
    auto const result = client.vectors(numbers, inners);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->total, 306);
    ASSERT_EQ(result->lights.size(), 2);
    EXPECT_EQ(result->lights[0], api::Light::Bright);
}

TEST_F(RpcTest, WhatDoesNotFitTheWordsIsCarriedToo) {
    std::array<std::uint64_t, 12> numbers{};
    std::iota(numbers.begin(), numbers.end(), 100);
    std::array<api::Inner, 4> inners{};
    for (auto& inner : inners) {
        inner.light = api::Light::Dim;
    }
    inners[3].count = 44;
    auto const result = client.large(1, numbers, 2, inners);
    ASSERT_TRUE(result);
    EXPECT_EQ((*result)[0], 1);
    EXPECT_EQ((*result)[1], 2);
    EXPECT_EQ((*result)[2], 44);
    EXPECT_EQ((*result)[11], 111);
}

TEST_F(RpcTest, OutLeaseIsFilledAsFarAsTheResultSays) {
    std::array<std::byte, 200> into{};
    EXPECT_EQ(client.read(40, into), 60);
    EXPECT_EQ(into[59], std::byte{40});
    EXPECT_EQ(into[60], std::byte{0});
    EXPECT_EQ(client.read(40, std::span{into}.first(3)), 3);
    EXPECT_EQ(client.read(101, into).error(), Transport::Denied);
}

TEST_F(RpcTest, InLeaseIsRead) {
    std::array<std::byte, 256> from{};
    from[0] = std::byte{3};
    from[255] = std::byte{4};
    EXPECT_EQ(client.write(from, "12345678"), 15);
}

TEST_F(RpcTest, LeasesAndAnswerDoNotOverlap) {
    std::array<std::byte, 32> from{};
    std::fill(from.begin(), from.end(), std::byte{0xAB});
    std::array<std::byte, 32> into{};
    auto const result = client.exchange(from, into);
    ASSERT_TRUE(result);
    EXPECT_TRUE(result->view().starts_with("exchanged, and"));
    EXPECT_EQ(into, from);
}

TEST_F(RpcTest, OneWayMessageLetsTheClientGoFirst) {
    EXPECT_TRUE(client.tell(5));
    EXPECT_FALSE(system.last_answer);
    EXPECT_EQ(everything.told, std::vector<std::uint32_t>{5});
    ASSERT_EQ(system.sent.size(), 1);
    EXPECT_EQ(system.sent[0].message.tag, abi::MessageTag(0, 0));
}

TEST_F(RpcTest, DeadServerIsReported) {
    system.serve = [](os::Received const&) { return std::nullopt; };
    EXPECT_EQ(client.nothing().error(), Transport::PeerDied);
}

TEST_F(RpcTest, PortThatIsNotConnectedFailsEveryCall) {
    os::UsedPort const none{};
    api::Client const unconnected{none};
    system.serve = [](os::Received const&) -> std::optional<os::Message> { std::abort(); };
    EXPECT_FALSE(unconnected.nothing());
    EXPECT_EQ(unconnected.text("a", "b").error(), Transport::PeerDied);
    EXPECT_FALSE(unconnected.next_event());
}

} // namespace
} // namespace test
