# SPDX-License-Identifier: MIT
"""The files that a composition adds to the initfs."""

from __future__ import annotations

from pathlib import Path

from codegen.diagnostics import Note, Reporter
from codegen.system.composition import Composition, FileToAdd

MAX_FILE = 64 << 20


def source_of(file: FileToAdd) -> Path:
    """Where a file is on this machine: beside the YAML file that names it."""
    return Path(file.source.span.file).parent / file.source.value


def check_files(composition: Composition, reporter: Reporter) -> None:
    """Reports files that are not there, and paths that cannot both exist."""
    for folder in composition.component_folders:
        if not (Path(folder.span.file).parent / folder.value).is_dir():
            reporter.error(
                "SYS0002",
                f"there is no folder '{folder.value[:60]}'",
                folder.span,
                help="correct the path; it is relative to this YAML file",
            )
    paths = {file.path.value: file.path.span for file in composition.files}
    for file in composition.files:
        for parent in Path(file.path.value).parents:
            if str(parent) in paths:
                reporter.error(
                    "SYS0036",
                    f"'{parent}' cannot be both a file and the folder of '{file.path.value[:60]}'",
                    file.path.span,
                    notes=[Note("it is a file here", paths[str(parent)])],
                    help="rename one of them",
                )
        source = source_of(file)
        try:
            usable = source.is_file() and source.stat().st_size <= MAX_FILE
        except (OSError, ValueError):
            usable = False
        if not usable:
            reporter.error(
                "SYS0002",
                f"cannot read '{source}': not a file of at most 64 MiB",
                file.source.span,
                help="create the file or correct the path; it is relative to this YAML file",
            )
