// SPDX-License-Identifier: MIT
/// Messages that no generated client sends: each is refused, and the implementation never sees it.
#include "tests/unit/rpc/rpc_fixture.hpp"

#include <cstring>

namespace test {
namespace {

using abi::MessageTag;

constexpr os::Message message(std::uint64_t label, std::size_t length, abi::Words const& words = {}) {
    return {.tag = MessageTag{label, length}, .words = words};
}

class MalformedTest : public RpcTest {
protected:
    void expect_status(os::Message const& request, os::Transport status) {
        auto const answer = system.raw(request);
        EXPECT_EQ(answer.tag, MessageTag(std::to_underlying(status), 0));
        EXPECT_EQ(answer.words, abi::Words{});
        EXPECT_EQ(everything.calls, 0) << "the implementation was called";
    }
    void expect_bad(os::Message const& request) { expect_status(request, os::Transport::BadRequest); }

    void window_u32(std::size_t offset, std::uint32_t value) {
        std::memcpy(system.window() + offset, &value, sizeof value);
    }
};

TEST_F(MalformedTest, WellFormedMessageIsServed) {
    auto const answer = system.raw(message(1, 0));
    EXPECT_EQ(answer.tag, MessageTag(0, 0));
    EXPECT_EQ(everything.calls, 1);
}

TEST_F(MalformedTest, UnknownMethod) {
    expect_status(message(0, 0), os::Transport::Unsupported);
    expect_status(message(20, 0), os::Transport::Unsupported);
    expect_status(message(22, 0), os::Transport::Unsupported);
    expect_status(message(~std::uint64_t{0} >> 12U, 8), os::Transport::Unsupported);
}

TEST_F(MalformedTest, AClientThatBeginsAnewSaysNothingElse) {
    expect_status(message(os::rpc::kForgetSession, 1), os::Transport::Unsupported);
    expect_status(message(os::rpc::kForgetSession, 0, {0, 1}), os::Transport::Unsupported);
    EXPECT_TRUE(everything.forgotten.empty());
    EXPECT_EQ(system.raw(message(os::rpc::kForgetSession, 0)).tag, MessageTag(0, 0));
    EXPECT_EQ(everything.forgotten, std::vector<std::uint16_t>{1});
}

TEST_F(MalformedTest, WrongLength) {
    expect_bad(message(1, 1));
    expect_bad(message(2, 0, {1}));
    expect_bad(message(2, 4, {1}));
    expect_bad(message(2, 8, {1}));
    expect_bad(message(2, 15, {1}));
}

TEST_F(MalformedTest, UnusedWordIsNotZero) {
    expect_bad(message(1, 0, {0, 0, 0, 0, 0, 0, 0, 1}));
    expect_bad(message(2, 4, {0, 0, 0, 0, 1}));
}

TEST_F(MalformedTest, PaddingIsNotZero) {
    // scalars: a in byte 0, b in bytes 2 and 3, c in 4 to 7, d in 8 to 15, e in byte 16
    EXPECT_EQ(system.raw(message(2, 3, {0xFFFF'FFFF'FFFF'00FF, ~std::uint64_t{0}, 1})).tag.label(), 0);
    everything.calls = 0;
    expect_bad(message(2, 3, {0x100}));
    expect_bad(message(2, 3, {0, 0, 0x100}));
}

TEST_F(MalformedTest, TruthValueIsNeitherZeroNorOne) {
    expect_bad(message(2, 3, {0, 0, 2}));
    expect_bad(message(2, 3, {0, 0, 0xFF}));
}

TEST_F(MalformedTest, EnumerationHasNoSuchValue) {
    // choices: light in byte 0, level in bytes 2 and 3, mode in bytes 4 to 7
    for (std::uint64_t const light : {0U, 3U, 6U, 8U, 255U}) {
        expect_bad(message(3, 1, {light}));
    }
    expect_bad(message(3, 1, {1U | 2U << 16U}));
}

TEST_F(MalformedTest, FlagsHaveAnUnknownBit) {
    expect_bad(message(3, 1, {1U | std::uint64_t{4} << 32U}));
    expect_bad(message(3, 1, {1U | std::uint64_t{0x8000'0000} << 32U}));
}

TEST_F(MalformedTest, StructHasABadField) {
    // structs: inner in bytes 0 to 12, of which 1 and 13 to 15 are padding
    abi::Words good{1, 0, 1};
    good[1] = std::uint64_t{1} << 32U; // outer.inner.light
    EXPECT_EQ(system.raw(message(4, 5, {1, std::uint64_t{1} << 32U})).tag.label(), 0);
    everything.calls = 0;
    expect_bad(message(4, 5, {1}));
    expect_bad(message(4, 5, {1 | 0x100U, std::uint64_t{1} << 32U}));
    expect_bad(message(4, 5, {1, std::uint64_t{1} << 32U | 2}));
}

TEST_F(MalformedTest, ArrayHasABadElement) {
    // arrays: bytes in 0 to 4, lights in 5 to 7
    expect_bad(message(5, 3, {std::uint64_t{0x01'01'00} << 40U}));
    expect_bad(message(5, 3, {std::uint64_t{0x03'01'01} << 40U}));
    EXPECT_EQ(system.raw(message(5, 3, {std::uint64_t{0x07'01'01} << 40U})).tag.label(), 0);
}

TEST_F(MalformedTest, OptionIsMalformed) {
    // options: number's presence in byte 0, its value in 4 to 7; light's presence in byte 8, its value in 9
    EXPECT_EQ(system.raw(message(6, 2, {1U | std::uint64_t{5} << 32U, 0x0101})).tag.label(), 0);
    everything.calls = 0;
    expect_bad(message(6, 2, {std::uint64_t{5} << 32U})); // absent, but with a value
    expect_bad(message(6, 2, {0, 0x0100}));
    expect_bad(message(6, 2, {0, 0x0301})); // no such light
    expect_bad(message(6, 2, {2}));
}

TEST_F(MalformedTest, TextIsTooLong) {
    EXPECT_EQ(system.raw(message(7, 1, {16U | std::uint64_t{40} << 32U})).tag.label(), 0);
    everything.calls = 0;
    expect_bad(message(7, 1, {17}));
    expect_bad(message(7, 1, {std::uint64_t{41} << 32U}));
    expect_bad(message(7, 1, {0xFFFF'FFFF}));
}

TEST_F(MalformedTest, BytesAreTooMany) {
    expect_bad(message(8, 1, {101}));
    expect_bad(message(8, 1, {0xFFFF'FFFF}));
}

TEST_F(MalformedTest, VectorIsTooLongOrHasABadElement) {
    expect_bad(message(9, 1, {11}));
    expect_bad(message(9, 1, {std::uint64_t{5} << 32U}));
    // The inners are at offset 24 of the window, 12 bytes each; all zero there is no light.
    expect_bad(message(9, 1, {std::uint64_t{1} << 32U}));
    system.window()[24] = std::byte{2};
    EXPECT_EQ(system.raw(message(9, 1, {std::uint64_t{1} << 32U})).tag.label(), 0);
    everything.calls = 0;
    system.window()[25] = std::byte{1}; // padding
    expect_bad(message(9, 1, {std::uint64_t{1} << 32U}));
}

TEST_F(MalformedTest, ValueInTheWindowIsMalformed) {
    // large: `large` at offset 0 of the window; `last` is among the words, first element at byte 12
    abi::Words words{0, 0, 0, 0, 0, 0, 0, 0};
    for (std::size_t const at : {12U, 24U, 36U, 48U}) {
        words[at / 8] |= std::uint64_t{1} << (at % 8 * 8);
    }
    EXPECT_EQ(system.raw(message(10, 8, words)).tag.label(), 0);
    everything.calls = 0;
    words[6] |= std::uint64_t{1} << 8U;
    expect_bad(message(10, 8, words));
}

TEST_F(MalformedTest, LeaseIsTooLarge) {
    expect_bad(message(11, 2, {0, 257}));
    expect_bad(message(12, 1, {257}));
    expect_bad(message(13, 1, {std::uint64_t{33} << 32U}));
    EXPECT_EQ(system.raw(message(11, 2, {0, 256})).tag.label(), 0);
}

TEST_F(MalformedTest, OneWayMessageIsMalformed) {
    expect_bad(message(14, 0));
    expect_bad(message(14, 1, {std::uint64_t{1} << 32U}));
    EXPECT_TRUE(everything.told.empty());
}

TEST_F(MalformedTest, CapabilityIsMissing) { expect_bad(message(19, 1, {1})); }

TEST_F(MalformedTest, UnwantedCapabilityIsDeleted) {
    system.capabilities[500] = {abi::ObjectType::Notification, 2, 0};
    auto const before = system.capabilities.size();
    os::Message const request{.tag = MessageTag{1, 0, MessageTag::kCapability},
                              .words = {0, 0, 0, 0, 0, 0, 0, 500}};
    expect_bad(request);
    EXPECT_EQ(system.capabilities.size(), before);
}

TEST_F(MalformedTest, CapabilityOfTheWrongKindIsDeleted) {
    system.capabilities[500] = {abi::ObjectType::Endpoint, 0xF, 0};
    system.capabilities[501] = {abi::ObjectType::Notification, 1, 0}; // may wait, not signal
    auto const before = system.capabilities.size();
    for (abi::CPtr const capability : {500U, 501U}) {
        os::Message const request{.tag = MessageTag{19, 1, MessageTag::kCapability},
                                  .words = {1, 0, 0, 0, 0, 0, 0, capability}};
        expect_bad(request);
        EXPECT_EQ(system.capabilities.size(), before);
    }
}

TEST_F(MalformedTest, SessionOrInterfaceThatDoesNotExist) {
    auto const refused = [&](std::uint64_t badge) {
        auto const answer = server.handle({.badge = badge, .message = message(1, 0)});
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->tag, MessageTag(std::to_underlying(os::Transport::Denied), 0));
    };
    refused(2);                                     // no such session
    refused(0xFFFF);                                // likewise
    refused(0);                                     // a session without a window
    refused(FakeSystem::kSession | 9ULL << 56U);    // no such interface
    refused(FakeSystem::kSession | 0xFFULL << 56U); // beyond the table
    EXPECT_EQ(everything.calls, 0);
}

} // namespace
} // namespace test
