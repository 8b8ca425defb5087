// SPDX-License-Identifier: MIT
/// What the other tests stand on, tried before and after all of them; and that no capability answers to a
/// label that is not its own.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

auto the_suite_runs(Rig& rig) -> Outcome {
    REQUIRE(rig.type_in(kRoot) == ObjectType::CNode && rig.type_in(kOwnSpace) == ObjectType::VSpace);
    REQUIRE(rig.type_in(rig.slot()) == ObjectType::Null);
    return {};
}

/// All that memory can become.
struct Kind {
    ObjectType type;
    unsigned size_bits;
};
constexpr std::array kKinds{
    Kind{ObjectType::Untyped, 14},
    Kind{ObjectType::CNode, 4},
    Kind{ObjectType::Tcb, 0},
    Kind{ObjectType::SchedContext, 0},
    Kind{ObjectType::Endpoint, 0},
    Kind{ObjectType::Notification, 0},
    Kind{ObjectType::Reply, 0},
    Kind{ObjectType::VSpace, 0},
    Kind{ObjectType::PageTable, 0},
    Kind{ObjectType::Frame, abi::kSmallFrameBits},
    Kind{ObjectType::Frame, abi::kLargeFrameBits},
};

auto every_object_can_be_made(Rig& rig) -> Outcome {
    constexpr std::uint8_t kMost = abi::rights::kRead | abi::rights::kWrite | abi::rights::kExecute;
    for (auto const [type, size_bits] : kKinds) {
        CPtr const slot = TRY(rig.make(type, size_bits));
        auto const found = TRY(must(rig.root().identify(kDepth, slot)));
        REQUIRE(found.type == static_cast<std::uint8_t>(type) && (found.rights & kMost) == kMost);
        REQUIRE(found.size_bits == size_bits);
        TRY(must(rig.root().delete_(kDepth, slot)));
        REQUIRE(rig.type_in(slot) == ObjectType::Null);
    }
    return {};
}

/// As much memory and as many slots as the first test had.
auto nothing_was_lost(Rig& rig) -> Outcome {
    constexpr unsigned kPieceBits = 16;
    constexpr std::size_t kPieces = std::size_t{1} << (Rig::kArenaBits - kPieceBits);
    for (std::size_t piece = 0; piece < kPieces; ++piece) {
        (void)TRY(rig.make(ObjectType::Untyped, kPieceBits));
    }
    CPtr const slot = rig.slot();
    auto const one_more =
        rig.arena().retype(static_cast<std::uint8_t>(ObjectType::Endpoint), 0, 0, 1, kRoot, 0, slot);
    REQUIRE(refusal(one_more) == Error::NotEnoughMemory);
    for (std::size_t rest = kPieces + 1; rest < Rig::kSlots; ++rest) {
        REQUIRE(rig.type_in(rig.slot()) == ObjectType::Null);
    }
    return {};
}

/// One capability of each type that has invocations, with the number of its type.
auto make_invocable(Rig& rig) -> Got<std::array<CPtr, 12>> {
    CPtr const handler = rig.slot();
    auto const line = TRY(must(rig.core().info())).alarm_irq;
    TRY(must(object::IrqControl{os::slot::kIrqControl}.get(0, kDepth, line, kRoot, handler)));
    return std::array{TRY(rig.make(ObjectType::Untyped, 14)),
                      TRY(rig.make(ObjectType::CNode, 2)),
                      TRY(rig.make(ObjectType::Tcb)),
                      TRY(rig.make(ObjectType::SchedContext)),
                      TRY(rig.make(ObjectType::Reply)),
                      TRY(rig.make(ObjectType::VSpace)),
                      TRY(rig.make(ObjectType::PageTable)),
                      TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits)),
                      CPtr{os::slot::kIrqControl},
                      handler,
                      TRY(rig.mint(os::slot::kCoreControl, 10)),
                      CPtr{os::slot::kDebugConsole}};
}

constexpr std::uint64_t kMethods = 256;     ///< numbers of methods that a type could have
constexpr std::uint64_t kMethodsInUse = 32; ///< below this, some are
constexpr std::uint64_t kTypes = 20;        ///< more than there are

/// Calls without parameters: what has some is refused, and the rest does not matter here.
auto answer_to(CPtr capability, std::uint64_t label) -> Error {
    auto const answer = os::call(capability, {.tag = abi::MessageTag{label, 0}});
    bool const by_kernel = answer.tag.flags() == abi::MessageTag::kKernel;
    return by_kernel ? kernel_error(answer) : Error::Aborted;
}

/// Only its own labels, and those with all their bits.
auto check_labels(CPtr capability, std::uint64_t type) -> Outcome {
    for (std::uint64_t other = 0; other < kTypes; ++other) {
        for (std::uint64_t method = 0; method < kMethodsInUse; ++method) {
            auto const error = answer_to(capability, other * kMethods + method);
            bool const known = other == type && method != 0;
            REQUIRE(error == Error::IllegalOperation ||
                    (known && (error == Error::TruncatedMessage || error == Error::None)));
        }
    }
    for (std::uint64_t method = kMethodsInUse; method < kMethods; ++method) {
        REQUIRE(answer_to(capability, type * kMethods + method) == Error::IllegalOperation);
    }
    for (unsigned bit = 16; bit < 52; ++bit) {
        REQUIRE(answer_to(capability, (type * kMethods + 1) | 1ULL << bit) == Error::IllegalOperation);
    }
    return {};
}

auto labels_belong_to_types(Rig& rig) -> Outcome {
    for (CPtr const capability : TRY(make_invocable(rig))) {
        auto const type = rig.type_in(capability);
        TRY(check_labels(capability, static_cast<std::uint64_t>(type)));
        REQUIRE(rig.type_in(capability) == type);
    }
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    for (std::uint64_t label = 0; label < kTypes * kMethods; ++label) {
        REQUIRE(answer_to(notification, label) == Error::IllegalOperation);
    }
    REQUIRE(os::try_receive(notification).message.tag.raw() == 0);
    return {};
}

constexpr std::array kFirst{
    Test{"the_suite_runs", the_suite_runs, "TRIVIAL0000"},
    Test{"every_object_can_be_made", every_object_can_be_made, "TRIVIAL0001"},
    Test{"labels_belong_to_types", labels_belong_to_types},
};
constexpr std::array kLast{
    Test{"nothing_was_lost", nothing_was_lost, "TRIVIAL0002"},
};

} // namespace

auto framework_tests() -> std::span<Test const> { return kFirst; }
auto final_tests() -> std::span<Test const> { return kLast; }

} // namespace suite
