// SPDX-License-Identifier: MIT
/// memory: hands out the memory that init has left over.
#include "components/memory/memory.hpp"
#include "components/memory/untyped_capabilities.hpp"
#include "generated/env.hpp"
#include "generated/object/cnode.hpp"
#include "kernel/abi/object.hpp"
#include "os/server.hpp"
#include "os/slots.hpp"

#include <cstdint>
#include <vector>

namespace {

/// Slots that a block takes, with the halves that are split off for it.
constexpr std::size_t kSlotsPerBlock = 4;

/// Finds the untyped blocks among the capabilities that init has put into composed slots.
void add_blocks(memory::Buddy& buddy, abi::CPtr end) {
    os::object::CNode const own{os::slot::kCNode};
    for (abi::CPtr slot = os::slot::kFirstComposed; slot < end; ++slot) {
        auto const what = own.identify(os::kSlotDepth, slot);
        if (what.has_value() && what->type == static_cast<std::uint8_t>(abi::ObjectType::Untyped)) {
            buddy.add(slot, what->size_bits);
        }
    }
}

auto quotas(os::Sessions const& sessions) -> std::vector<std::uint64_t> {
    std::vector<std::uint64_t> result(sessions.size());
    for (std::size_t session = 0; session < result.size(); ++session) {
        result[session] = sessions[static_cast<std::uint16_t>(session)].quota;
    }
    return result;
}

} // namespace

void os::main(Env& env) {
    auto const service = env.memory_service();
    memory::UntypedCapabilities untyped;
    memory::Buddy buddy{untyped};
    buddy.reserve(os::free_slots());
    add_blocks(buddy, env.startup().info().first_free_slot);
    memory::Store store{buddy, untyped, quotas(service.sessions()), os::free_slots() / kSlotsPerBlock};
    os::serve(service, memory::MemoryService{store, service.sessions()});
}
