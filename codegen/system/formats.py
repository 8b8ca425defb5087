# SPDX-License-Identifier: MIT
"""The structures that the composer writes, field by field as the headers have them."""

from __future__ import annotations

from codegen.system.layout import Layout, struct

STARTUP_HEADER = "os/startup_info.hpp"
MANIFEST_HEADER = "components/init/manifest_format.hpp"
PAYLOAD_HEADER = "kernel/boot/payload.hpp"

TABLE = struct("os::Table", STARTUP_HEADER, {"offset": "u32", "count": "u32"})

WINDOW_INFO = struct("os::WindowInfo", STARTUP_HEADER, {"address": "u64", "size": "u64"})

USED_PORT = struct(
    "os::UsedPort",
    STARTUP_HEADER,
    {"endpoint": "u64", "window": WINDOW_INFO, "event_badge": "u64", "name": "u32", "interface_hash": "u32"},
)

SESSION = struct(
    "os::Session",
    STARTUP_HEADER,
    {
        "window": WINDOW_INFO,
        "event_notification": "u64",
        "quota": "u64",
        "own": "u64",
        "client": "u32",
        "interface_index": "u16",
        "allowed_methods": "u16",
    },
)

DEVICE_INFO = struct(
    "os::DeviceInfo",
    STARTUP_HEADER,
    {
        "address": "u64",
        "size": "u64",
        "physical_address": "u64",
        "irq_handler": "u64",
        "irq_badge": "u64",
        "clock_hz": "u64",
        "name": "u32",
        "compatible": "u32",
    },
)

PARAMETER = struct("os::Parameter", STARTUP_HEADER, {"name": "u32", "kind": "u32", "value": "u64"})

STARTUP_INFO = struct(
    "os::StartupInfo",
    STARTUP_HEADER,
    {
        "magic": "u64",
        "version": "u32",
        "size": "u32",
        "name": "u32",
        "board": "u32",
        "first_free_slot": "u64",
        "end_of_slots": "u64",
        "untyped_bits": "u64",
        "stack_limit": "u64",
        "stack_mapped": "u64",
        "heap_limit": "u64",
        "initfs_size": "u64",
        "timer_frequency": "u64",
        "priority": "u8",
        "core": "u8",
        "started_again": "u8",
        "padding": ("u8", 5),
        "used_ports": TABLE,
        "provided_ports": TABLE,
        "sessions": TABLE,
        "devices": TABLE,
        "parameters": TABLE,
        "arguments": TABLE,
    },
)

MANIFEST_TABLE = struct("init::manifest::Table", MANIFEST_HEADER, {"offset": "u32", "count": "u32"})

COMPONENT = struct(
    "init::manifest::Component",
    MANIFEST_HEADER,
    {
        "name": "u32",
        "binary": "u32",
        "priority": "u8",
        "core": "u8",
        "slot_bits": "u8",
        "untyped_bits": "u8",
        "flags": "u32",
        "stack_mapped": "u64",
        "startup_offset": "u32",
        "startup_size": "u32",
        "windows": MANIFEST_TABLE,
        "ports": MANIFEST_TABLE,
        "devices": MANIFEST_TABLE,
        "grants": MANIFEST_TABLE,
    },
)

WINDOW = struct(
    "init::manifest::Window", MANIFEST_HEADER, {"id": "u32", "reserved": "u32", "address": "u64", "size": "u64"}
)

PORT = struct("init::manifest::Port", MANIFEST_HEADER, {"slot": "u32", "kind": "u16", "target": "u16", "badge": "u64"})

DEVICE = struct(
    "init::manifest::Device",
    MANIFEST_HEADER,
    {
        "physical_address": "u64",
        "size": "u64",
        "address": "u64",
        "irq": "u32",
        "irq_slot": "u32",
        "irq_badge": "u64",
        "trigger": "u32",
        "reserved": "u32",
    },
)

GRANT = struct("init::manifest::Grant", MANIFEST_HEADER, {"slot": "u32", "size_bits": "u32"})

HEADER = struct(
    "init::manifest::Header",
    MANIFEST_HEADER,
    {
        "magic": "u64",
        "version": "u32",
        "size": "u32",
        "crc32": "u32",
        "board": "u32",
        "components": MANIFEST_TABLE,
        "windows": MANIFEST_TABLE,
        "ports": MANIFEST_TABLE,
        "devices": MANIFEST_TABLE,
        "grants": MANIFEST_TABLE,
        "init_startup_offset": "u32",
        "init_startup_size": "u32",
        "init_windows": MANIFEST_TABLE,
    },
)

IMAGE_HEADER = struct(
    "kernel::boot::ImageHeader", PAYLOAD_HEADER, {"magic": "u64", "payload_offset": "u64", "payload_size": "u64"}
)

SEGMENT = struct(
    "kernel::boot::Segment",
    PAYLOAD_HEADER,
    {"address": "u64", "memory_size": "u64", "offset": "u64", "file_size": "u64", "rights": "u64"},
)

MAX_SEGMENTS = 4

PAYLOAD = struct(
    "kernel::boot::Payload",
    PAYLOAD_HEADER,
    {
        "magic": "u64",
        "version": "u32",
        "segment_count": "u32",
        "entry": "u64",
        "initfs_offset": "u64",
        "initfs_size": "u64",
        "core_count": "u64",
        "segments": (SEGMENT, MAX_SEGMENTS),
    },
)

STARTUP_MAGIC = int.from_bytes(b"TRNSTART", "little")
MANIFEST_MAGIC = int.from_bytes(b"TARNMANI", "little")
IMAGE_MAGIC = int.from_bytes(b"TRNIMAGE", "little")
PAYLOAD_MAGIC = int.from_bytes(b"TARNPAYL", "little")

LAYOUTS: tuple[Layout, ...] = (
    TABLE, WINDOW_INFO, USED_PORT, SESSION, DEVICE_INFO, PARAMETER, STARTUP_INFO, MANIFEST_TABLE, COMPONENT, WINDOW,
    PORT, DEVICE, GRANT, HEADER, IMAGE_HEADER, SEGMENT, PAYLOAD,
)  # fmt: skip
