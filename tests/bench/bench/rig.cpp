// SPDX-License-Identifier: MIT
#include "rig.hpp"

#include "base/result.hpp"
#include "os/arch.hpp"
#include "os/startup_info.hpp"

namespace bench {

auto Rig::set_up() -> Outcome {
    // A slice longer than everything here: no turn of another thread falls into a measurement.
    constexpr std::uint64_t kSeconds = 100;
    os::object::CoreControl const core{os::slot::kCoreControl};
    TRY(must(core.configure(kMainPriority, os::slot::kSchedContext, kSeconds * os::arch::counter_frequency(),
                            0, 0),
             "the benchmark cannot set its priority"));
    auto mapping = os::Mapping::allocate(sizeof(Marks));
    TRY(must(mapping, "there is no memory for a page"));
    shared = std::move(*mapping);
    auto made = make_floating_point_thief();
    TRY(must(made, "a thread cannot be made"));
    thief = std::move(*made);
    return must(peer.share(shared.frame(0)), "the page cannot be shared");
}

auto Rig::marks() const -> Marks& {
    return *static_cast<Marks*>(static_cast<void*>(shared.bytes().data())); // a page of plain numbers
}

auto Rig::start(idl::bench::Role role) const -> std::expected<abi::CPtr, std::string_view> {
    auto endpoint = peer.start(role);
    TRY(must(endpoint, "a thread of the other side cannot be started"));
    return endpoint->release();
}

auto Rig::watch(os::object::Notification notification) const -> Outcome {
    return must(peer.watch(notification), "nobody waits for a signal");
}

} // namespace bench
