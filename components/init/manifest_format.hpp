// SPDX-License-Identifier: MIT
/// The compiled composition, file `manifest` in the initfs. The composer writes it
/// (codegen/system/manifest.py), init checks every field before it uses one.
///
/// Little endian. Tables follow the header; offsets count from the start of the file; a text is an offset to
/// zero-terminated UTF-8. Components are in the order in which they start: each after those it depends on.
#pragma once

#include <array>
#include <cstdint>

namespace init::manifest {

inline constexpr std::uint64_t kMagic = 0x494E'414D'4E52'4154; ///< the bytes "TARNMANI"
inline constexpr std::uint32_t kVersion = 1;

struct Table {
    std::uint32_t offset;
    std::uint32_t count;
};

/// One instance. Its rows in the other tables are consecutive: `first` and `count` within the table.
struct Component {
    std::uint32_t name;   ///< text
    std::uint32_t binary; ///< text: path of the ELF file in the initfs, such as "bin/shell"
    std::uint8_t priority;
    std::uint8_t core;
    std::uint8_t slot_bits;       ///< log2 of the slots of its CNode
    std::uint8_t untyped_bits;    ///< log2 of the block it starts with
    std::uint32_t flags;          ///< `flag::`
    std::uint64_t stack_mapped;   ///< bytes of stack that init maps
    std::uint32_t startup_offset; ///< the startup page as the component will find it
    std::uint32_t startup_size;   ///< bytes
    Table windows;                ///< `offset` here: index of the first row; Window
    Table ports;                  ///< likewise; Port
    Table devices;                ///< likewise; Device
    Table grants;                 ///< likewise; Grant
};
static_assert(sizeof(Component) == 64);

namespace flag {
inline constexpr std::uint32_t kInitfs = 1U << 0U;        ///< map the initfs read-only
inline constexpr std::uint32_t kIrqControl = 1U << 1U;    ///< give it IrqControl
inline constexpr std::uint32_t kDebugConsole = 1U << 2U;  ///< give it the kernel's console
inline constexpr std::uint32_t kWaitReady = 1U << 3U;     ///< start the next only when it says it is ready
inline constexpr std::uint32_t kPowerOff = 1U << 4U;      ///< Process.power_off is allowed
inline constexpr std::uint32_t kAlarm = 1U << 5U;         ///< its CoreControl may set the core's alarm
inline constexpr std::uint32_t kProcessServer = 1U << 6U; ///< reserved
inline constexpr std::uint32_t kCores = 1U << 7U;         ///< its threads may run on any core
/// From this bit on: how often it is started again when it fails.
inline constexpr unsigned kRestartsShift = 24;
} // namespace flag

/// A shared window, a row for each side. The rows with the same `id` name the same memory.
struct Window {
    std::uint32_t id;
    std::uint32_t reserved;
    std::uint64_t address;
    std::uint64_t size;
};
static_assert(sizeof(Window) == 24);

/// A capability to install: what it is made from, where it goes.
struct Port {
    std::uint32_t slot;
    std::uint16_t kind;   ///< 0: endpoint `slot::kService` of `target`; 1: notification of `target`, signal
                          ///< only; 2: init's own endpoint (the Process interface)
    std::uint16_t target; ///< index of a component
    std::uint64_t badge;
};
static_assert(sizeof(Port) == 16);

struct Device {
    std::uint64_t physical_address; ///< page aligned
    std::uint64_t size;             ///< multiple of the page size, 0: interrupt only
    std::uint64_t address;          ///< where to map it
    std::uint32_t irq;              ///< all ones: none
    std::uint32_t irq_slot;
    std::uint64_t irq_badge; ///< for the component's notification
    std::uint32_t trigger;   ///< 0 level, 1 edge
    std::uint32_t reserved;
};
static_assert(sizeof(Device) == 48);

/// More untyped memory, for a component that hands memory out.
struct Grant {
    std::uint32_t slot;
    std::uint32_t size_bits; ///< 0: as large a block as is left when it is started
};
static_assert(sizeof(Grant) == 8);

struct Header {
    std::uint64_t magic;
    std::uint32_t version;
    std::uint32_t size;  ///< bytes of the whole file
    std::uint32_t crc32; ///< IEEE, of the whole file with this field zero
    std::uint32_t board; ///< text
    Table components;
    Table windows;
    Table ports;
    Table devices;
    Table grants;
    std::uint32_t
        init_startup_offset; ///< a startup page for init itself: its sessions of the Process interface
    std::uint32_t init_startup_size;
    Table init_windows; ///< rows of the window table that init maps for itself
};
static_assert(sizeof(Header) == 80);

} // namespace init::manifest
