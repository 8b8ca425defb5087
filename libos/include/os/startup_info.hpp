// SPDX-License-Identifier: MIT
/// What a component finds at `kStartupAddress`: its slots, ports, devices, parameters. The composer lays it
/// out (codegen/system/startup.py), init maps it read-only, the generated `Env` reads it by index.
///
/// Everything is little endian. Offsets count from the start of this structure; a text is an offset to
/// zero-terminated UTF-8. Tables hold fixed-size entries in the order of `component.yaml`.
#pragma once

#include "kernel/abi/message.hpp"

#include <array>
#include <cstdint>

namespace os {

/// Slots that every component has.
namespace slot {
inline constexpr abi::CPtr kTcb = 1;
inline constexpr abi::CPtr kCNode = 2;
inline constexpr abi::CPtr kVSpace = 3;
inline constexpr abi::CPtr kSchedContext = 4;
inline constexpr abi::CPtr kCoreControl = 5;  ///< with the component's own priority as the highest
inline constexpr abi::CPtr kSupervisor = 6;   ///< endpoint of init: takes fault messages
inline constexpr abi::CPtr kNotification = 7; ///< bound to the main thread: interrupts and events arrive here
inline constexpr abi::CPtr kService = 8;      ///< endpoint the component serves on, with every right
inline constexpr abi::CPtr kUntyped = 9;      ///< the component's own memory, one block
inline constexpr abi::CPtr kIrqControl = 10;  ///< empty unless the composition says so
inline constexpr abi::CPtr kDebugConsole = 11; ///< empty unless the composition says so
/// CoreControl of core 0 and, behind it, of the other cores that run, four at most; empty unless the
/// composition says so.
inline constexpr abi::CPtr kFirstGrantedCore = 12;
inline constexpr std::size_t kGrantedCores = 4;
inline constexpr abi::CPtr kFirstComposed = 16; ///< ports, devices and interrupts, as the tables say
} // namespace slot

/// The layout of a component's address space. The image is linked at `kImageAddress`.
inline constexpr std::uint64_t kStartupAddress = 0x0010'0000;
inline constexpr std::uint64_t kImageAddress = 0x0040'0000;
inline constexpr std::uint64_t kHeapAddress = 0x01'0000'0000;
inline constexpr std::uint64_t kWindowAddress = 0x08'0000'0000;
inline constexpr std::uint64_t kDeviceAddress = 0x0C'0000'0000;
inline constexpr std::uint64_t kScratchAddress = 0x10'0000'0000; ///< thread stacks and mappings libos makes
inline constexpr std::uint64_t kStackTop = 0x20'0000'0000;
inline constexpr std::uint64_t kInitfsAddress =
    0x30'0000'0000; ///< where a component that is given the initfs has it

/// Memory shared by a client and its server for one session, mapped in both. Size is a multiple of the page
/// size.
struct WindowInfo {
    std::uint64_t address;
    std::uint64_t size;
};

/// A port the component uses.
struct UsedPort {
    abi::CPtr endpoint; ///< badged for this session
    WindowInfo window;
    std::uint64_t event_badge; ///< bit of `slot::kNotification` that the server's events raise; 0: no events
    std::uint32_t name; ///< text: the name in component.yaml; 0: an optional port that is not connected
    std::uint32_t interface_hash;
};
static_assert(sizeof(UsedPort) == 40);

/// A client's session with a port the component provides. The badge of its messages is
/// `session | interface << 56`; `session` is the index in the table, `interface` the index of the provided
/// port.
struct Session {
    WindowInfo window;
    abi::CPtr event_notification; ///< signal-only, badged for the client; 0: no events
    std::uint64_t quota;          ///< what the route grants, meaning is the interface's
    std::uint64_t own;            ///< bytes the client was started with (image and `ram`)
    std::uint32_t client;         ///< text: instance name
    std::uint16_t interface_index;
    std::uint16_t allowed_methods; ///< reserved, all ones
};
static_assert(sizeof(Session) == 48);

/// A device the component drives.
struct DeviceInfo {
    std::uint64_t address; ///< registers, mapped uncached; 0 when it has none
    std::uint64_t size;
    std::uint64_t physical_address;
    abi::CPtr irq_handler;    ///< 0 when it has none
    std::uint64_t irq_badge;  ///< bit of `slot::kNotification` that the interrupt raises
    std::uint64_t clock_hz;   ///< of the device, 0 when the board file does not say
    std::uint32_t name;       ///< text: the name in component.yaml
    std::uint32_t compatible; ///< text: as the board file has it
};
static_assert(sizeof(DeviceInfo) == 56);

/// A parameter or argument: numbers and truth values in `value`, texts as an offset in `value`.
struct Parameter {
    std::uint32_t name;
    std::uint32_t
        kind; ///< 0 number, 1 truth value, 2 text, 3 list: `value` = offset of a zero-ended u64 list of texts
    std::uint64_t value;
};
static_assert(sizeof(Parameter) == 16);

struct Table {
    std::uint32_t offset;
    std::uint32_t count;
};

struct StartupInfo {
    static constexpr std::uint64_t kMagic = 0x5452'4154'534E'5254; ///< the bytes "TRNSTART"
    static constexpr std::uint32_t kVersion = 1;

    std::uint64_t magic;
    std::uint32_t version;
    std::uint32_t size;  ///< bytes of this structure with its tables and texts; at most 16 KiB
    std::uint32_t name;  ///< text: instance name
    std::uint32_t board; ///< text
    abi::CPtr first_free_slot;
    abi::CPtr end_of_slots;
    std::uint64_t untyped_bits; ///< log2 of the block in `slot::kUntyped`
    std::uint64_t stack_limit;  ///< bytes the main thread's stack may grow to, below `kStackTop`
    std::uint64_t stack_mapped; ///< bytes init has mapped there
    std::uint64_t heap_limit;   ///< bytes
    std::uint64_t initfs_size; ///< bytes mapped at `kInitfsAddress`, 0 when it is not given; init fills it in
    std::uint64_t timer_frequency; ///< ticks a second of the counter that all read; init fills it in
    std::uint8_t priority;
    std::uint8_t core;
    std::uint8_t started_again; ///< 1: an earlier life of the component has failed; init fills it in
    std::array<std::uint8_t, 5> padding;
    Table used_ports;     ///< UsedPort
    Table provided_ports; ///< std::uint32_t texts: the names in component.yaml
    Table sessions;       ///< Session
    Table devices;        ///< DeviceInfo
    Table parameters;     ///< Parameter
    Table arguments;      ///< std::uint32_t texts
};
static_assert(sizeof(StartupInfo) == 144);

} // namespace os
