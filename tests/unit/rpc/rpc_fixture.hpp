// SPDX-License-Identifier: MIT
/// A client of `Everything` with its server behind it.
#pragma once

#include "tests/unit/rpc/everything_server.hpp"
#include "tests/unit/rpc/fake_system.hpp"

#include <gtest/gtest.h>

namespace test {

class RpcTest : public testing::Test {
protected:
    RpcTest() {
        server.add(system.service(), everything);
        server.add_objects<idl::part::Interface>(part);
        // As the server loop does before it receives.
        (void)os::receive_slot::prepare(); // without a slot the tests of capabilities fail
        system.serve = [this](os::Received const& received) {
            auto answer = server.handle(received);
            (void)os::receive_slot::prepare(); // as above
            return answer;
        };
    }
    ~RpcTest() override {
        everything.waiting.reset();
        everything.wake.reset();
        os::receive_slot::discard();
    }
    RpcTest(RpcTest const&) = delete;
    auto operator=(RpcTest const&) -> RpcTest& = delete;

    FakeSystem system;
    EverythingServer everything;
    PartServer part;
    os::Server server{system.startup()};
    api::Client client{system.port()};
};

} // namespace test
