// SPDX-License-Identifier: MIT
/// An endpoint, and threads that serve and call.
#pragma once

#include "kernel_test.hpp"

#include "kernel/object/endpoint.hpp"

namespace kernel::test {

class EndpointTest : public KernelTest {
protected:
    using MessageTag = abi::MessageTag;

    static constexpr CPtr kEndpoint = kFree;
    static constexpr CPtr kBadged = kFree + 1;
    static constexpr CPtr kServer = kFree + 10;
    static constexpr CPtr kClient = kFree + 20;
    static constexpr CPtr kLimited = kFree + 40;
    static constexpr CPtr kArrived = kFree + 50;
    static constexpr std::uint64_t kBadge = 0xB;
    static constexpr abi::Words kWords{11, 12, 13, 14, 15, 16, 17, 18};

    EndpointTest() {
        make(ObjectType::Endpoint, kEndpoint);
        mint(kBadged, kEndpoint, kBadge);
    }

    /// A thread of higher priority that waits on the endpoint. The current thread is the first one again.
    auto make_server() -> Tcb& {
        auto& server = make_thread(kServer, kHigh);
        receive(kEndpoint);
        EXPECT_EQ(current(), &main_thread());
        return server;
    }
    auto make_client() -> Tcb& { return make_thread(kClient, kHigh); }
    auto refusal_of(Tcb const& thread) { return os::refusal(received(thread).message); }
};

} // namespace kernel::test
