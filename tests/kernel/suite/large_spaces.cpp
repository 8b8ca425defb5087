// SPDX-License-Identifier: MIT
/// Address spaces with more bits of addresses than others, where the machine has them; refused where not.
#include "home.hpp"
#include "instructions.hpp"
#include "tests.hpp"

#include "kernel/abi/fault.hpp"
#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint8_t kMoreBits = 9;
constexpr std::uint64_t kSmallEnd = 1ULL << abi::kUserAddressBits;
constexpr std::uint64_t kLargeEnd = kSmallEnd << kMoreBits;

auto word_at(std::uint64_t address) -> std::uint64_t volatile& {
    return *reinterpret_cast<std::uint64_t volatile*>(address);
}

/// Why there is no address space with so many bits more.
auto refused_space(Rig& rig, std::uint8_t extra_bits) -> Error {
    return refusal(rig.arena().retype(static_cast<std::uint8_t>(ObjectType::VSpace), extra_bits, 0, 1, kRoot,
                                      0, rig.slot()));
}

/// On every machine: what is more than it has, and what would be part of a level.
auto sizes_of_spaces_are_checked(Rig& rig) -> Outcome {
    REQUIRE(refused_space(rig, kMoreBits + 1) == Error::RangeError);
    REQUIRE(refused_space(rig, abi::kUserAddressBits) == Error::RangeError);
    REQUIRE(refused_space(rig, 255) == Error::RangeError);
    bool const has_large = instruction::kExtraAddressBits != 0;
    REQUIRE(refused_space(rig, 1) == (has_large ? Error::InvalidArgument : Error::RangeError));
    REQUIRE(refused_space(rig, kMoreBits) == (has_large ? Error::None : Error::RangeError));
    return {};
}

/// On a machine whose processor could have them, and does not.
auto large_spaces_are_refused(Rig& rig) -> Outcome {
    REQUIRE(refused_space(rig, 1) == Error::RangeError);
    REQUIRE(refused_space(rig, kMoreBits) == Error::RangeError);
    REQUIRE(refused_space(rig, 0) == Error::None);
    return {};
}

auto a_large_space_has_its_own_limit(Rig& rig) -> Outcome {
    object::VSpace const small{TRY(rig.make(ObjectType::VSpace))};
    object::VSpace const large{TRY(rig.make(ObjectType::VSpace, instruction::kExtraAddressBits))};
    constexpr std::uint64_t kEnd = kSmallEnd << instruction::kExtraAddressBits;
    constexpr unsigned kTables = instruction::kExtraAddressBits == 0 ? 2 : 3;
    object::Frame const frame{TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits))};
    auto const mapped = [&](object::VSpace space, std::uint64_t address) {
        return refusal(frame.map(kReadWrite, 0, space.capability(), address));
    };
    REQUIRE(refusal(small.probe(kSmallEnd)) == Error::RangeError);
    REQUIRE(mapped(small, kSmallEnd) == Error::RangeError);
    REQUIRE(refusal(large.probe(kEnd)) == Error::RangeError);
    REQUIRE(mapped(large, kEnd) == Error::RangeError);
    for (unsigned level = 1; level <= kTables; ++level) {
        REQUIRE(large.probe(kEnd - kPage) == level);
        REQUIRE(mapped(large, kEnd - kPage) == Error::FailedLookup);
        object::PageTable const table{TRY(rig.make(ObjectType::PageTable))};
        TRY(must(table.map(large.capability(), kEnd - kPage)));
        REQUIRE(refusal(table.map(large.capability(), 0)) == Error::IllegalOperation);
    }
    REQUIRE(large.probe(kEnd - kPage) == 0);
    REQUIRE(mapped(large, kEnd - kPage) == Error::None);
    REQUIRE(TRY(must(frame.info())).mapped_address == kEnd - kPage);
    return {};
}

struct Visitor {
    std::uint64_t address;
    std::uint64_t volatile seen;
};

/// Reads a word, and writes the one behind it.
void visit(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Visitor*>(argument);
    self.seen = word_at(self.address);
    word_at(self.address + 8) = 77;
    rest();
}

/// At one address: what is missing, what is forbidden, and what is there.
auto visit_address(Rig& rig, Home& home, std::uint64_t address) -> Outcome {
    CPtr const frame = TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits));
    std::uint64_t const window = rig.addresses(1);
    TRY(rig.map(frame, window, kReadWrite));
    word_at(window) = address;
    CPtr const copy = TRY(rig.mint(frame, 0));
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    auto& visitor = home.share<Visitor>();
    visitor.address = address;
    TRY(home.start(visit, visitor, {.fault_endpoint = faults}));
    auto const missing = os::try_receive(faults).message;
    REQUIRE(missing.words[1] == address && missing.words[2] == 0);
    TRY(rig.map_in(home.space(), copy, address, kReadOnly));
    auto const forbidden = os::reply_receive(faults, message(0)).message;
    REQUIRE(visitor.seen == address);
    REQUIRE(forbidden.words[1] == address + 8 && forbidden.words[2] == abi::fault_access::kWrite);
    TRY(rig.map_in(home.space(), copy, address, kReadWrite));
    os::reply(message(0));
    REQUIRE(word_at(window + 8) == 77);
    return {};
}

auto a_large_space_reaches_to_its_end(Rig& rig) -> Outcome {
    if constexpr (instruction::kExtraAddressBits != 0) {
        auto home = TRY(Home::make(rig, Where::Large));
        for (std::uint64_t const address : {kFreeAddress, kSmallEnd - kPage, kSmallEnd, kLargeEnd - kPage}) {
            TRY(visit_address(rig, home, address));
        }
        CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
        auto& visitor = home.share<Visitor>();
        visitor.address = kLargeEnd;
        TRY(home.start(visit, visitor, {.fault_endpoint = faults}));
        REQUIRE(os::try_receive(faults).message.tag.has(abi::MessageTag::kFault) && visitor.seen == 0);
    }
    return {};
}

struct Counter {
    CPtr endpoint;
};

/// Answers each call with its number.
void count_calls(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Counter*>(argument);
    [[maybe_unused]] auto call = os::receive(self.endpoint);
    for (std::uint64_t count = 1;; ++count) {
        call = os::reply_receive(self.endpoint, message(0, count));
    }
}

/// Switches between both kinds, by way of the fast path and beside it.
auto small_and_large_spaces_call_each_other(Rig& rig) -> Outcome {
    for (Where const where : {Where::Large, Where::Other, Where::Large}) {
        auto home = TRY(Home::make(rig, where));
        CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
        auto& counter = home.share<Counter>();
        counter.endpoint = TRY(home.give(endpoint));
        TRY(home.start(count_calls, counter));
        for (std::uint64_t count = 1; count <= 50; ++count) {
            REQUIRE(os::call(endpoint, message(count)).words[0] == count);
        }
        TRY(rig.clear());
    }
    return {};
}

constexpr std::array kTests{
    Test{"sizes_of_spaces_are_checked", sizes_of_spaces_are_checked},
    Test{"a_large_space_has_its_own_limit", a_large_space_has_its_own_limit},
    Test{"a_large_space_reaches_to_its_end", a_large_space_reaches_to_its_end},
    Test{"small_and_large_spaces_call_each_other", small_and_large_spaces_call_each_other},
};

/// Asked for by name, on a machine without them.
constexpr std::array<Test, 1> kElsewhere{{{"large_spaces_are_refused", large_spaces_are_refused, "", 1}}};

} // namespace

auto large_space_tests() -> std::span<Test const> { return kTests; }
auto tests_without_large_spaces() -> std::span<Test const> { return kElsewhere; }

} // namespace suite
