// SPDX-License-Identifier: MIT
/// Windows, ports, devices, grants.
#include "components/init/wiring.hpp"

#include "base/address.hpp"
#include "base/result.hpp"
#include "components/init/address_space.hpp"
#include "components/init/builder.hpp"
#include "generated/object/core_control.hpp"
#include "generated/object/irq_control.hpp"
#include "generated/object/irq_handler.hpp"

#include <algorithm>
#include <span>

namespace init {
namespace {

constexpr std::uint8_t kReadWrite = abi::rights::kRead | abi::rights::kWrite;

enum class PortKind : std::uint16_t { Service = 0, Notification = 1, Process = 2 };

/// Calls `step` with the index of each row, until it fails.
template <typename Step>
auto each(manifest::Table rows, Step const& step) -> Result<> {
    for (std::uint32_t entry = rows.offset; entry < rows.offset + rows.count; ++entry) {
        TRY(step(entry));
    }
    return {};
}

/// The board file has one line for the alarms of all cores: each core's own has another number.
auto line_on(std::uint32_t core, std::uint32_t line) -> Result<std::uint32_t> {
    os::object::CoreControl const first{abi::init_slot::kFirstCoreControl};
    os::object::CoreControl const own{abi::init_slot::kFirstCoreControl + core};
    auto const of_first = TRY(naming("asking for an alarm's line", first.info()));
    auto const of_own = TRY(naming("asking for an alarm's line", own.info()));
    return line == of_first.alarm_irq ? of_own.alarm_irq : line;
}

} // namespace

auto Wiring::connect_init() -> Result<> {
    TRY(manifest_->check_init());
    AddressSpace space{*objects_, kCommon, abi::init_slot::kVSpace};
    auto const rows = manifest_->init_windows();
    for (std::uint32_t row = rows.offset; row < rows.offset + rows.count; ++row) {
        auto const window = manifest_->window(row);
        Frames const frames = TRY(window_frames(window));
        for (std::uint64_t page = 0; page < window.size / base::kPageSize; ++page) {
            TRY(space.map(frames.first + page, {window.address + page * base::kPageSize, kReadWrite}));
        }
    }
    return {};
}

auto Wiring::connect(std::size_t index) -> Result<> {
    Instance const& instance = instances_->all()[index];
    auto const& row = instance.row;
    TRY(each(row.windows,
             [&](std::uint32_t entry) { return connect_window(index, manifest_->window(entry)); }));
    TRY(each(row.ports, [&](std::uint32_t entry) { return connect_port(instance, manifest_->port(entry)); }));
    TRY(each(row.devices,
             [&](std::uint32_t entry) { return connect_device(index, manifest_->device(entry)); }));
    return each(row.grants, [&](std::uint32_t entry) -> Result<> {
        auto const wanted = manifest_->grant(entry);
        return wanted.size_bits == 0 ? Result<>{} : grant(instance, wanted.slot, wanted.size_bits);
    });
}

auto Wiring::reconnect(std::size_t index) -> Result<> {
    TRY(connect(index));
    for (Instance const& other : instances_->all()) {
        if (!other.alive() || &other == &instances_->all()[index]) {
            continue;
        }
        auto const rows = other.row.ports;
        for (std::uint32_t entry = rows.offset; entry < rows.offset + rows.count; ++entry) {
            auto const port = manifest_->port(entry);
            if (static_cast<PortKind>(port.kind) != PortKind::Process && port.target == index) {
                (void)connect_port(other, port); // its slot is empty, unless it has filled it itself
            }
        }
    }
    return {};
}

auto Wiring::connect_window(std::size_t index, manifest::Window const& window) -> Result<> {
    AddressSpace space{*objects_, index, instances_->all()[index].vspace};
    Frames const frames = TRY(window_frames(window));
    for (std::uint64_t page = 0; page < window.size / base::kPageSize; ++page) {
        TRY(space.map_copy(frames.first + page, {window.address + page * base::kPageSize, kReadWrite}));
    }
    return {};
}

auto Wiring::window_frames(manifest::Window const& window) -> Result<Frames> {
    auto const known = std::span{windows_}.first(window_count_);
    auto const same = std::ranges::find(known, window.id, &Frames::id);
    if (same != known.end()) {
        if (same->size != window.size) {
            return std::unexpected{Failure{"the two sides of a window differ in size"}};
        }
        return *same;
    }
    if (window_count_ == kMaxWindows) {
        return std::unexpected{Failure{"there are too many windows"}};
    }
    auto const pages = window.size / base::kPageSize;
    abi::CPtr const first = TRY(objects_->take_slots(pages));
    for (std::uint64_t done = 0; done < pages; done += abi::kMaxRetypeCount) {
        auto const count =
            static_cast<std::uint16_t>(std::min<std::uint64_t>(pages - done, abi::kMaxRetypeCount));
        TRY(objects_->make_in(first + done, kCommon, abi::ObjectType::Frame, abi::kSmallFrameBits, count));
    }
    windows_[window_count_++] = {.id = window.id, .first = first, .size = window.size};
    return windows_[window_count_ - 1];
}

auto Wiring::connect_port(Instance const& instance, manifest::Port const& port) -> Result<> {
    auto const kind = static_cast<PortKind>(port.kind);
    if (kind == PortKind::Process) {
        return install(
            instance, {.slot = port.slot, .source = endpoint_, .rights = kCallerRights, .badge = port.badge});
    }
    Instance const& target = instances_->all()[port.target];
    if (!target.alive()) {
        return {};
    }
    if (kind == PortKind::Notification) {
        return install(instance, {.slot = port.slot,
                                  .source = target.notification,
                                  .rights = abi::rights::kWrite,
                                  .badge = port.badge});
    }
    return install(
        instance,
        {.slot = port.slot, .source = target.endpoint, .rights = kCallerRights, .badge = port.badge});
}

auto Wiring::connect_device(std::size_t index, manifest::Device const& device) -> Result<> {
    Instance const& instance = instances_->all()[index];
    AddressSpace space{*objects_, index, instance.vspace};
    for (std::uint64_t offset = 0; offset < device.size; offset += base::kPageSize) {
        abi::CPtr const frame = TRY(objects_->device_frame(index, device.physical_address + offset));
        TRY(space.map_copy(frame, {device.address + offset, kReadWrite, Caching::Uncached}));
    }
    if (device.irq == Manifest::kNoInterrupt) {
        return {};
    }
    return connect_interrupt(instance, device);
}

auto Wiring::connect_interrupt(Instance const& instance, manifest::Device const& device) -> Result<> {
    abi::CPtr const work = TRY(objects_->take_work_slots(2));
    abi::CPtr const handler = work;
    abi::CPtr const signal = work + 1;
    auto const trigger = static_cast<std::uint8_t>(device.trigger);
    auto const line = TRY(line_on(instance.row.core, device.irq));
    TRY(naming("taking an interrupt line", os::object::IrqControl{abi::init_slot::kIrqControl}.get(
                                               trigger, kDepth, line, kRoot.capability(), handler)));
    // It interrupts the core that its driver is on, where the hardware can do that.
    (void)os::object::IrqHandler{handler}.set_core(abi::init_slot::kFirstCoreControl + instance.row.core);
    TRY(naming("preparing an interrupt",
               kRoot.mint(kDepth, kDepth, abi::rights::kWrite, signal, kRoot.capability(),
                          instance.notification, device.irq_badge)));
    TRY(naming("preparing an interrupt", os::object::IrqHandler{handler}.set_notification(signal)));
    return naming("installing an interrupt",
                  os::object::CNode{instance.cnode}.move(instance.row.slot_bits, kDepth, device.irq_slot,
                                                         kRoot.capability(), handler));
}

auto Wiring::grant_rest(std::size_t index) -> Result<> {
    Instance const& instance = instances_->all()[index];
    auto const rows = instance.row.grants;
    for (std::uint32_t entry = rows.offset; entry < rows.offset + rows.count; ++entry) {
        auto const wanted = manifest_->grant(entry);
        if (wanted.size_bits != 0) {
            continue;
        }
        auto const largest = objects_->pool().largest();
        if (!largest.has_value() || *largest < kSmallestRest) {
            break;
        }
        TRY(grant(instance, wanted.slot, *largest));
    }
    return {};
}

/// The block does not count as a part of the component: what others have of it outlives it.
auto Wiring::grant(Instance const& instance, std::uint32_t slot, unsigned size_bits) -> Result<> {
    abi::CPtr const block = TRY(objects_->make(kCommon, abi::ObjectType::Untyped, size_bits));
    return install(instance, {.slot = slot, .source = block});
}

} // namespace init
