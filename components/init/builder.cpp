// SPDX-License-Identifier: MIT
/// The steps from a row of the manifest to a thread that can be resumed.
#include "components/init/builder.hpp"

#include "base/address.hpp"
#include "base/result.hpp"
#include "components/init/thread.hpp"
#include "generated/object/tcb.hpp"
#include "os/arch.hpp"
#include "os/startup_info.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace init {
namespace {

using abi::ObjectType;

/// A thread runs this long before others of its priority get their turn.
constexpr std::uint64_t kTimeSlicesPerSecond = 100;

auto initfs_of(abi::BootInfo const& boot) -> std::span<std::byte const> {
    // The kernel has mapped the initfs there.
    return {reinterpret_cast<std::byte const*>(boot.initfs_address), boot.initfs_size};
}

/// To set a core's alarm takes the write right.
auto core_rights(Instance const& instance) -> std::uint8_t {
    return instance.has(manifest::flag::kAlarm) ? abi::rights::kRead | abi::rights::kWrite
                                                : abi::rights::kRead;
}

} // namespace

auto install(Instance const& instance, Installation const& what) -> Result<> {
    os::object::CNode const cnode{instance.cnode};
    std::uint8_t const bits = instance.row.slot_bits;
    auto const result =
        what.badge == 0
            ? cnode.copy(bits, kDepth, what.rights, what.slot, kRoot.capability(), what.source)
            : cnode.mint(bits, kDepth, what.rights, what.slot, kRoot.capability(), what.source, what.badge);
    return naming("installing a capability", result);
}

Builder::Builder(Objects& objects, Manifest const& manifest, abi::BootInfo const& boot, abi::CPtr endpoint)
    : objects_{&objects}, manifest_{&manifest}, boot_{&boot}, endpoint_{endpoint} {}

auto Builder::build(std::size_t index, Instance& instance) -> Result<> {
    instance.name = manifest_->name(index);
    auto const built = build_parts(index, instance);
    if (built.has_value()) {
        instance.phase = Phase::Built;
    } else {
        objects_->destroy(index);
    }
    instance.memory = built.has_value() ? objects_->pool().held(index) : 0;
    return built;
}

auto Builder::build_parts(std::size_t index, Instance& instance) -> Result<> {
    auto const row = manifest_->component(index);
    instance.binary = manifest_->binary(row);
    TRY(manifest_->check(index));
    instance.row = row;
    if (instance.row.core >= boot_->core_count) {
        return std::unexpected{Failure{"the machine does not have its core"}};
    }
    TRY(make_objects(index, instance));
    TRY(install_slots(index, instance));
    std::uint64_t const entry = TRY(load_image(index, instance));
    return prepare_thread(index, instance, entry);
}

auto Builder::make_objects(std::size_t index, Instance& instance) -> Result<> {
    // Large before small: less is lost to alignment.
    abi::CPtr const plain = TRY(objects_->make(index, ObjectType::CNode, instance.row.slot_bits));
    instance.vspace = TRY(objects_->make(index, ObjectType::VSpace));
    instance.tcb = TRY(objects_->make(index, ObjectType::Tcb));
    instance.context = TRY(objects_->make(index, ObjectType::SchedContext));
    instance.endpoint = TRY(objects_->make(index, ObjectType::Endpoint));
    instance.notification = TRY(objects_->make(index, ObjectType::Notification));
    instance.cnode = plain;
    return {};
}

auto Builder::install_slots(std::size_t index, Instance const& instance) -> Result<> {
    auto const& row = instance.row;
    // As the root of a CSpace it skips the leading zeroes of a small CPtr.
    std::uint64_t const guard = 64U - row.slot_bits;
    abi::CPtr const untyped = TRY(objects_->make_block(index, row.untyped_bits));
    std::array const everyone{
        Installation{.slot = os::slot::kTcb, .source = instance.tcb},
        Installation{.slot = os::slot::kCNode, .source = instance.cnode, .badge = guard},
        Installation{.slot = os::slot::kVSpace, .source = instance.vspace},
        Installation{.slot = os::slot::kSchedContext, .source = instance.context},
        Installation{.slot = os::slot::kCoreControl,
                     .source = abi::init_slot::kFirstCoreControl + row.core,
                     .rights = core_rights(instance),
                     .badge = row.priority},
        Installation{.slot = os::slot::kSupervisor,
                     .source = endpoint_,
                     .rights = kCallerRights,
                     .badge = kSupervisorBadge | index},
        Installation{.slot = os::slot::kNotification, .source = instance.notification},
        Installation{.slot = os::slot::kService, .source = instance.endpoint},
        Installation{.slot = os::slot::kUntyped, .source = untyped}};
    for (Installation const& what : everyone) {
        TRY(install(instance, what));
    }
    return install_authority(instance);
}

