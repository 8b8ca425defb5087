// SPDX-License-Identifier: MIT
/// What the measurements share: the other side, the page both write to, and this side's own thread.
#pragma once

#include "generated/bench.hpp"
#include "os/memory.hpp"
#include "os/startup_info.hpp"
#include "os/thread.hpp"
#include "sampler.hpp"

#include "generated/object/core_control.hpp"
#include "generated/object/sched_context.hpp"
#include "generated/object/tcb.hpp"

namespace bench {

/// Lower than that of threads which are to run as soon as they can: their component's own.
inline constexpr std::uint8_t kMainPriority = 60;

struct Rig {
    idl::bench::Client peer;
    os::DeviceInfo uart;
    os::Mapping shared{};
    os::Thread thief{}; ///< for `give_up_floating_point`

    /// Gives the calling thread kMainPriority, and the other side the shared page.
    [[nodiscard]] auto set_up() -> Outcome;

    [[nodiscard]] auto marks() const -> Marks&;

    /// An endpoint that a thread of the other side serves. Belongs to the benchmark until its end.
    [[nodiscard]] auto start(idl::bench::Role role) const -> std::expected<abi::CPtr, std::string_view>;
    /// Has the other side wait for a notification.
    [[nodiscard]] auto watch(os::object::Notification notification) const -> Outcome;
};

/// The rows, in groups: messages.cpp, stubs.cpp, events.cpp, faults.cpp, objects.cpp. Each reports its rows.
[[nodiscard]] auto measure_messages(Rig const& rig) -> Outcome;
[[nodiscard]] auto measure_stubs(Rig const& rig) -> Outcome;
[[nodiscard]] auto measure_signals(Rig const& rig) -> Outcome;
[[nodiscard]] auto measure_faults(Rig const& rig) -> Outcome;
[[nodiscard]] auto measure_objects(Rig const& rig) -> Outcome;

} // namespace bench
