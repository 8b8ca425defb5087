// SPDX-License-Identifier: MIT
/// Random messages, random windows: the dispatcher answers each, and keeps nothing of it.
#include "tests/unit/rpc/rpc_fixture.hpp"

#include <random>

namespace test {
namespace {

constexpr int kMessages = 200'000;

class RandomTest : public RpcTest {
protected:
    /// Mostly small or nearly right numbers: those get furthest.
    auto number() -> std::uint64_t {
        constexpr std::array<std::uint64_t, 10> kUsual{0,           1,  2, 7, 8, 100, 0x101, 0x1'0000'0001,
                                                       0xFFFF'FFFF, 257};
        auto const random = generator_();
        switch (random % 8) {
        case 0: return generator_();
        case 1: return kUsual[random / 8 % kUsual.size()] << (random / 80 % 64);
        default: return kUsual[random / 8 % kUsual.size()];
        }
    }

    auto message() -> os::Message {
        auto const label = generator_() % 24;
        auto const length = generator_() % 10;
        auto const flags = generator_() % 16 == 0 ? abi::MessageTag::kCapability : 0;
        os::Message message{.tag = abi::MessageTag{label, length, flags}, .words = {}};
        for (std::size_t index = 0; index < length && index < message.words.size(); ++index) {
            message.words[index] = number();
        }
        if (flags != 0) {
            message.words[7] = 700 + generator_() % 4;
        }
        return message;
    }

    void scribble() {
        for (int count = 0; count < 8; ++count) {
            auto const value = static_cast<std::byte>(number());
            system.window()[generator_() % FakeSystem::kWindowSize] = value;
        }
    }

private:
    std::mt19937_64 generator_{20261121}; // NOLINT(cert-msc51-cpp): the same numbers each time
};

auto well_formed_answer(os::Message const& message) -> bool {
    auto const label = message.tag.label();
    auto const is_status = label >= 1 && label <= 4;
    auto const is_error = label == 65 || label == 64 + 190;
    return label == 0 ||
           ((is_status || is_error) && message.tag.length() == 0 && message.words == abi::Words{});
}

TEST_F(RandomTest, EveryMessageIsAnswered) {
    system.capabilities[700] = {abi::ObjectType::Notification, 2, 0};
    system.capabilities[701] = {abi::ObjectType::Notification, 1, 0};
    system.capabilities[702] = {abi::ObjectType::Frame, 7, 0};
    int served = 0;
    for (int count = 0; count < kMessages; ++count) {
        scribble();
        auto const request = message();
        auto const answer = system.raw(request);
        auto const has_answer = system.last_answer.has_value();
        everything.waiting.reset();
        everything.wake.reset();
        everything.told.clear();
        system.sent.clear();
        // Deferred and one-way messages are answered otherwise, if they are well-formed.
        ASSERT_TRUE(has_answer || request.tag.label() == 14 || request.tag.label() == 15)
            << request.tag.raw();
        if (has_answer) {
            ASSERT_TRUE(well_formed_answer(answer)) << request.tag.raw() << " -> " << answer.tag.raw();
            served += answer.tag.label() == 0 ? 1 : 0;
        }
    }
    EXPECT_GT(served, kMessages / 200) << "too few messages got as far as the implementation";
    // Three of the test's own, endpoint and service, the slot objects are granted from, one Reply, and what
    // may be in the receive slot.
    EXPECT_LE(system.capabilities.size(), 9);
}

TEST_F(RandomTest, ClientSurvivesEveryAnswer) {
    auto const garble = [this](os::Message& answer) {
        scribble();
        auto const random = message();
        answer.tag = number() % 4 == 0 ? random.tag : answer.tag;
        answer.words[number() % 8] = random.words[number() % 8];
        // What the kernel would not say: a capability that has not arrived.
    };
    system.tamper = garble;
    std::array<std::byte, 256> bytes{};
    for (int count = 0; count < kMessages / 20; ++count) {
        (void)client.choices(api::Light::Off, {}, {}); // that they return is the test, here and below
        (void)client.structs({.light = api::Light::Off, .count = 1, .mode = {}, .on = {}}, {});
        (void)client.options(1, api::Light::Dim);
        (void)client.text("a", "b");
        (void)client.data(std::span{bytes}.first(100));
        (void)client.vectors({}, {});
        (void)client.large(1, {}, 2, {});
        (void)client.read(0, bytes);
        (void)client.exchange(std::span{bytes}.first(32), std::span{bytes}.first(32));
        (void)client.open(1);
        (void)client.frame(1);
        (void)client.next_event();
        system.sent.clear();
    }
}

} // namespace
} // namespace test
