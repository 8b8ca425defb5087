# SPDX-License-Identifier: MIT
"""The composer's tables of C++ structures agree with the headers: the compiler is asked."""

from __future__ import annotations

import subprocess
from pathlib import Path

from codegen.system.formats import IMAGE_MAGIC, LAYOUTS, MANIFEST_MAGIC, PAYLOAD_MAGIC, STARTUP_MAGIC
from codegen.system.layout import SIZES, Layout
from codegen.system.manifest import FLAG_WAIT_READY, GRANT_FLAGS, REST_OF_MEMORY
from codegen.system.plan_model import DEVICE_ADDRESS, SCRATCH_ADDRESS, SLOT_FIRST_COMPOSED, SLOT_SERVICE, WINDOW_ADDRESS
from codegen.system.startup import STARTUP_VERSION

ROOT = Path(__file__).resolve().parents[2]

VALUES = {
    "os::StartupInfo::kMagic": STARTUP_MAGIC,
    "os::StartupInfo::kVersion": STARTUP_VERSION,
    "os::slot::kService": SLOT_SERVICE,
    "os::slot::kFirstComposed": SLOT_FIRST_COMPOSED,
    "os::kWindowAddress": WINDOW_ADDRESS,
    "os::kDeviceAddress": DEVICE_ADDRESS,
    "os::kScratchAddress": SCRATCH_ADDRESS,
    "init::manifest::kMagic": MANIFEST_MAGIC,
    "init::manifest::flag::kInitfs": GRANT_FLAGS["initfs"],
    "init::manifest::flag::kIrqControl": GRANT_FLAGS["irq-control"],
    "init::manifest::flag::kDebugConsole": GRANT_FLAGS["debug-console"],
    "init::manifest::flag::kCores": GRANT_FLAGS["cores"],
    "init::manifest::flag::kPowerOff": GRANT_FLAGS["power-off"],
    "init::manifest::flag::kAlarm": GRANT_FLAGS["alarm"],
    "init::manifest::flag::kWaitReady": FLAG_WAIT_READY,
    "kernel::boot::ImageHeader::kMagic": IMAGE_MAGIC,
    "kernel::boot::Payload::kMagic": PAYLOAD_MAGIC,
}


def test_layouts_are_those_of_the_headers(tmp_path: Path) -> None:
    lines = [f'#include "{header}"' for header in sorted({layout.header for layout in LAYOUTS})]
    lines += ["#include <cstddef>"]
    lines += [line for layout in LAYOUTS for line in _assertions(layout)]
    lines += [f"static_assert({name} == {value}ULL);" for name, value in VALUES.items()]
    source = tmp_path / "layouts.cpp"
    source.write_text("\n".join(lines) + "\n")
    command = ["g++", "-std=c++23", "-fsyntax-only", f"-I{ROOT}", f"-I{ROOT}/libos/include", str(source)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def _assertions(layout: Layout) -> list[str]:
    lines = [f"static_assert(sizeof({layout.name}) == {layout.size});"]
    lines += [f"static_assert(alignof({layout.name}) == {layout.alignment});"]
    for field in layout.fields:
        lines.append(f"static_assert(offsetof({layout.name}, {field.name}) == {field.offset});")
        lines.append(f"static_assert(sizeof({layout.name}::{field.name}) == {field.size});")
    return lines


def test_every_field_round_trips() -> None:
    for layout in LAYOUTS:
        for field in layout.fields:
            value = (1 << (8 * field.size - 1)) | 1
            data = layout.pack(**{field.name: value})
            assert len(data) == layout.size
            assert int.from_bytes(data[field.offset : field.offset + field.size], "little") == value
            assert data.count(0) >= layout.size - 2
    assert SIZES == {"u8": 1, "u16": 2, "u32": 4, "u64": 8}
    assert REST_OF_MEMORY == 0
