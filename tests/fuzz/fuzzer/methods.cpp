// SPDX-License-Identifier: MIT
#include "methods.hpp"

namespace fuzz {
namespace {

using enum Meaning;

constexpr auto u8(Meaning meaning) -> Parameter { return {meaning, 1}; }
constexpr auto u64(Meaning meaning) -> Parameter { return {meaning, 8}; }
constexpr auto cap(ObjectType type) -> Parameter { return {Capability, 8, type}; }

constexpr Parameter kToDepth = u8(ToDepth);
constexpr Parameter kFromDepth = u8(FromDepth);
constexpr Parameter kToEmpty = u64(ToEmpty);
constexpr Parameter kFromNode = u64(FromNode);
constexpr Parameter kFromFull = u64(FromFull);

/// The parameters in the order of idl/kernel/: a place follows from those before it.
constexpr std::array kMethods{
    Method{"Untyped.retype",
           ObjectType::Untyped,
           1,
           {u8(ObjectKind), u8(ObjectSize), u8(NoDepth), {Count, 2}, u64(ToNode), u64(Small), u64(ToOffset)}},

    Method{"CNode.copy",
           ObjectType::CNode,
           1,
           {kToDepth, kFromDepth, u8(Rights), kToEmpty, kFromNode, kFromFull}},
    Method{"CNode.mint",
           ObjectType::CNode,
           2,
           {kToDepth, kFromDepth, u8(Rights), kToEmpty, kFromNode, kFromFull, u64(Badge)}},
    Method{"CNode.move", ObjectType::CNode, 3, {kToDepth, kFromDepth, kToEmpty, kFromNode, kFromFull}},
    Method{"CNode.mutate",
           ObjectType::CNode,
           4,
           {kToDepth, kFromDepth, kToEmpty, kFromNode, kFromFull, u64(Badge)}},
    Method{"CNode.rotate",
           ObjectType::CNode,
           5,
           {kToDepth, u8(PivotDepth), kFromDepth, kToEmpty, u64(Badge), u64(PivotNode), u64(PivotFull),
            u64(Badge), kFromNode, kFromFull}},
    Method{"CNode.delete", ObjectType::CNode, 6, {kToDepth, u64(ToFull)}},
    Method{"CNode.revoke", ObjectType::CNode, 7, {kToDepth, u64(ToFull)}, 4},
    Method{"CNode.cancel_badged_sends", ObjectType::CNode, 8, {kToDepth, u64(ToEndpoint)}},
    Method{"CNode.identify", ObjectType::CNode, 9, {kToDepth, u64(ToFull)}},

    Method{
        "Tcb.configure", ObjectType::Tcb, 1, {cap(ObjectType::CNode), cap(ObjectType::VSpace), u64(Fault)}},
    Method{"Tcb.bind_notification", ObjectType::Tcb, 2, {cap(ObjectType::Notification)}},
    Method{"Tcb.unbind_notification", ObjectType::Tcb, 3},
    Method{"Tcb.set_receive_slot", ObjectType::Tcb, 4, {kToDepth, u64(ToNode), kToEmpty}},
    Method{"Tcb.set_tls", ObjectType::Tcb, 5, {u64(Word)}, 4},
    Method{"Tcb.set_flags", ObjectType::Tcb, 6, {u64(Small), u64(Flag)}},
    Method{"Tcb.suspend", ObjectType::Tcb, 7, {}, 2},
    Method{"Tcb.resume", ObjectType::Tcb, 8},
    Method{"Tcb.read_registers", ObjectType::Tcb, 9, {u8(FirstRegister), u8(RegisterCount)}},
    Method{"Tcb.write_registers",
           ObjectType::Tcb,
           10,
           {u8(FirstRegister), u8(RegisterCount), u8(Flag), u64(ProgramCounter), u64(Word), u64(Word),
            u64(Word), u64(Word), u64(Word), u64(Word)}},
    Method{"Tcb.state", ObjectType::Tcb, 11},
    Method{"Tcb.set_timeout_endpoint", ObjectType::Tcb, 12, {u64(Fault)}},

    Method{"SchedContext.bind", ObjectType::SchedContext, 1, {cap(ObjectType::Tcb)}},
    Method{"SchedContext.unbind", ObjectType::SchedContext, 2},
    Method{"SchedContext.consumed", ObjectType::SchedContext, 3},
    Method{"SchedContext.bind_notification", ObjectType::SchedContext, 4, {cap(ObjectType::Notification)}},

    Method{"Reply.save", ObjectType::Reply, 1},
    Method{"Reply.abort", ObjectType::Reply, 2},

    Method{"VSpace.probe", ObjectType::VSpace, 1, {u64(Address)}},
    Method{"PageTable.map", ObjectType::PageTable, 1, {cap(ObjectType::VSpace), u64(Address)}},
    Method{"PageTable.unmap", ObjectType::PageTable, 2},

    Method{"Frame.map", ObjectType::Frame, 1, {u8(Rights), u8(Flag), cap(ObjectType::VSpace), u64(Address)}},
    Method{"Frame.unmap", ObjectType::Frame, 2},
    Method{"Frame.info", ObjectType::Frame, 3},
    Method{"Frame.clean", ObjectType::Frame, 4, {u64(Offset), u64(Offset)}},
    Method{"Frame.invalidate", ObjectType::Frame, 5, {u64(Offset), u64(Offset)}},
    Method{"Frame.clean_invalidate", ObjectType::Frame, 6, {u64(Offset), u64(Offset)}},
    Method{"Frame.unify", ObjectType::Frame, 7, {u64(Offset), u64(Offset)}},

    Method{
        "IrqControl.get", ObjectType::IrqControl, 1, {u8(Flag), kToDepth, {Line, 4}, u64(ToNode), kToEmpty}},
    Method{"IrqHandler.acknowledge", ObjectType::IrqHandler, 1},
    Method{"IrqHandler.set_notification", ObjectType::IrqHandler, 2, {cap(ObjectType::Notification)}},
    Method{"IrqHandler.clear", ObjectType::IrqHandler, 3},
    Method{"IrqHandler.set_core", ObjectType::IrqHandler, 4, {cap(ObjectType::CoreControl)}},

    Method{"CoreControl.configure",
           ObjectType::CoreControl,
           1,
           {u8(Priority), cap(ObjectType::SchedContext), u64(Budget), u64(Period), u64(Badge)}},
    Method{"CoreControl.set_alarm", ObjectType::CoreControl, 2, {u64(Time)}},
    Method{"CoreControl.info", ObjectType::CoreControl, 3},

    Method{"DebugConsole.write",
           ObjectType::DebugConsole,
           1,
           {u8(Flag), u8(Text), u64(Zero), u64(Zero), u64(Zero), u64(Zero), u64(Zero), u64(Zero)},
           32},
    Method{"DebugConsole.check_invariants", ObjectType::DebugConsole, 3, {}, 32},
    Method{"DebugConsole.allow_cycle_counter", ObjectType::DebugConsole, 4, {}, 16},
};

} // namespace

auto methods() -> std::span<Method const> { return kMethods; }

} // namespace fuzz
