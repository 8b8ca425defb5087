// SPDX-License-Identifier: MIT
/// A server with sessions, as one for a serial line would be, and its clients: they connect, print, write
/// blocks and disconnect, beside the test or as processes.
#pragma once

#include "home.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace suite {

namespace serial {

inline constexpr std::size_t kClients = 4;
inline constexpr std::size_t kBlock = 256; ///< bytes that a client writes at once

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

using enum Request;

inline constexpr std::size_t kSteps = 12;

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

/// What the server runs, with the address of a `Server`: one that answers, and one that is stuck and never
/// does.
void serve(std::uint64_t argument);
void take_and_stick(std::uint64_t argument);

/// A server beside the test, and clients that have yet to be started.
class Line {
public:
    Line(Rig& rig, Where where) : rig_{&rig}, where_{where} {}

    /// Makes the clients, each with these steps, and starts the server.
    auto set_up(std::array<Request, kSteps> const& steps, void (*run)(std::uint64_t) = serve) -> Outcome;

    /// Lets the clients go on until all are done or wait.
    auto go_on() -> Outcome { return rig_->settle(); }

    /// Gives each client new steps and starts it again.
    auto again(std::array<Request, kSteps> const& steps) -> Outcome;

    auto kill_server() -> Outcome { return must(rig_->root().delete_(kDepth, thread_.tcb.capability())); }

    /// Whether each client has counted so many answers of each kind.
    [[nodiscard]] auto counted(std::size_t done, std::size_t refused, std::size_t aborted) const -> bool;
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
} // namespace serial

} // namespace suite
