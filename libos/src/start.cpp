// SPDX-License-Identifier: MIT
/// The order in which a program comes to life.
#include "start.hpp"

#include "heap_region.hpp"
#include "memory_manager.hpp"
#include "os/arch.hpp"
#include "os/rpc.hpp"
#include "os/syscall.hpp"
#include "os/thread.hpp"
#include "report.hpp"
#include "resources.hpp"
#include "runtime.hpp"
#include "tls.hpp"

// Defined by user.ld: the constructors of static objects.
// NOLINTBEGIN(readability-identifier-naming): names of the linker script.
extern "C" {
using Constructor = void (*)();
extern Constructor const os_init_array_start[];
extern Constructor const os_init_array_end[];
}
// NOLINTEND(readability-identifier-naming)

namespace os {

namespace {

void set_up_main_thread() {
    // It is the thread's own, and any address will do.
    (void)object::Tcb{slot::kTcb}.set_tls(prepare_tls(main_tls_block()));
    auto const state = object::Tcb{slot::kTcb}.state();
    if (state) {
        runtime.priority = state->priority;
    }
}

void run_constructors() {
    for (auto const* constructor = os_init_array_start; constructor != os_init_array_end; ++constructor) {
        (*constructor)();
    }
}

/// An earlier life of this component has left things with its servers: files, alarms, memory. A server that
/// is gone, or keeps nothing of its sessions, needs no telling.
void begin_sessions_anew(StartupView const& startup) {
    for (auto const& port : startup.used_ports()) {
        if (port.name != 0) {
            (void)call(port.endpoint, Message{.tag = abi::MessageTag{rpc::kForgetSession, 0}, .words = {}});
        }
    }
}

} // namespace

auto start_component(std::uint64_t address) -> StartupView {
    runtime.core_control = slot::kCoreControl;
    runtime.debug_console = slot::kDebugConsole;
    runtime.supervisor = slot::kSupervisor;
    set_up_main_thread();

    // Init maps the page there; how much of it counts is what it says itself, and checked.
    auto const* const page = reinterpret_cast<std::byte const*>(address);
    auto const startup = StartupView::create({page, StartupView::kMaxSize});
    if (!startup) {
        fail_component("the start-up page is damaged");
    }

    auto const& info = startup->info();
    arch::set_counter_frequency(info.timer_frequency);
    runtime.stack_limit = info.stack_limit;
    heap_region.set_limit(info.heap_limit);
    memory_manager = MemoryManager{slot::kUntyped, static_cast<unsigned>(info.untyped_bits)};
    add_free_slots({.first = info.first_free_slot, .end = info.end_of_slots});
    start_pager();
    if (info.started_again != 0) {
        begin_sessions_anew(*startup);
    }
    run_constructors();
    return *startup;
}

auto start_init(std::uint64_t address) -> abi::BootInfo const& {
    runtime.core_control = abi::init_slot::kFirstCoreControl;
    runtime.debug_console = abi::init_slot::kDebugConsole;
    set_up_main_thread();
    // The kernel has written the page before it started this thread.
    auto const& boot_info = *reinterpret_cast<abi::BootInfo const*>(address);
    if (boot_info.magic != abi::BootInfo::kMagic || boot_info.version != abi::BootInfo::kVersion) {
        fail_component("the boot information is damaged");
    }
    arch::set_counter_frequency(boot_info.timer_frequency);
    run_constructors();
    return boot_info;
}

void finish() { end_component(0); }

} // namespace os
