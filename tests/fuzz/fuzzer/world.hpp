// SPDX-License-Identifier: MIT
/// What the workers play with: objects of every kind in two CSpaces, workers in two address spaces, and
/// threads that wait in every way there is. Made of one block of memory, used for a while, and revoked.
#pragma once

#include "model.hpp"
#include "page.hpp"
#include "tests/support/maker.hpp"
#include "tests/support/random.hpp"

#include "os/memory.hpp"
#include "os/startup_info.hpp"

#include "generated/object/cnode.hpp"
#include "generated/object/sched_context.hpp"
#include "generated/object/tcb.hpp"

#include <algorithm>
#include <array>
#include <expected>
#include <span>

namespace fuzz {

namespace object = os::object;

struct Worker {
    object::Tcb thread{0};
    object::SchedContext context{0};
    std::size_t space{}; ///< which CSpace and address space it has
    std::size_t core{};  ///< where it is, mostly
    Page* page{};
    std::uint64_t page_address{}; ///< where the worker sees it
};

class World {
public:
    using Outcome = std::expected<void, abi::Error>;

    static constexpr std::size_t kMaxWorkers = 8;
    static constexpr std::size_t kSpaces = 2;
    static constexpr std::uint64_t kCodeAddress = 0x1000'0000;
    static constexpr std::uint64_t kDataAddress = 0x1100'0000;
    /// Where frames are mapped at random; the tables for its first 2 MiB are there.
    static constexpr std::uint64_t kWindowAddress = 0x4000'0000;
    /// The highest priority that the workers can give anyone.
    static constexpr std::uint8_t kHighest = 60;
    static constexpr std::uint8_t kDepth = 64;
    static constexpr CPtr kRoot = os::slot::kCNode;

    /// Memory and slots for all worlds; once.
    [[nodiscard]] auto set_up() -> Outcome;
    [[nodiscard]] auto make(Random& random) -> Outcome;
    /// Revokes everything. Error: RevokeFirst, some of the memory is not free afterwards; DeleteFirst, a slot
    /// is not empty.
    [[nodiscard]] auto end() -> Outcome;

    /// Four, or two for each core; after `set_up`.
    [[nodiscard]] auto workers() -> std::span<Worker> {
        return std::span{workers_}.first(std::max(kMaxWorkers / 2, 2 * cores_));
    }
    [[nodiscard]] auto model(Worker const& worker) -> Model& { return spaces_[worker.space].model; }

    /// How many cores there are; after `set_up`.
    [[nodiscard]] auto cores() const -> std::size_t { return cores_; }

    /// Gives a worker again what makes it one, whatever has become of it.
    [[nodiscard]] auto mend(Random& random, Worker const& worker) -> Outcome;
    /// Has a worker begin, or go on, with the next operation of its page.
    [[nodiscard]] static auto start(Worker const& worker) -> Outcome;
    /// Gives the CSpace of a worker again what it has lost: its CNodes, and some of the rest.
    void restore(Random& random, Worker const& worker);
    /// Stops some thread that is not a worker, lets it go on, or starts it at another place.
    void disturb(Random& random);

    /// A context's priority and time, on one of the cores.
    [[nodiscard]] static auto configure(CPtr context, std::uint8_t priority, std::uint64_t budget,
                                        std::uint64_t period, std::size_t core = 0) -> Outcome;

private:
    static constexpr std::size_t kPuppets = 8;

    /// What a slot of a CSpace held at first.
    struct Gift {
        CPtr source;
        std::uint64_t badge;
        std::uint8_t rights;
    };
    struct Space {
        CPtr vspace{};
        CPtr root{}; ///< with the guard that makes it a whole CSpace
        CPtr node{}; ///< the same CNode without
        CPtr inner{};
        CPtr guarded{};
        CPtr next{};                                                   ///< slot of the node
        std::array<Gift, std::size_t{1} << Model::kRootRadix> gifts{}; ///< by slot; source 0: none
        Model model;
    };

    [[nodiscard]] static auto give(Space& space, CPtr source, std::uint64_t badge = 0,
                                   std::uint8_t rights = abi::rights::kAll) -> Outcome;
    [[nodiscard]] auto make_space(Space& space) -> Outcome;
    [[nodiscard]] auto make_worker(Random& random, std::size_t index) -> Outcome;
    [[nodiscard]] auto make_puppet(Random& random, std::size_t index) -> Outcome;
    [[nodiscard]] auto give_messaging(Random& random) -> Outcome;
    [[nodiscard]] auto give_memory() -> Outcome;
    [[nodiscard]] auto give_authority(Space& space) -> Outcome;
    [[nodiscard]] auto check_empty() const -> Outcome;
    [[nodiscard]] static auto count_cores() -> std::expected<std::size_t, abi::Error>;

    std::size_t cores_{};
    tests::Maker maker_;
    CPtr code_{}; ///< frame
    os::Mapping pages_;
    std::array<Worker, kMaxWorkers> workers_{};
    std::array<Space, kSpaces> spaces_{};
    std::array<object::Tcb, kPuppets> puppets_{object::Tcb{0}, object::Tcb{0}, object::Tcb{0},
                                               object::Tcb{0}, object::Tcb{0}, object::Tcb{0},
                                               object::Tcb{0}, object::Tcb{0}};
};

} // namespace fuzz
