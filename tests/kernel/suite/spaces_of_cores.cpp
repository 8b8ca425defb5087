// SPDX-License-Identifier: MIT
/// Address spaces that are changed, destroyed and given other ASIDs while other cores are in them, or fault
/// there.
#include "home.hpp"
#include "kernel/abi/fault.hpp"
#include "os/arch.hpp"
#include "os/syscall.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

constexpr unsigned kSeveral = 2;

struct Reader {
    std::uint64_t address;
    std::uint64_t expected;
    std::atomic<std::uint64_t> reads;
    std::atomic<std::uint64_t> wrong;
};

void read_for_ever(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Reader*>(argument);
    while (true) {
        if (*reinterpret_cast<std::uint64_t volatile*>(self.address) != self.expected) {
            ++self.wrong;
        }
        ++self.reads;
    }
}

auto reads_on(Reader const& reader) -> bool {
    auto const before = reader.reads.load();
    return eventually([&] { return reader.reads.load() != before; });
}

/// A page that holds `value`, at `address` of the home's address space.
auto give_page(Rig& rig, Home const& home, std::uint64_t address, std::uint64_t value) -> Got<CPtr> {
    CPtr const frame = TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits));
    auto const here = rig.addresses(1);
    TRY(rig.map(frame, here, kReadWrite));
    *reinterpret_cast<std::uint64_t*>(here) = value;
    TRY(must(object::Frame{frame}.unmap()));
    TRY(rig.map_in(home.space(), frame, address, kReadWrite));
    return frame;
}

/// As soon as its page is unmapped here, a thread of another address space faults on another core.
auto unmapped_in_another_space_on_another_core(Rig& rig) -> Outcome {
    auto home = TRY(Home::make(rig, Where::Other));
    auto const faults = TRY(rig.make(ObjectType::Endpoint));
    auto& reader = home.share<Reader>();
    reader.address = rig.addresses(1);
    reader.expected = 7;
    object::Frame const frame{TRY(give_page(rig, home, reader.address, 7))};
    Thread const thread = TRY(
        home.start(read_for_ever, reader, {.priority = Priority::Low, .fault_endpoint = faults, .core = 1}));
    for (std::size_t round = 0; round < 30; ++round) {
        REQUIRE(reads_on(reader));
        TRY(must(frame.unmap()));
        auto const fault = os::receive(faults).message;
        REQUIRE(fault.tag.has(abi::MessageTag::kFault) && fault.words[1] == reader.address);
        auto const stopped = reader.reads.load();
        spend(os::arch::counter_frequency() / 10'000);
        REQUIRE(reader.reads.load() == stopped);
        TRY(rig.move(thread, 1 + round % (rig.core_count() - 1), Priority::Low));
        TRY(rig.map_in(home.space(), frame.capability(), reader.address, kReadWrite));
        os::reply(message(0));
    }
    REQUIRE(reader.wrong == 0);
    return {};
}

/// A page that another core reads may be written to and not, in turns: that core sees no moment without it.
auto rights_change_under_a_reader(Rig& rig) -> Outcome {
    auto home = TRY(Home::make(rig, Where::Other));
    auto& reader = home.share<Reader>();
    reader.address = rig.addresses(1);
    reader.expected = 7;
    object::Frame const frame{TRY(give_page(rig, home, reader.address, 7))};
    Thread const thread = TRY(home.start(read_for_ever, reader, {.core = 1}));
    REQUIRE(reads_on(reader));
    for (unsigned round = 0; round < 3000; ++round) {
        TRY(must(frame.map(round % 2 == 0 ? kReadOnly : kReadWrite, 0, home.space(), reader.address)));
    }
    REQUIRE(thread.state() != state::kFaulted);
    REQUIRE(reads_on(reader) && reader.wrong == 0);
    return {};
}

/// An address space is destroyed while another core is in it: its thread stops.
auto a_space_is_destroyed_while_another_core_is_in_it(Rig& rig) -> Outcome {
    for (std::size_t core = 1; core < rig.core_count(); ++core) {
        auto home = TRY(Home::make(rig, Where::Other));
        auto& reader = home.share<Reader>();
        reader.address = rig.addresses(1);
        reader.expected = core;
        TRY(give_page(rig, home, reader.address, core));
        Thread const thread = TRY(home.start(read_for_ever, reader, {.core = core}));
        REQUIRE(reads_on(reader));
        TRY(must(rig.root().revoke(kDepth, home.space())));
        TRY(must(rig.root().delete_(kDepth, home.space())));
        REQUIRE(eventually([&] { return thread.state() == state::kFaulted; }));
        auto const stopped = reader.reads.load();
        spend(os::arch::counter_frequency() / 1000);
        REQUIRE(reader.reads.load() == stopped && reader.wrong == 0);
        TRY(rig.clear());
    }
    return {};
}

/// A thread that writes to a page that is only to be read, and who answers its faults.
struct Forbidden {
    std::uint64_t address;
    CPtr faults;
    std::atomic<std::uint64_t> answered;
    std::atomic<std::uint64_t> different; ///< of those, not told as the first one
};
Forbidden forbidden;

void write_in_vain(std::uint64_t /*argument*/) {
    while (true) {
        *reinterpret_cast<std::uint64_t volatile*>(forbidden.address) = 1;
    }
}

void answer_in_vain(std::uint64_t /*argument*/) {
    auto const first = os::receive(forbidden.faults).message;
    while (true) {
        auto const next = os::reply_receive(forbidden.faults, message(0)).message;
        auto const same = next.tag.raw() == first.tag.raw() && next.words == first.words;
        forbidden.different += same ? 0 : 1;
        ++forbidden.answered;
    }
}

/// Whether an exception finds the kernel free or has to wait for it, the fault is told alike.
auto faults_are_alike_while_the_kernel_is_in_use(Rig& rig) -> Outcome {
    forbidden.answered = 0;
    forbidden.different = 0;
    forbidden.address = rig.addresses(1);
    forbidden.faults = TRY(rig.make(ObjectType::Endpoint));
    TRY(rig.map(TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits)), forbidden.address, kReadOnly));
    TRY(rig.start({.run = answer_in_vain, .core = 1}));
    TRY(rig.start({.run = write_in_vain, .fault_endpoint = forbidden.faults, .core = 1}));
    // The first ones are those of a core that has the kernel for itself.
    REQUIRE(eventually([] { return forbidden.answered > 10; }));
    REQUIRE(forbidden.different == 0);
    object::DebugConsole const console{os::slot::kDebugConsole};
    auto const enough = forbidden.answered + 1000;
    REQUIRE(eventually([&] {
        (void)console.check_invariants();
        return forbidden.answered > enough;
    }));
    REQUIRE(forbidden.different == 0);
    return {};
}

