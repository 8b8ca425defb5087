// SPDX-License-Identifier: MIT
#include "crowd.hpp"

#include "os/arch.hpp"

namespace worst_case {

auto start(Rig& rig, void (*run)(std::uint64_t), std::uint64_t argument, std::uint8_t priority,
           std::uint64_t second) -> Got<Member> {
    namespace reg = os::arch::reg;
    constexpr std::uint8_t kSecond = reg::kFirstArgument + 19;
    Member const member{object::Tcb{TRY(rig.make(ObjectType::Tcb))},
                        object::SchedContext{TRY(rig.make(ObjectType::SchedContext))}};
    TRY(must(
        rig.core().configure(priority, member.context.capability(), os::arch::counter_frequency(), 0, 0)));
    TRY(must(member.thread.configure(kRoot, kOwnSpace, abi::kNullCPtr)));
    TRY(must(member.context.bind(member.thread.capability())));
    TRY(must(member.thread.write_registers(reg::kFirstArgument, 1, false, {argument})));
    TRY(must(member.thread.write_registers(kSecond, 1, false, {second})));
    TRY(must(member.thread.write_registers(reg::kProgramCounter, 1, true,
                                           {reinterpret_cast<std::uint64_t>(run)})));
    return member;
}

auto start_crowd(Rig& rig, void (*run)(std::uint64_t), std::uint64_t argument) -> Outcome {
    for (std::size_t index = 0; index < kCrowd; ++index) {
        (void)TRY(start(rig, run, argument, static_cast<std::uint8_t>(kMainPriority + 1 + index)));
    }
    return {};
}

} // namespace worst_case