auto Builder::install_authority(Instance const& instance) const -> Result<> {
    if (instance.has(manifest::flag::kIrqControl)) {
        TRY(install(instance, {.slot = os::slot::kIrqControl, .source = abi::init_slot::kIrqControl}));
    }
    if (instance.has(manifest::flag::kCores)) {
        auto const count = std::min<std::uint32_t>(boot_->core_count, os::slot::kGrantedCores);
        for (std::uint32_t core = 0; core < count; ++core) {
            TRY(install(instance, {.slot = static_cast<std::uint32_t>(os::slot::kFirstGrantedCore) + core,
                                   .source = abi::init_slot::kFirstCoreControl + core,
                                   .rights = core_rights(instance),
                                   .badge = instance.row.priority}));
        }
    }
    if (instance.has(manifest::flag::kDebugConsole)) {
        TRY(install(instance, {.slot = os::slot::kDebugConsole, .source = abi::init_slot::kDebugConsole}));
    }
    return {};
}

auto Builder::load_image(std::size_t index, Instance const& instance) -> Result<std::uint64_t> {
    auto const file = base::CpioArchive{initfs_of(*boot_)}.find(instance.binary);
    if (!file.has_value() || !file->is_file()) {
        return std::unexpected{Failure{"its program is not in the initfs"}};
    }
    auto const program =
        TRY(elf::Program::read(file->data, os::arch::kElfMachine, os::kImageAddress, os::kHeapAddress));
    AddressSpace space{*objects_, index, instance.vspace};
    for (elf::Segment const& segment : program.segments()) {
        TRY(space.load(segment));
    }
    std::uint64_t const stack = os::kStackTop - instance.row.stack_mapped;
    TRY(space.load({.address = stack,
                    .first_page = stack,
                    .page_count = instance.row.stack_mapped / base::kPageSize,
                    .data = {},
                    .rights = abi::rights::kRead | abi::rights::kWrite}));
    TRY(load_startup(space, instance));
    if (instance.has(manifest::flag::kInitfs)) {
        TRY(map_initfs(space));
    }
    return program.entry();
}

auto Builder::load_startup(AddressSpace& space, Instance const& instance) -> Result<> {
    auto const bytes = manifest_->startup(instance.row);
    std::ranges::copy(bytes, startup_.begin());
    // What the composer cannot know.
    std::memcpy(startup_.data() + offsetof(os::StartupInfo, timer_frequency), &boot_->timer_frequency,
                sizeof boot_->timer_frequency);
    startup_[offsetof(os::StartupInfo, started_again)] = std::byte{instance.lives.failures() != 0};
    if (instance.has(manifest::flag::kInitfs)) {
        std::memcpy(startup_.data() + offsetof(os::StartupInfo, initfs_size), &boot_->initfs_size,
                    sizeof boot_->initfs_size);
    }
    return space.load({.address = os::kStartupAddress,
                       .first_page = os::kStartupAddress,
                       .page_count = (bytes.size() + base::kPageSize - 1) / base::kPageSize,
                       .data = std::span{startup_}.first(bytes.size()),
                       .rights = abi::rights::kRead});
}

auto Builder::map_initfs(AddressSpace& space) -> Result<> {
    std::uint64_t address = os::kInitfsAddress;
    for (abi::CPtr frame = boot_->initfs_frames.first; frame < boot_->initfs_frames.end; ++frame) {
        auto const what = TRY(naming("looking at the initfs", kRoot.identify(kDepth, frame)));
        TRY(space.map_copy(frame, {address, abi::rights::kRead}));
        address += std::uint64_t{1} << what.size_bits;
    }
    return {};
}

auto Builder::prepare_thread(std::size_t index, Instance const& instance, std::uint64_t entry) -> Result<> {
    abi::CPtr const work = TRY(objects_->take_work_slots(2));
    abi::CPtr const root = work;
    abi::CPtr const faults = work + 1;
    std::uint64_t const guard = 64U - instance.row.slot_bits;
    TRY(naming("preparing its CSpace", kRoot.mint(kDepth, kDepth, abi::rights::kAll, root, kRoot.capability(),
                                                  instance.cnode, guard)));
    TRY(naming("preparing its fault endpoint",
               kRoot.mint(kDepth, kDepth, kCallerRights, faults, kRoot.capability(), endpoint_,
                          kSupervisorBadge | index)));
    TRY(naming("binding its notification",
               os::object::Tcb{instance.tcb}.bind_notification(instance.notification)));
    return prepare({.tcb = instance.tcb,
                    .context = instance.context,
                    .cspace = root,
                    .vspace = instance.vspace,
                    .faults = faults,
                    .entry = entry,
                    .stack_top = os::kStackTop,
                    .argument = os::kStartupAddress,
                    .core = instance.row.core,
                    .priority = instance.row.priority,
                    .budget = std::max<std::uint64_t>(boot_->timer_frequency / kTimeSlicesPerSecond, 1)});
}

} // namespace init
