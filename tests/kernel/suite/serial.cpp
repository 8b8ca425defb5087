// SPDX-License-Identifier: MIT
/// A server with sessions, as one for a serial line would be: clients connect, print, write blocks,
/// disconnect and connect again, and outlive the server. Beside it, and as processes.
#include "home.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <algorithm>
#include <array>

namespace suite {

namespace {

constexpr std::size_t kClients = 4;
constexpr std::size_t kBlock = 256; ///< bytes that a client writes at once

/// Labels of calls, and of answers.
enum class Request : std::uint64_t { Connect = 1, Print, Write, Disconnect };
enum class Answer : std::uint64_t { Done = 100, Refused };

/// What the server has taken from one client.
struct Session {
    bool connected;
    std::uint64_t printed;
    std::uint64_t written;
    std::uint64_t checksum;
};

/// A page that a client shares with the server.
struct Window {
    std::array<std::uint8_t, kBlock> block;
};

struct Server {
    CPtr endpoint;
    CPtr nobody; ///< an endpoint that nobody receives on
    std::array<Window const*, kClients> windows;
    std::array<Session, kClients> sessions;
};

auto checksum_of(Window const& window) -> std::uint64_t {
    std::uint64_t sum = 0;
    for (auto const byte : window.block) {
        sum = sum * 31 + byte;
    }
    return sum;
}

auto serve_one(Server& self, os::Received const& received) -> Answer {
    if (received.badge < 1 || received.badge > kClients) {
        return Answer::Refused;
    }
    auto& session = self.sessions[received.badge - 1];
    auto const request = static_cast<Request>(received.message.tag.label());
    if (session.connected == (request == Request::Connect)) {
        return Answer::Refused;
    }
    auto const length = received.message.tag.length();
    switch (request) {
    case Request::Connect: session = {.connected = true, .printed = 0, .written = 0, .checksum = 0}; break;
    case Request::Print: session.printed += length; break;
    case Request::Write:
        session.written += kBlock;
        session.checksum += checksum_of(*self.windows[received.badge - 1]);
        break;
    case Request::Disconnect: session.connected = false; break;
    default: return Answer::Refused;
    }
    return Answer::Done;
}

void serve(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Server*>(argument);
    auto received = os::receive(self.endpoint);
    while (true) {
        auto const answer = serve_one(self, received);
        received = os::reply_receive(self.endpoint, message(static_cast<std::uint64_t>(answer)));
    }
}

/// Never answers, as a server does that is stuck.
void take_and_stick(std::uint64_t argument) {
    auto const& self = *reinterpret_cast<Server*>(argument);
    (void)os::receive(self.endpoint);
    while (true) {
        os::send(self.nobody, message(0));
    }
}

constexpr std::size_t kSteps = 12;

/// What a client is to do, and what came of it.
struct Client {
    CPtr server;
    std::uint64_t seed;
    std::array<Request, kSteps> steps;
    std::atomic<std::size_t> done;
    std::atomic<std::size_t> refused;
    std::atomic<std::size_t> aborted; ///< the server went away, or had gone
    std::uint64_t checksum;
    Window window;
};

void fill(Client& self, std::size_t step) {
    for (std::size_t index = 0; index < kBlock; ++index) {
        self.window.block[index] = static_cast<std::uint8_t>(self.seed * 7 + step * 13 + index);
    }
    self.checksum += checksum_of(self.window);
}

/// Goes through the steps up to the first empty one.
void be_client(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Client*>(argument);
    for (std::size_t step = 0; step < kSteps && self.steps[step] != Request{}; ++step) {
        if (self.steps[step] == Request::Write) {
            fill(self, step);
        }
        constexpr std::uint64_t kWords = 5;
        os::Message const sent{.tag = abi::MessageTag{static_cast<std::uint64_t>(self.steps[step]), kWords},
                               .words = {self.seed, step}};
        auto const answer = os::call(self.server, sent);
        if (answer.tag.has(abi::MessageTag::kKernel)) {
            ++self.aborted;
        } else {
            ++(answer.tag.label() == static_cast<std::uint64_t>(Answer::Done) ? self.done : self.refused);
        }
        os::yield(); // the others have their turn
    }
    rest();
}

/// A server beside the test, and clients that have yet to be started.
class Line {
public:
    Line(Rig& rig, Where where) : rig_{&rig}, where_{where} {}

    auto set_up(std::array<Request, kSteps> const& steps, void (*run)(std::uint64_t) = serve) -> Outcome {
        endpoint_ = TRY(rig_->make(ObjectType::Endpoint));
        server_.endpoint = endpoint_;
        server_.nobody = TRY(rig_->make(ObjectType::Endpoint));
        for (std::size_t index = 0; index < kClients; ++index) {
            auto home = TRY(Home::make(*rig_, where_));
            auto& client = home.share<Client>();
            badged_[index] = TRY(rig_->mint(endpoint_, index + 1));
            client.server = TRY(home.give(badged_[index]));
            client.seed = index + 1;
            client.steps = steps;
            clients_[index] = &client;
            server_.windows[index] = &client.window;
            threads_[index] = TRY(home.start(be_client, client, {.priority = Priority::Low}));
        }
        auto const argument = reinterpret_cast<std::uint64_t>(&server_);
        thread_ = TRY(rig_->start({.run = run, .argument = argument}));
        return {};
    }

    /// Lets the clients go on until all are done or wait.
    auto go_on() -> Outcome { return rig_->settle(); }

    /// Gives each client new steps and starts it again.
    auto again(std::array<Request, kSteps> const& steps) -> Outcome {
        for (std::size_t index = 0; index < kClients; ++index) {
            auto& client = *clients_[index];
            client.steps = steps;
            TRY(must(threads_[index].tcb.suspend()));
            TRY(rig_->restart(threads_[index], be_client, reinterpret_cast<std::uint64_t>(&client)));
        }
        return go_on();
    }

    auto kill_server() -> Outcome { return must(rig_->root().delete_(kDepth, thread_.tcb.capability())); }

    /// Whether each client has counted so many answers of each kind.
    [[nodiscard]] auto counted(std::size_t done, std::size_t refused, std::size_t aborted) const -> bool {
        return std::ranges::all_of(clients_, [&](Client const* client) {
            return client->done == done && client->refused == refused && client->aborted == aborted;
        });
    }
    [[nodiscard]] auto session(std::size_t index) const -> Session const& { return server_.sessions[index]; }
    [[nodiscard]] auto client(std::size_t index) const -> Client const& { return *clients_[index]; }
    [[nodiscard]] auto endpoint() const -> CPtr { return endpoint_; }
    [[nodiscard]] auto badged(std::size_t index) const -> CPtr { return badged_[index]; }

private:
    Rig* rig_;
    Where where_;
    CPtr endpoint_{};
    Server server_{};
    Thread thread_{object::Tcb{0}, object::SchedContext{0}, 0};
    std::array<CPtr, kClients> badged_{};
    std::array<Client*, kClients> clients_{};
    std::array<Thread, kClients> threads_{thread_, thread_, thread_, thread_};
};

using enum Request;

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
    TRY(line.set_up({Connect}, take_and_stick));
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
