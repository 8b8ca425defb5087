// SPDX-License-Identifier: MIT
/// The objects that a trial plays with: workers in several address spaces with CSpaces of several shapes,
/// endpoints, notifications, replies. A world is made at random, used for a while, and revoked.
#pragma once

#include "hash.hpp"
#include "page.hpp"

#include "kernel/abi/object.hpp"
#include "os/memory.hpp"
#include "os/startup_info.hpp"
#include "tests/support/maker.hpp"

#include "generated/object/cnode.hpp"
#include "generated/object/irq_handler.hpp"
#include "generated/object/sched_context.hpp"
#include "generated/object/tcb.hpp"

#include <expected>

namespace differential {

using abi::CPtr;
using abi::ObjectType;
namespace object = os::object;

inline constexpr std::size_t kWorkers = 6;
inline constexpr std::size_t kSpaces = 3;
inline constexpr std::size_t kEndpoints = 4;
inline constexpr std::size_t kNotifications = 3;
inline constexpr std::size_t kReplies = 2;

/// Slots of each worker's CNode.
namespace toy {
inline constexpr unsigned kRadix = 6;
inline constexpr CPtr kEndpoint = 1; ///< kEndpoints, with all rights
inline constexpr CPtr kBadged = 5;   ///< kBadgedCount, of random endpoints with random rights and badges
inline constexpr CPtr kBadgedCount = 8;
inline constexpr CPtr kReadOnly =
    9; ///< kEndpoints of those: each endpoint, to receive on only, without grant
inline constexpr CPtr kNotification = 13;
inline constexpr CPtr kReply = 16;
inline constexpr CPtr kNode = 18; ///< of this one itself, sometimes
inline constexpr CPtr kUntyped = 19;
inline constexpr CPtr kTcb = 20;     ///< of some worker, sometimes
inline constexpr CPtr kContext = 21; ///< of some worker, sometimes
inline constexpr CPtr kSpace = 23;
inline constexpr CPtr kFrame = 24;
inline constexpr CPtr kReceive = 32; ///< empty: eight slots to receive in, and eight to retype to
inline constexpr CPtr kMake = 40;
inline constexpr CPtr kGate = 60;
inline constexpr CPtr kCount = 64;
} // namespace toy

/// What workers do. In a calm world clients call and servers answer, one endpoint each, and little else
/// happens.
enum class Mood : std::uint8_t { Calm, Wild };

struct Worker {
    bool is_client{}; ///< in a calm world
    std::size_t
        served{}; ///< endpoint that it serves in a calm world, by number; a client: how many are served
    object::Tcb thread{0};
    object::SchedContext context{0};
    CPtr node{};          ///< its CNode, without a guard
    CPtr root{};          ///< where its CSpace begins
    CPtr gate{};          ///< notification
    std::uint64_t base{}; ///< of its CPtrs: what guards and further levels take
    Page* page{};
    std::uint64_t page_address{}; ///< where the worker sees it
    std::uint64_t folded{};       ///< operations whose results have been looked at
};

class World {
public:
    using Outcome = std::expected<void, abi::Error>;

    /// Memory and slots for all worlds; once.
    [[nodiscard]] auto set_up() -> Outcome;
    /// Revokes what there is, and makes another world.
    [[nodiscard]] auto make(Random& random) -> Outcome;

    [[nodiscard]] auto mood() const -> Mood { return mood_; }
    [[nodiscard]] auto workers() -> std::array<Worker, kWorkers>& { return workers_; }
    [[nodiscard]] auto endpoints() const -> std::array<CPtr, kEndpoints> const& { return endpoints_; }
    [[nodiscard]] auto notifications() const -> std::array<CPtr, kNotifications> const& {
        return notifications_;
    }
    [[nodiscard]] auto replies() const -> std::array<CPtr, kReplies> const& { return replies_; }

    /// Has an interrupt signal a notification: the core's alarm, set to a time that has passed. It comes
    /// before the next instruction of whoever calls this, on every kernel.
    [[nodiscard]] auto interrupt(CPtr notification) -> Outcome;

    /// Has a worker begin at its next operation.
    [[nodiscard]] static auto start(Worker const& worker) -> Outcome;
    /// Gives a worker's context a priority, and more time than there is.
    [[nodiscard]] static auto set_priority(CPtr context, std::uint8_t priority) -> Outcome;

    /// Where workers see `worker_after`.
    [[nodiscard]] static auto after_address() -> std::uint64_t;

private:
    [[nodiscard]] auto make_worker(Random& random, std::size_t index) -> Outcome;
    [[nodiscard]] auto make_root(Random& random, Worker& worker) -> Outcome;
    [[nodiscard]] auto fill(Random& random, Worker const& worker, CPtr space) -> Outcome;
    [[nodiscard]] auto map_worker(std::size_t index, CPtr space) -> Outcome;

    tests::Maker maker_;
    CPtr code_{}; ///< frame
    object::IrqHandler alarm_{0};
    os::Mapping pages_;
    Mood mood_{};
    std::size_t served_{}; ///< endpoints that are served in a calm world
    std::array<Worker, kWorkers> workers_{};
    std::array<CPtr, kSpaces> spaces_{};
    std::array<CPtr, kEndpoints> endpoints_{};
    std::array<CPtr, kNotifications> notifications_{};
    std::array<CPtr, kReplies> replies_{};
};

} // namespace differential
