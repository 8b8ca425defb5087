// SPDX-License-Identifier: MIT
/// Senders that wait with a badge, when that badge is taken back.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

constexpr std::size_t kBadges = 4;
constexpr std::size_t kEach = 3; ///< senders with one badge

struct Sender {
    CPtr endpoint{};
    os::Message answer{};
    std::atomic<unsigned> done{};
};

void call_once(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Sender*>(argument);
    self.answer = os::call(self.endpoint, message(self.endpoint));
    ++self.done;
    rest();
}

/// An endpoint, a capability for each badge, and senders that wait with copies of them.
struct Crowd {
    CPtr endpoint{};
    std::array<CPtr, kBadges> badged{};
    std::array<std::array<Sender, kEach>, kBadges> senders{};
    std::array<std::array<object::Tcb, kEach>, kBadges> threads = [] {
        std::array<object::Tcb, kEach> row{object::Tcb{0}, object::Tcb{0}, object::Tcb{0}};
        return std::array<std::array<object::Tcb, kEach>, kBadges>{row, row, row, row};
    }();

    /// Whether all senders with this badge still wait.
    [[nodiscard]] auto waits(std::size_t badge) const -> bool {
        for (std::size_t index = 0; index < kEach; ++index) {
            auto const state = threads[badge][index].state();
            if (!state || state->state != state::kSending || senders[badge][index].done != 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether all have found that their capability is gone.
    [[nodiscard]] auto has_lost(std::size_t badge) const -> bool {
        for (Sender const& sender : senders[badge]) {
            if (sender.done != 1 || kernel_error(sender.answer) != Error::InvalidCapability) {
                return false;
            }
        }
        return true;
    }
};

auto gather(Rig& rig, Crowd& crowd) -> Outcome {
    crowd.endpoint = TRY(rig.make(ObjectType::Endpoint));
    for (std::size_t badge = 0; badge < kBadges; ++badge) {
        crowd.badged[badge] = TRY(rig.mint(crowd.endpoint, badge + 1));
    }
    for (std::size_t index = 0; index < kEach; ++index) {
        for (std::size_t badge = 0; badge < kBadges; ++badge) {
            auto& sender = crowd.senders[badge][index];
            sender.endpoint = TRY(rig.mint(crowd.badged[badge], 0));
            Thread const thread =
                TRY(rig.start({.run = call_once, .argument = reinterpret_cast<std::uint64_t>(&sender)}));
            crowd.threads[badge][index] = thread.tcb;
        }
    }
    return {};
}

auto take_back(Rig& rig, Crowd const& crowd, std::size_t badge) -> Outcome {
    TRY(must(rig.root().revoke(kDepth, crowd.badged[badge])));
    // Who is in the queue already stays there.
    REQUIRE(crowd.waits(badge));
    return must(rig.root().cancel_badged_sends(kDepth, crowd.badged[badge]));
}

auto only_that_badge_is_cancelled(Rig& rig) -> Outcome {
    Crowd crowd;
    TRY(gather(rig, crowd));
    for (std::size_t badge = 0; badge < kBadges; ++badge) {
        TRY(take_back(rig, crowd, badge));
        REQUIRE(crowd.has_lost(badge));
        for (std::size_t other = badge + 1; other < kBadges; ++other) {
            REQUIRE(crowd.waits(other));
        }
    }
    REQUIRE(os::try_receive(crowd.endpoint).message.tag.raw() == 0);
    return {};
}

auto other_badges_go_on_working(Rig& rig) -> Outcome {
    Crowd crowd;
    TRY(gather(rig, crowd));
    constexpr std::size_t kGone = 1;
    TRY(take_back(rig, crowd, kGone));
    for (std::size_t badge = 0; badge < kBadges; ++badge) {
        for (Sender const& sender : crowd.senders[badge]) {
            REQUIRE(rig.type_in(sender.endpoint) ==
                    (badge == kGone ? ObjectType::Null : ObjectType::Endpoint));
        }
        REQUIRE(rig.type_in(crowd.badged[badge]) == ObjectType::Endpoint);
    }
    for (std::size_t count = 0; count < kEach * (kBadges - 1); ++count) {
        auto const received = os::try_receive(crowd.endpoint);
        REQUIRE(received.badge != kGone + 1 && received.badge >= 1 && received.badge <= kBadges);
        auto const& senders = crowd.senders[received.badge - 1];
        REQUIRE(received.message.tag.label() >= senders.front().endpoint &&
                received.message.tag.label() <= senders.back().endpoint);
        os::reply(message(8));
    }
    REQUIRE(os::try_receive(crowd.endpoint).message.tag.raw() == 0);
    for (std::size_t badge = 0; badge < kBadges; ++badge) {
        for (Sender const& sender : crowd.senders[badge]) {
            REQUIRE(sender.done == 1 && (badge == kGone || sender.answer.tag.label() == 8));
        }
    }
    return {};
}

constexpr std::array kTests{
    Test{"only_that_badge_is_cancelled", only_that_badge_is_cancelled, "CANCEL_BADGED_SENDS_0001"},
    Test{"other_badges_go_on_working", other_badges_go_on_working, "CANCEL_BADGED_SENDS_0002"},
};

} // namespace

auto sender_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
