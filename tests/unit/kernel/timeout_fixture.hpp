// SPDX-License-Identifier: MIT
/// Threads with budgets, and a handler of the faults that these end with.
#pragma once

#include "kernel_test.hpp"

#include "kernel/object/sched_context.hpp"

namespace kernel::test {

class TimeoutTest : public KernelTest {
protected:
    static constexpr CPtr kTimeouts = kFree;
    static constexpr CPtr kBadged = kFree + 1;
    static constexpr CPtr kEndpoint = kFree + 2;
    static constexpr CPtr kBack = kFree + 3;
    static constexpr CPtr kReply = kFree + 4;
    static constexpr CPtr kHandler = kFree + 10;
    static constexpr CPtr kFirst = kFree + 20;
    static constexpr CPtr kSecond = kFree + 30;
    static constexpr CPtr kClient = kFree + 40;
    static constexpr CPtr kSpare = kFree + 50;
    static constexpr std::uint64_t kBadge = 77;
    static constexpr std::uint64_t kBudget = 100;
    static constexpr std::uint64_t kPeriod = 1000;

    TimeoutTest() {
        make(ObjectType::Endpoint, kTimeouts);
        make(ObjectType::Endpoint, kEndpoint);
        make(ObjectType::Endpoint, kBack);
        make(ObjectType::Reply, kReply);
        mint(kBadged, kTimeouts, 5);
    }
    /// The handler waits, above all others.
    void start_handler() {
        handler = &make_thread(kHandler, kHigh + 5);
        receive(kTimeouts);
    }
    /// A thread with a budget.
    auto make_limited(CPtr at, std::uint8_t priority = kHigh) -> Tcb& {
        auto& thread = make_passive_thread(at);
        make(ObjectType::SchedContext, at + 1);
        EXPECT_EQ(error(kCoreControl.configure(priority, at + 1, kBudget, kPeriod, kBadge)), Error::None);
        EXPECT_EQ(error(os::object::SchedContext{at + 1}.bind(at)), Error::None);
        return thread;
    }
    auto make_passive_server(CPtr at, CPtr endpoint) -> Tcb& {
        auto& server = make_thread(at, kHigh);
        receive(endpoint);
        EXPECT_EQ(error(os::object::SchedContext{at + 1}.unbind()), Error::None);
        return server;
    }
    static void watch(CPtr thread, CPtr endpoint = kBadged) {
        EXPECT_EQ(error(os::object::Tcb{thread}.set_timeout_endpoint(endpoint)), Error::None);
    }
    void expect_timeout(std::uint64_t consumed) const {
        EXPECT_EQ(received(*handler).badge, 5U);
        auto const message = received(*handler).message;
        EXPECT_EQ(message.tag, (abi::MessageTag{static_cast<std::uint64_t>(abi::FaultKind::Timeout), 3,
                                                abi::MessageTag::kFault}));
        EXPECT_EQ(message.words[1], kBadge);
        EXPECT_EQ(message.words[2], consumed);
    }

    Tcb* handler{};
};

} // namespace kernel::test
