# SPDX-License-Identifier: MIT
"""`./tarn size`: what the kernel and each component take."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from typing import Any

from tarn import builder, elf, packages, paths
from tarn.commands import shared

KERNEL_TEXT_BUDGET = 40 * 1024
EPILOG = """\
text, boot, rodata, data and bss are bytes of the program, boot being code that only starts it; memory is what the
composition gives the instance. The kernel's .text may be at most 40 KiB.

exit codes: 0 within the kernel's budget; 1 beyond it, or a build that failed; 2 wrong usage; 3 Debian packages are
missing
"""


@dataclass(frozen=True)
class Row:
    """An instance: its program's sections, and the memory it is given."""

    name: str
    binary: str
    program: elf.Sizes
    memory: int


def register(commands: shared.Subparsers) -> None:
    parser = commands.add_parser("size", help="report the kernel's .text and each component's memory",
                                 epilog=EPILOG, description="Builds the system and reports what takes how much.")
    shared.add_system(parser)
    parser.add_argument("--no-build", action="store_true", help="report on what was built last")
    shared.add_json(parser)
    parser.set_defaults(handler=handle)


def handle(options: argparse.Namespace) -> int:
    image = shared.image(options, build=not options.no_build, needed=packages.to_build)
    built = paths.BUILD / image.board.name
    kernel = elf.sizes(built / "kernel" / "kernel.elf")
    rows = _rows(image)
    image_bytes = image.file.stat().st_size
    if options.json:
        print(json.dumps({"system": image.name, "board": image.board.name, "image": image_bytes,
                          "kernel": asdict(kernel) | {"text_budget": KERNEL_TEXT_BUDGET},
                          "components": [{"name": row.name, "binary": row.binary, "memory": row.memory}
                                         | asdict(row.program) for row in rows]}, indent=2))
    else:
        _print(image, kernel, rows, image_bytes)
    return 0 if kernel.text <= KERNEL_TEXT_BUDGET else 1


def _rows(image: builder.Image) -> list[Row]:
    described: dict[str, Any] = json.loads(image.description.read_text())
    programs = paths.BUILD / image.board.name / "programs"
    rows = []
    for instance in described["components"]:
        binary = str(instance["binary"]).removeprefix("bin/")
        rows.append(Row(str(instance["name"]), binary, elf.sizes(programs / binary), int(instance["memory"])))
    return rows


def _print(image: builder.Image, kernel: elf.Sizes, rows: list[Row], image_bytes: int) -> None:
    print(f"{image.name} on {image.board.name}: image {image_bytes} bytes; kernel .text {kernel.text} of at most "
          f"{KERNEL_TEXT_BUDGET}")
    print(f"{'component':16}{'binary':16}{'text':>9}{'boot':>9}{'rodata':>9}{'data':>9}{'bss':>9}{'memory':>12}")
    for name, binary, sizes, memory in [("kernel", "", kernel, 0),
                                        *((row.name, row.binary, row.program, row.memory) for row in rows)]:
        given = str(memory) if memory else ""
        print(f"{name:16}{binary:16}{sizes.text:9}{sizes.boot:9}{sizes.rodata:9}{sizes.data:9}{sizes.bss:9}"
              f"{given:>12}")
