// SPDX-License-Identifier: MIT
/// A long revocation gives way to threads of higher priority. Here one of them does what it can to upset it,
/// in the middle: the revocation goes on with what it finds, or ends with an error, and nothing is lost.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

constexpr unsigned kRadix = 11;
constexpr std::uint64_t kCopies = (std::uint64_t{1} << kRadix) - 16; ///< the slots behind them stay empty
constexpr unsigned kHolderRadix = 2;
constexpr CPtr kOriginal = 1; ///< slot of the holder
constexpr CPtr kElsewhere = 8;

/// What is revoked, and by whom. The original is in a CNode of its own, by which it is named.
struct Revocation {
    CPtr holder{};
    CPtr copies{};    ///< CNode
    CPtr memory{};    ///< what both are made of
    CPtr elsewhere{}; ///< the first of kElsewhere empty slots
    CPtr watchers_time{};
    object::Tcb revoker{0};
    void (*interfere)(Revocation& self){};
    Error (*revoke)(Revocation const& self){};
    std::atomic<bool> interfered{}; ///< in the middle, from beginning to end
    std::atomic<bool> ended{};
    std::atomic<Error> error{};
    std::atomic<std::uint64_t> left{}; ///< copies, when the interference was over
};
Revocation revocation;

auto holder() -> object::CNode { return object::CNode{revocation.holder}; }
auto copies() -> object::CNode { return object::CNode{revocation.copies}; }

auto type_of(object::CNode node, unsigned radix, CPtr slot) -> ObjectType {
    auto const found = node.identify(static_cast<std::uint8_t>(radix), slot);
    return found ? static_cast<ObjectType>(found->type) : ObjectType::Null;
}
auto copy_is_there(CPtr index) -> bool { return type_of(copies(), kRadix, index) == ObjectType::Endpoint; }
auto count_copies() -> std::uint64_t {
    std::uint64_t count = 0;
    for (CPtr index = 0; index < CPtr{1} << kRadix; ++index) {
        count += copy_is_there(index) ? 1U : 0U;
    }
    return count;
}

auto revoke_original(Revocation const& /*self*/) -> Error {
    return refusal(holder().revoke(kHolderRadix, kOriginal));
}
auto revoke_memory(Revocation const& self) -> Error {
    return refusal(object::CNode{kRoot}.revoke(kDepth, self.memory));
}

void revoke_once(std::uint64_t /*argument*/) {
    revocation.error = revocation.revoke(revocation);
    revocation.ended = true;
    rest();
}

/// On the suite's core, a priority above the one that revokes.
auto give_time(CPtr context, std::uint64_t budget, std::uint64_t period) -> Error {
    return refusal(object::CoreControl{os::slot::kFirstGrantedCore}.configure(
        static_cast<std::uint8_t>(Priority::High), context, budget, period, 0));
}

/// Looks now and then, by its budget, and interferes once, with all the time that takes: when some of the
/// copies have gone.
void watch(std::uint64_t /*argument*/) {
    while (!revocation.ended) {
        if (!copy_is_there(kCopies - 1) && copy_is_there(0)) {
            (void)give_time(revocation.watchers_time, os::arch::counter_frequency(), 0);
            if (!revocation.ended) {
                revocation.interfere(revocation);
                revocation.interfered = !revocation.ended;
            }
            break;
        }
    }
    rest();
}

auto make(Rig& rig) -> Outcome {
    constexpr unsigned kMemoryBits = 18;
    revocation.memory = TRY(rig.make(ObjectType::Untyped, kMemoryBits));
    revocation.holder = rig.slot();
    revocation.copies = rig.slot();
    revocation.elsewhere = rig.slot();
    for (CPtr slot = 1; slot < kElsewhere; ++slot) {
        (void)rig.slot(); // the next one
    }
    object::Untyped const memory{revocation.memory};
    auto const node = static_cast<std::uint8_t>(ObjectType::CNode);
    TRY(must(memory.retype(node, kRadix, 0, 1, kRoot, 0, revocation.copies)));
    TRY(must(memory.retype(node, kHolderRadix, 0, 1, kRoot, 0, revocation.holder)));
    TRY(must(memory.retype(static_cast<std::uint8_t>(ObjectType::Endpoint), 0, 0, 1, revocation.holder, 0,
                           kOriginal)));
    for (CPtr index = 0; index < kCopies; ++index) {
        TRY(must(
            copies().copy(kRadix, kHolderRadix, abi::rights::kAll, index, revocation.holder, kOriginal)));
    }
    revocation.interfered = false;
    revocation.ended = false;
    revocation.error = Error::None;
    return {};
}

