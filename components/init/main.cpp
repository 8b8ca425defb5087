// SPDX-License-Identifier: MIT
/// init: makes the components that the manifest names, starts them, looks after them.
#include "base/cpio.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "components/init/builder.hpp"
#include "components/init/own_startup.hpp"
#include "components/init/supervisor.hpp"
#include "components/init/wiring.hpp"
#include "generated/object/tcb.hpp"
#include "os/init.hpp"
#include "os/service.hpp"

#include <algorithm>
#include <span>

namespace init {
namespace {

auto read_manifest(abi::BootInfo const& boot) -> Result<Manifest> {
    // The kernel has mapped the initfs there.
    std::span const initfs{reinterpret_cast<std::byte const*>(boot.initfs_address), boot.initfs_size};
    auto const file = base::CpioArchive{initfs}.find("manifest");
    if (!file.has_value()) {
        return std::unexpected{Failure{"the initfs is damaged, or has no manifest"}};
    }
    return Manifest::read(file->data);
}

/// An endpoint that also delivers the signals of a notification.
struct Inbox {
    abi::CPtr endpoint;
    abi::CPtr notification;
};

auto make_inbox(Objects& objects) -> Result<Inbox> {
    Inbox const inbox{.endpoint = TRY(objects.make(kCommon, abi::ObjectType::Endpoint)),
                      .notification = TRY(objects.make(kCommon, abi::ObjectType::Notification))};
    TRY(naming("binding init's notification",
               os::object::Tcb{abi::init_slot::kTcb}.bind_notification(inbox.notification)));
    return inbox;
}

void report_left_out(Instance const& instance, Failure const& why) {
    Line line{"init: ", printable(instance.name).view(), " (", printable(instance.binary).view()};
    base::write_log_line(line.append(failure_line("", ") is left out: ", why).view()).view());
}

/// Makes every component, then connects them: ports lead forwards and backwards.
void build_all(std::span<Instance> instances, Objects& objects, Builder& builder, Wiring& wiring) {
    for (std::size_t index = 0; index < instances.size(); ++index) {
        auto const built = builder.build(index, instances[index]);
        if (!built.has_value()) {
            report_left_out(instances[index], built.error());
        }
    }
    auto const each = [&](auto const& step) {
        for (std::size_t index = 0; index < instances.size(); ++index) {
            if (!instances[index].alive()) {
                continue;
            }
            auto const done = step(index);
            if (done.has_value()) {
                continue;
            }
            report_left_out(instances[index], done.error());
            objects.destroy(index);
            instances[index].phase = Phase::Absent;
        }
    };
    each([&](std::size_t index) { return wiring.connect(index); });
    each([&](std::size_t index) { return wiring.grant_rest(index); });
}

/// Comes back only when nothing can run. What it makes lives as long as the system, and is too large for the
/// stack: hence the statics.
auto run(abi::BootInfo const& boot) -> Result<> {
    if (boot.magic != abi::BootInfo::kMagic || boot.version != abi::BootInfo::kVersion) {
        return std::unexpected{Failure{"the kernel's boot information is malformed"}};
    }
    static Objects objects{boot};
    auto const composition = TRY(read_manifest(boot));
    static Manifest const manifest{composition};
    auto const inbox = TRY(make_inbox(objects));
    auto const ticker = TRY(Ticker::make(objects, boot, inbox.notification));

    static Instances instances;
    instances.set_count(manifest.component_count());
    static Builder builder{objects, manifest, boot, inbox.endpoint};
    static Wiring wiring{objects, manifest, instances, inbox.endpoint};
    static OwnStartup startup;
    auto const mapped = wiring.connect_init();
    auto const own = mapped.has_value() ? startup.read(manifest) : std::unexpected{mapped.error()};
    build_all(instances.all(), objects, builder, wiring);
    if (std::ranges::none_of(instances.all(), &Instance::alive)) {
        return std::unexpected{Failure{"no component can be started"}};
    }

    static Supervisor supervisor{objects, builder, wiring, instances, ticker, inbox.endpoint};
    if (own.has_value()) {
        static ProcessService process{supervisor};
        static os::Server server{*own};
        server.add(os::Service<idl::process::Interface>{*own, 0}, process);
        supervisor.set_server(server);
    } else {
        base::write_log_line(failure_line("init", ": no process service: ", own.error()).view());
    }
    for (std::size_t index = 0; index < instances.all().size(); ++index) {
        supervisor.start(index);
    }
    supervisor.run();
}

} // namespace
} // namespace init

void os::main(abi::BootInfo const& boot) {
    auto const ended = init::run(boot);
    base::write_log_line(init::failure_line("init", ": the system cannot start: ", ended.error()).view());
    init::turn_off(init::kNothingRuns);
}
