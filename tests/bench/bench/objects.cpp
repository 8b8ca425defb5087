// SPDX-License-Identifier: MIT
/// Invocations of kernel objects: a mapping, a thread; and giving way to nobody.
#include "base/result.hpp"
#include "os/arch.hpp"
#include "os/startup_info.hpp"
#include "rig.hpp"

#include "generated/object/cnode.hpp"
#include "generated/object/untyped.hpp"

#include <utility>

namespace bench {
namespace {

constexpr std::uint64_t kPageAddress = 0x1D'0000'0000; // where nothing of libos is

auto measure_map() -> Outcome {
    auto const made = os::make_object<os::object::Frame>(abi::kSmallFrameBits);
    TRY(must(made, "there is no memory for a page"));
    auto const frame = **made;
    constexpr auto kReadWrite = abi::rights::kRead | abi::rights::kWrite;
    // With the tables it takes.
    TRY(must(os::map_frame(frame, base::VirtAddr{kPageAddress}, kReadWrite), "a page cannot be mapped"));
    bool good = frame.unmap().has_value();
    sample([&] {
        auto const taken = timed([&] {
            good = frame.map(kReadWrite, 0, os::slot::kVSpace, unknown(kPageAddress)).has_value() && good;
            use(good);
        });
        good = frame.unmap().has_value() && good;
        return taken;
    }).report("map_4k");
    return require(good, "mapping a page was refused");
}

/// Everything that a thread of an existing component takes but its stack.
auto create_thread(os::object::Untyped memory, abi::CPtr slots, Marks& marks)
    -> std::expected<void, abi::Error> {
    constexpr std::uint8_t kPriority = kMainPriority + 1;
    os::object::Tcb const thread{slots};
    os::object::SchedContext const context{slots + 1};
    auto const make = [&](abi::ObjectType type, abi::CPtr slot) {
        return memory.retype(std::to_underlying(type), 0, 0, 1, os::slot::kCNode, 0, slot);
    };
    TRY(make(abi::ObjectType::Tcb, slots));
    TRY(make(abi::ObjectType::SchedContext, slots + 1));
    TRY(os::object::CoreControl{os::slot::kCoreControl}.configure(kPriority, slots + 1,
                                                                  os::arch::counter_frequency(), 0, 0));
    TRY(thread.configure(os::slot::kCNode, os::slot::kVSpace, abi::kNullCPtr));
    TRY(context.bind(slots));
    // Program counter, stack pointer, flags, first argument.
    return thread.write_registers(
        os::arch::reg::kProgramCounter, 4, true,
        {reinterpret_cast<std::uint64_t>(&arch::note_start), 0, 0, reinterpret_cast<std::uint64_t>(&marks)});
}

auto measure_thread(Rig const& rig) -> Outcome {
    constexpr unsigned kMemoryBits = 14;
    auto const memory = os::make_object<os::object::Untyped>(kMemoryBits);
    auto const slots = os::allocate_slot(2);
    TRY(must(memory, "there is no memory for threads"));
    TRY(must(slots, "there are no slots for threads"));
    os::object::CNode const own{os::slot::kCNode};
    bool good = true;
    sample([&] {
        rig.marks().started = 0;
        auto const begin = arch::counter();
        good = create_thread(**memory, *slots, rig.marks()).has_value() && good;
        good = rig.marks().started != 0 && good;
        good = own.revoke(os::kSlotDepth, memory->slot()).has_value() && good;
        return length({begin, rig.marks().started});
    }).report("thread_create");
    return require(good, "a thread did not start at once");
}

} // namespace

auto measure_objects(Rig const& rig) -> Outcome {
    TRY(measure_map());
    sample([] { return timed([] { os::yield(); }); }).report("yield_alone");
    return measure_thread(rig);
}

} // namespace bench
