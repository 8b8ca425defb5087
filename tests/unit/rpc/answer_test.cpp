// SPDX-License-Identifier: MIT
/// Answers that no generated server sends: the client reports them and returns nothing of them.
#include "tests/unit/rpc/rpc_fixture.hpp"

namespace test {
namespace {

using abi::MessageTag;
using os::Transport;

class AnswerTest : public RpcTest {
protected:
    /// Makes the next answer one with these words.
    void answer(std::uint64_t label, std::size_t length, abi::Words const& words = {},
                std::uint64_t flags = 0) {
        system.tamper = [=](os::Message& message) {
            message = {.tag = MessageTag{label, length, flags}, .words = words};
        };
    }
};

TEST_F(AnswerTest, StatusOfTheTransport) {
    for (auto const status :
         {Transport::BadRequest, Transport::Unsupported, Transport::Denied, Transport::Busy}) {
        answer(std::to_underlying(status), 0);
        EXPECT_EQ(client.nothing().error(), status);
    }
}

TEST_F(AnswerTest, StatusThatDoesNotExist) {
    for (std::uint64_t const label : {5U, 16U, 18U, 63U, 64U, 66U, 255U, 256U, 320U, 1U << 20U}) {
        answer(label, 0);
        EXPECT_EQ(client.choices(api::Light::Off, {}, {}).error(), Transport::BadReply) << label;
    }
}

TEST_F(AnswerTest, ErrorOfAMethodWithoutErrors) {
    answer(65, 0);
    EXPECT_EQ(client.nothing().error(), Transport::BadReply);
}

TEST_F(AnswerTest, ErrorWithWords) {
    answer(65, 0, {1});
    EXPECT_EQ(client.choices(api::Light::Off, {}, {}).error(), Transport::BadReply);
    answer(65, 1, {});
    EXPECT_EQ(client.choices(api::Light::Off, {}, {}).error(), Transport::BadReply);
}

TEST_F(AnswerTest, KernelAnswers) {
    answer(static_cast<std::uint64_t>(abi::Error::Aborted), 0, {}, MessageTag::kKernel);
    EXPECT_EQ(client.nothing().error(), Transport::PeerDied);
    answer(static_cast<std::uint64_t>(abi::Error::InvalidCapability), 1, {}, MessageTag::kKernel);
    EXPECT_EQ(client.nothing().error(), Transport::PeerDied);
    answer(static_cast<std::uint64_t>(abi::Error::IllegalOperation), 0, {}, MessageTag::kKernel);
    EXPECT_EQ(client.nothing().error(), Transport::Denied);
}

TEST_F(AnswerTest, WrongLengthOrStrayBits) {
    answer(0, 1);
    EXPECT_EQ(client.nothing().error(), Transport::BadReply);
    answer(0, 0, {0, 0, 1});
    EXPECT_EQ(client.nothing().error(), Transport::BadReply);
    answer(0, 3, {0x100});
    EXPECT_EQ(client.scalars(1, 1, 1, 1, true).error(), Transport::BadReply);
    answer(0, 3, {0, 0, 2});
    EXPECT_EQ(client.scalars(1, 1, 1, 1, true).error(), Transport::BadReply);
}

TEST_F(AnswerTest, ValueThatDoesNotExist) {
    answer(0, 1, {3});
    EXPECT_EQ(client.choices(api::Light::Off, {}, {}).error(), Transport::BadReply);
    answer(0, 2, {std::uint64_t{9} << 32U});
    EXPECT_EQ(client.options({}, {}).error(), Transport::BadReply);
}

TEST_F(AnswerTest, TextOrVectorThatIsTooLong) {
    answer(0, 1, {65});
    EXPECT_EQ(client.text("", "").error(), Transport::BadReply);
    answer(0, 1, {101});
    EXPECT_EQ(client.data({}).error(), Transport::BadReply);
    answer(0, 1, {9});
    EXPECT_EQ(client.vectors({}, {}).error(), Transport::BadReply);
}

TEST_F(AnswerTest, MoreOfTheLeaseThanThereIs) {
    std::array<std::byte, 8> into{};
    answer(0, 1, {9});
    EXPECT_EQ(client.read(0, into).error(), Transport::BadReply);
}

TEST_F(AnswerTest, UnwantedCapabilityIsDeleted) {
    auto const before = system.capabilities.size();
    system.serve = [&](os::Received const&) -> std::optional<os::Message> {
        return os::Message{.tag = MessageTag{0, 0, MessageTag::kCapability},
                           .words = {0, 0, 0, 0, 0, 0, 0, os::slot::kService}};
    };
    EXPECT_EQ(client.nothing().error(), Transport::BadReply);
    EXPECT_EQ(system.capabilities.size(), before);
}

TEST_F(AnswerTest, CapabilityThatIsMissing) {
    answer(0, 0);
    EXPECT_EQ(client.open(1).error(), Transport::BadReply);
}

TEST_F(AnswerTest, CapabilityOfTheWrongKind) {
    system.capabilities[600] = {abi::ObjectType::Notification, 0xF, 0};
    everything.calls = 0;
    auto const before = system.capabilities.size();
    EXPECT_EQ(client.frame(static_cast<std::uint8_t>(200)).error(), Transport::BadReply); // slot 200 is empty
    system.serve = [&](os::Received const&) -> std::optional<os::Message> {
        return os::Message{.tag = MessageTag{0, 1, MessageTag::kCapability},
                           .words = {5, 0, 0, 0, 0, 0, 0, 600}};
    };
    EXPECT_EQ(client.frame(1).error(), Transport::BadReply);
    EXPECT_EQ(system.capabilities.size(), before);
}

} // namespace
} // namespace test