/// Has a thread enter `count` new address spaces, one after the other, each of which takes an ASID. It faults
/// at its first instruction there, and nobody hears of it.
auto enter_new_spaces(Rig& rig, Thread const& thread, CPtr memory, unsigned count) -> Outcome {
    constexpr auto kType = static_cast<std::uint8_t>(ObjectType::VSpace);
    CPtr const space = rig.slot();
    for (unsigned round = 0; round < count; ++round) {
        TRY(must(object::Untyped{memory}.retype(kType, 0, 0, 1, kRoot, 0, space)));
        TRY(must(thread.tcb.configure(kRoot, space, 0)));
        TRY(must(thread.tcb.resume()));
        REQUIRE(thread.state() == state::kFaulted);
        TRY(must(rig.root().revoke(kDepth, space)));
        TRY(must(rig.root().delete_(kDepth, space)));
    }
    return {};
}

/// ASIDs, which have at most 16 bits, run out. Meanwhile threads of two other spaces, which have different
/// pages at the same address, run on all other cores: they start shortly before.
auto asids_begin_anew_while_other_cores_run(Rig& rig) -> Outcome {
    constexpr unsigned kAsids = 1U << 16U;
    constexpr unsigned kLast = 500; // tests before this one have taken fewer
    auto const address = rig.addresses(1);
    std::array homes{TRY(Home::make(rig, Where::Other)), TRY(Home::make(rig, Where::Other))};
    for (std::uint64_t index = 0; index < homes.size(); ++index) {
        TRY(give_page(rig, homes[index], address, index + 1));
    }
    Thread const thread = TRY(rig.start({.run = [](std::uint64_t /*argument*/) { rest(); }}));
    CPtr const memory = TRY(rig.make(ObjectType::Untyped, abi::kVSpaceBits));
    TRY(enter_new_spaces(rig, thread, memory, kAsids - kLast));
    std::array<Reader*, os::slot::kGrantedCores> readers{};
    for (std::size_t core = 1; core < rig.core_count(); ++core) {
        auto& home = homes[core % 2];
        readers[core] = &home.share<Reader>();
        readers[core]->address = address;
        readers[core]->expected = core % 2 + 1;
        TRY(home.start(read_for_ever, *readers[core], {.core = core}));
    }
    TRY(enter_new_spaces(rig, thread, memory, kLast));
    for (std::size_t core = 1; core < rig.core_count(); ++core) {
        REQUIRE(reads_on(*readers[core]));
        REQUIRE(readers[core]->wrong == 0);
    }
    return {};
}

constexpr std::array kTests{
    Test{"unmapped_in_another_space_on_another_core", unmapped_in_another_space_on_another_core,
         "MULTICORE0003", kSeveral},
    Test{"rights_change_under_a_reader", rights_change_under_a_reader, "", kSeveral},
    Test{"a_space_is_destroyed_while_another_core_is_in_it", a_space_is_destroyed_while_another_core_is_in_it,
         "MULTICORE0005", kSeveral},
    Test{"faults_are_alike_while_the_kernel_is_in_use", faults_are_alike_while_the_kernel_is_in_use, "",
         kSeveral},
};

/// A minute or more: only when it is asked for by name.
constexpr std::array<Test, 1> kLong{
    {{"asids_begin_anew_while_other_cores_run", asids_begin_anew_while_other_cores_run, "", kSeveral}}};

} // namespace

auto spaces_of_cores_tests() -> std::span<Test const> { return kTests; }
auto long_tests() -> std::span<Test const> { return kLong; }

} // namespace suite
