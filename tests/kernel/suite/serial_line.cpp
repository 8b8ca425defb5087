// SPDX-License-Identifier: MIT
/// What the server and its clients do.
#include "serial_line.hpp"

#include "os/syscall.hpp"

#include <algorithm>

namespace suite::serial {

namespace {

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

} // namespace

void serve(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Server*>(argument);
    auto received = os::receive(self.endpoint);
    while (true) {
        auto const answer = serve_one(self, received);
        received = os::reply_receive(self.endpoint, message(static_cast<std::uint64_t>(answer)));
    }
}

void take_and_stick(std::uint64_t argument) {
    auto const& self = *reinterpret_cast<Server*>(argument);
    (void)os::receive(self.endpoint);
    while (true) {
        os::send(self.nobody, message(0));
    }
}

auto Line::set_up(std::array<Request, kSteps> const& steps, void (*run)(std::uint64_t)) -> Outcome {
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

auto Line::again(std::array<Request, kSteps> const& steps) -> Outcome {
    for (std::size_t index = 0; index < kClients; ++index) {
        auto& client = *clients_[index];
        client.steps = steps;
        TRY(must(threads_[index].tcb.suspend()));
        TRY(rig_->restart(threads_[index], be_client, reinterpret_cast<std::uint64_t>(&client)));
    }
    return go_on();
}

auto Line::counted(std::size_t done, std::size_t refused, std::size_t aborted) const -> bool {
    return std::ranges::all_of(clients_, [&](Client const* client) {
        return client->done == done && client->refused == refused && client->aborted == aborted;
    });
}

} // namespace suite::serial
