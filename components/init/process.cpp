// SPDX-License-Identifier: MIT
/// The methods of the Process interface.
#include "components/init/process.hpp"

#include "generated/object/tcb.hpp"

#include <utility>

namespace init {
namespace {

using idl::process::State;

/// `Tcb.state` of the main thread. A thread that a fault has stopped waits for its pager: it is calling it.
auto thread_state(abi::CPtr tcb) -> State {
    auto const state = os::object::Tcb{tcb}.state();
    if (!state.has_value()) {
        return State::Failed;
    }
    switch (state->state) {
    case 0: return State::Stopped;
    case 2: return State::Receiving;
    case 3: return State::Sending;
    case 4:
    case 6: return State::Calling;
    case 5: return State::Waiting;
    default: return State::Ready;
    }
}

auto state_of(Instance const& instance) -> State {
    switch (instance.phase) {
    case Phase::Absent:
    case Phase::Failed: return State::Failed;
    case Phase::Exited: return State::Stopped;
    case Phase::Built:
    case Phase::Starting: return State::Starting;
    case Phase::Ready: break;
    }
    return thread_state(instance.tcb);
}

} // namespace

auto ProcessService::info(std::uint16_t index) -> idl::process::InfoResult {
    auto const instances = lifecycle_->instances().all();
    if (index >= instances.size()) {
        return {};
    }
    Instance const& instance = instances[index];
    return {.found = true,
            .info = {.state = state_of(instance),
                     .priority = instance.row.priority,
                     .core = instance.row.core,
                     .memory = instance.memory},
            .name = instance.name,
            .binary = instance.binary};
}

auto ProcessService::ready(os::Caller const& caller) -> std::expected<void, os::Transport> {
    if (instance(caller) == nullptr) {
        return std::unexpected{os::Transport::Denied};
    }
    lifecycle_->set_ready(caller.session);
    return {};
}

void ProcessService::exit(os::Caller const& caller, std::uint8_t status,
                          os::Pending<idl::process::method::Exit> pending) {
    if (instance(caller) == nullptr) {
        return;
    } // the answer is Busy
    pending.abandon();
    lifecycle_->exited(caller.session, status);
}

auto ProcessService::power_off(os::Caller const& caller, std::uint8_t status)
    -> std::expected<void, os::Transport> {
    Instance const* const from = instance(caller);
    if (from == nullptr || !from->has(manifest::flag::kPowerOff)) {
        return std::unexpected{os::Transport::Denied};
    }
    lifecycle_->power_off(caller.session, status);
    return {};
}

auto ProcessService::instance(os::Caller const& caller) const -> Instance const* {
    auto const instances = lifecycle_->instances().all();
    return caller.session < instances.size() ? &instances[caller.session] : nullptr;
}

} // namespace init