/// Has a thread revoke, and another one interfere; `check` looks at what is left.
auto play(Rig& rig, Error (*revoke)(Revocation const&), void (*interfere)(Revocation&),
          Outcome (*check)(Rig& rig)) -> Outcome {
    constexpr int kAttempts = 20; // a fast host may be done too soon
    auto const second = os::arch::counter_frequency();
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        TRY(make(rig));
        revocation.revoke = revoke;
        revocation.interfere = interfere;
        revocation.left = 0;
        Thread const watcher = TRY(rig.start(
            {.run = [](std::uint64_t) { rest(); }, .budget = second / 10'000, .period = second / 2500}));
        Thread const revoker = TRY(rig.start({.run = revoke_once, .priority = Priority::Low}));
        revocation.revoker = revoker.tcb;
        revocation.watchers_time = watcher.context.capability();
        TRY(rig.restart(watcher, watch, 0));
        TRY(rig.settle());
        TRY(must(watcher.tcb.suspend()));
        if (revocation.interfered) {
            return check(rig);
        }
        TRY(rig.tear_down());
    }
    return std::unexpected(Failure{"never in the middle", 0, std::source_location::current()});
}

/// Everything is gone but the original, which a copy can be made of.
auto only_the_original_is_left(Rig& /*rig*/) -> Outcome {
    REQUIRE(revocation.ended && revocation.error == Error::None);
    REQUIRE(count_copies() == 0);
    TRY(must(copies().copy(kRadix, kHolderRadix, abi::rights::kAll, 0, revocation.holder, kOriginal)));
    REQUIRE(copy_is_there(0));
    return {};
}
/// What was there when the revocation lost sight of it still is.
auto the_rest_is_left() -> Outcome {
    REQUIRE(revocation.left > 0 && revocation.left < kCopies);
    REQUIRE(count_copies() == revocation.left && copy_is_there(0));
    return {};
}

auto revoked_by_two(Rig& rig) -> Outcome {
    auto const interfere = [](Revocation& self) {
        self.left = refusal(holder().revoke(kHolderRadix, kOriginal)) == Error::None ? 0 : 1;
    };
    auto const check = [](Rig& with) -> Outcome {
        REQUIRE(revocation.left == 0);
        return only_the_original_is_left(with);
    };
    return play(rig, revoke_original, interfere, check);
}

auto copied_in_meanwhile(Rig& rig) -> Outcome {
    auto const interfere = [](Revocation& self) {
        for (CPtr index = kCopies; index < CPtr{1} << kRadix; ++index) {
            self.left += refusal(copies().copy(kRadix, kRadix, abi::rights::kAll, index, self.copies, 0)) ==
                                 Error::None
                             ? 0
                             : 1;
        }
    };
    auto const check = [](Rig& with) -> Outcome {
        REQUIRE(revocation.left == 0);
        return only_the_original_is_left(with);
    };
    return play(rig, revoke_original, interfere, check);
}

/// The slot is empty: there is nothing to revoke any more. Nobody has asked for the copies to go.
auto the_original_is_deleted(Rig& rig) -> Outcome {
    auto const interfere = [](Revocation& self) {
        (void)holder().delete_(kHolderRadix, kOriginal);
        self.left = count_copies();
    };
    auto const check = [](Rig& /*with*/) -> Outcome {
        REQUIRE(revocation.ended && revocation.error == Error::None);
        REQUIRE(type_of(holder(), kHolderRadix, kOriginal) == ObjectType::Null);
        return the_rest_is_left();
    };
    return play(rig, revoke_original, interfere, check);
}

/// It revokes what it names: that is something else now, and the original can be revoked where it is.
auto the_original_is_replaced(Rig& rig) -> Outcome {
    auto const interfere = [](Revocation& self) {
        (void)object::CNode{kRoot}.move(kDepth, kHolderRadix, self.elsewhere, self.holder, kOriginal);
        (void)holder().copy(kHolderRadix, kDepth, abi::rights::kAll, kOriginal, kRoot, self.copies);
        self.left = count_copies();
    };
    auto const check = [](Rig& with) -> Outcome {
        REQUIRE(revocation.ended && revocation.error == Error::None);
        REQUIRE(type_of(holder(), kHolderRadix, kOriginal) == ObjectType::CNode);
        TRY(the_rest_is_left());
        TRY(must(with.root().revoke(kDepth, revocation.elsewhere)));
        REQUIRE(count_copies() == 0 && with.type_in(revocation.elsewhere) == ObjectType::Endpoint);
        return {};
    };
    return play(rig, revoke_original, interfere, check);
}

/// The CNode that it works on goes, and with it the original.
auto its_cnode_is_deleted(Rig& rig) -> Outcome {
    auto const interfere = [](Revocation& self) {
        (void)object::CNode{kRoot}.delete_(kDepth, self.holder);
        self.left = count_copies();
    };
    auto const check = [](Rig& with) -> Outcome {
        REQUIRE(revocation.ended && revocation.error == Error::InvalidCapability);
        REQUIRE(with.type_in(revocation.holder) == ObjectType::Null);
        return the_rest_is_left();
    };
    return play(rig, revoke_original, interfere, check);
}

auto its_thread_is_deleted(Rig& rig) -> Outcome {
    auto const interfere = [](Revocation& self) {
        (void)object::CNode{kRoot}.delete_(kDepth, self.revoker.capability());
        self.left = count_copies();
    };
    auto const check = [](Rig& /*with*/) -> Outcome {
        REQUIRE(!revocation.ended);
        TRY(the_rest_is_left());
        // Someone else can finish it.
        TRY(must(holder().revoke(kHolderRadix, kOriginal)));
        REQUIRE(count_copies() == 0);
        return {};
    };
    return play(rig, revoke_original, interfere, check);
}

auto its_thread_is_suspended(Rig& rig) -> Outcome {
    auto const interfere = [](Revocation& self) {
        (void)self.revoker.suspend();
        self.left = count_copies();
    };
    auto const check = [](Rig& with) -> Outcome {
        REQUIRE(!revocation.ended);
        TRY(the_rest_is_left());
        TRY(must(revocation.revoker.resume()));
        TRY(with.settle());
        return only_the_original_is_left(with);
    };
    return play(rig, revoke_original, interfere, check);
}

/// The memory of all of it is revoked by one thread, and made use of anew by another.
auto the_memory_is_divided_meanwhile(Rig& rig) -> Outcome {
    auto const interfere = [](Revocation& self) {
        auto const type = static_cast<std::uint8_t>(ObjectType::Notification);
        // It has children, so that nothing of it is given out twice.
        self.left = refusal(object::Untyped{self.memory}.retype(type, 0, 0, kElsewhere, kRoot, 0,
                                                                self.elsewhere)) == Error::None
                        ? 1
                        : 0;
    };
    auto const check = [](Rig& with) -> Outcome {
        REQUIRE(revocation.ended && revocation.error == Error::None && revocation.left == 1);
        for (CPtr slot = 0; slot < kElsewhere; ++slot) {
            REQUIRE(with.type_in(revocation.elsewhere + slot) == ObjectType::Null);
        }
        REQUIRE(with.type_in(revocation.holder) == ObjectType::Null);
        REQUIRE(with.type_in(revocation.copies) == ObjectType::Null);
        return must(object::Untyped{revocation.memory}.retype(static_cast<std::uint8_t>(ObjectType::Untyped),
                                                              17, 0, 2, kRoot, 0, revocation.holder));
    };
    return play(rig, revoke_memory, interfere, check);
}

constexpr std::array kTests{
    Test{"two_revoke_the_same", revoked_by_two},
    Test{"a_revocation_takes_what_is_copied_meanwhile", copied_in_meanwhile},
    Test{"a_revocation_ends_with_its_original", the_original_is_deleted},
    Test{"a_revocation_meets_something_else", the_original_is_replaced},
    Test{"a_revocation_loses_its_cnode", its_cnode_is_deleted},
    Test{"a_revocation_ends_with_its_thread", its_thread_is_deleted},
    Test{"a_suspended_revocation_goes_on", its_thread_is_suspended},
    Test{"a_revocation_takes_what_is_made_meanwhile", the_memory_is_divided_meanwhile},
};

} // namespace

auto hostile_revocation_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
