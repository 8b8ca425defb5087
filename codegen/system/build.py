# SPDX-License-Identifier: MIT
"""A checked system, a kernel and programs to the files of an image."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from codegen.diagnostics import Reporter
from codegen.system.cpio import ArchiveFile, archive
from codegen.system.files import source_of
from codegen.system.image import image, read_kernel
from codegen.system.manifest import manifest
from codegen.system.plan import make_plan
from codegen.system.plan_model import Plan
from codegen.system.programs import Executable, read_programs
from codegen.system.summary import manifest_json, map_text
from codegen.system.system import INIT, System

IMAGE = "image.bin"


@dataclass(frozen=True)
class Output:
    """A file of the image's folder."""

    name: str
    data: bytes


def build(system: System, kernel_file: Path, programs: Path, reporter: Reporter) -> tuple[Output, ...] | None:
    """Everything that is written, or None after a report. Precondition: the checks have found nothing."""
    kernel = read_kernel(kernel_file, system.composition.span, reporter)
    executables = read_programs(system, programs, reporter)
    if kernel is None or executables is None:
        return None
    images = {member.name: executables[member.component.name].program.memory for member in system.members}
    plan = make_plan(system, images, reporter)
    compiled = manifest(plan, reporter) if plan is not None else None
    if plan is None or compiled is None:
        return None
    initfs = _initfs(plan, compiled, executables, reporter)
    if initfs is None:
        return None
    whole = image(kernel, executables[INIT].program, initfs, system.composition.cores.value)
    _check_total(plan, len(whole), reporter)
    names = dict.fromkeys((IMAGE, system.board.image))
    return (
        *(Output(name, whole) for name in names),
        Output("initfs.cpio", initfs),
        Output("manifest.json", manifest_json(plan, executables, len(whole), len(initfs)).encode()),
        Output("map.txt", map_text(plan).encode()),
    )


def _initfs(
    plan: Plan, compiled: bytes, executables: Mapping[str, Executable], reporter: Reporter
) -> bytes | None:
    """The archive: the manifest, the programs, what the composition adds; init is not in it."""
    files = [ArchiveFile("manifest", compiled)]
    for name, executable in executables.items():
        if name != INIT:
            files.append(ArchiveFile(f"bin/{name}", executable.data, is_program=True))
    for file in sorted(plan.system.composition.files, key=lambda item: item.path.value):
        source = source_of(file)
        try:
            files.append(ArchiveFile(file.path.value, source.read_bytes()))
        except OSError as error:
            reporter.error("SYS0002", f"cannot read '{source}': {error.strerror}", file.source.span, help="see to it")
            return None
    return archive(files)


def _check_total(plan: Plan, image_size: int, reporter: Reporter) -> None:
    """The image itself takes RAM, too: with it the sum is exact."""
    board = plan.system.board
    total = image_size + sum(component.share.total for component in plan.components)
    if total > board.ram:
        reporter.error(
            "SYS0032",
            f"the image and its instances take {total >> 10}KiB, but {board.name} has {board.ram >> 10}KiB of RAM",
            plan.system.composition.span,
            help="lower 'ram' of the largest instance, or leave files out",
        )
