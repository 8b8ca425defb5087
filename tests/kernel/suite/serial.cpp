// SPDX-License-Identifier: MIT
/// Clients of a server with sessions connect, print, write blocks, disconnect and connect again, and outlive
/// it.
#include "serial_line.hpp"
#include "tests.hpp"

#include <array>

namespace suite {

namespace {

using serial::kBlock;
using serial::kClients;
using serial::Line;
using enum serial::Request;

auto connect(Rig& rig, Where where) -> Outcome {
    Line line{rig, where};
    TRY(line.set_up({Connect, Connect})); // the second time, it is connected
    TRY(line.go_on());
    REQUIRE(line.counted(1, 1, 0));
    for (std::size_t index = 0; index < kClients; ++index) {
        REQUIRE(line.session(index).connected);
    }
    return {};
}

auto print(Rig& rig, Where where) -> Outcome {
    Line line{rig, where};
    TRY(line.set_up({Connect, Print, Print, Print, Print}));
    TRY(line.go_on());
    REQUIRE(line.counted(5, 0, 0));
    for (std::size_t index = 0; index < kClients; ++index) {
        REQUIRE(line.session(index).printed == 4 * 5 && line.session(index).written == 0);
    }
    return {};
}

auto write(Rig& rig, Where where) -> Outcome {
    Line line{rig, where};
    TRY(line.set_up({Connect, Write, Print, Write, Write}));
    TRY(line.go_on());
    REQUIRE(line.counted(5, 0, 0));
    for (std::size_t index = 0; index < kClients; ++index) {
        auto const& session = line.session(index);
        REQUIRE(session.written == 3 * kBlock && session.checksum == line.client(index).checksum);
    }
    return {};
}

auto reconnect(Rig& rig, Where where) -> Outcome {
    Line line{rig, where};
    // Between the two connections it is refused.
    TRY(line.set_up({Connect, Print, Disconnect, Write, Connect, Write, Print}));
    TRY(line.go_on());
    REQUIRE(line.counted(6, 1, 0));
    for (std::size_t index = 0; index < kClients; ++index) {
        REQUIRE(line.session(index).connected && line.session(index).printed == 5 &&
                line.session(index).written == kBlock);
    }
    // One is thrown out: its capability is gone, and the others do not notice.
    TRY(must(rig.root().revoke(kDepth, line.badged(0))));
    TRY(must(rig.root().delete_(kDepth, line.badged(0))));
    TRY(line.again({Print, Print}));
    REQUIRE(line.client(0).aborted == 2 && line.client(0).done == 6);
    for (std::size_t index = 1; index < kClients; ++index) {
        REQUIRE(line.client(index).done == 8 && line.client(index).aborted == 0);
    }
    return {};
}

auto lose_the_server(Rig& rig, Where where) -> Outcome {
    TRY(([&]() -> Outcome {
        Line line{rig, where};
        TRY(line.set_up({Connect, Print, Disconnect}));
        TRY(line.go_on());
        REQUIRE(line.counted(3, 0, 0));
        TRY(line.kill_server());
        // Whoever calls now waits, until the endpoint has gone as well.
        TRY(line.again({Connect}));
        REQUIRE(line.counted(3, 0, 0));
        TRY(must(rig.root().revoke(kDepth, line.endpoint())));
        TRY(must(rig.root().delete_(kDepth, line.endpoint())));
        TRY(line.go_on());
        REQUIRE(line.counted(3, 0, 1));
        return {};
    }()));
    TRY(rig.tear_down());
    // In the middle of a call.
    Line line{rig, where};
    TRY(line.set_up({Connect}, serial::take_and_stick));
    TRY(line.go_on());
    REQUIRE(line.counted(0, 0, 0));
    TRY(line.kill_server());
    TRY(line.go_on());
    std::size_t aborted = 0;
    for (std::size_t index = 0; index < kClients; ++index) {
        aborted += line.client(index).aborted;
    }
    REQUIRE(aborted == 1); // the one that it had received from
    return {};
}

template <Outcome (*kTest)(Rig&, Where), Where kWhere>
auto at(Rig& rig) -> Outcome {
    return kTest(rig, kWhere);
}

constexpr auto connect_here = at<connect, Where::Same>;
constexpr auto print_here = at<print, Where::Same>;
constexpr auto write_here = at<write, Where::Same>;
constexpr auto reconnect_here = at<reconnect, Where::Same>;
constexpr auto lose_here = at<lose_the_server, Where::Same>;
constexpr auto connect_there = at<connect, Where::Other>;
constexpr auto print_there = at<print, Where::Other>;
constexpr auto write_there = at<write, Where::Other>;
constexpr auto reconnect_there = at<reconnect, Where::Other>;
constexpr auto lose_there = at<lose_the_server, Where::Other>;

constexpr std::array kTests{
    Test{"threads_connect", connect_here, "SERSERV_CLIENT_001"},
    Test{"threads_print", print_here, "SERSERV_CLIENT_002"},
    Test{"threads_write_blocks", write_here, "SERSERV_CLIENT_003"},
    Test{"threads_connect_again", reconnect_here, "SERSERV_CLIENT_004"},
    Test{"threads_outlive_their_server", lose_here, "SERSERV_CLIENT_005"},
    Test{"processes_connect", connect_there, "SERSERV_CLI_PROC_001"},
    Test{"processes_print", print_there, "SERSERV_CLI_PROC_002"},
    Test{"processes_write_blocks", write_there, "SERSERV_CLI_PROC_003"},
    Test{"processes_connect_again", reconnect_there, "SERSERV_CLI_PROC_004"},
    Test{"processes_outlive_their_server", lose_there, "SERSERV_CLI_PROC_005"},
};

} // namespace

auto serial_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
