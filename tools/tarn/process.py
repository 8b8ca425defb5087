# SPDX-License-Identifier: MIT
"""Running other programs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tarn import paths
from tarn.failure import ExitCode, Failure


def codegen(arguments: Sequence[str], *, cwd: Path = paths.ROOT, capture: bool = False) -> subprocess.CompletedProcess[str]:
    """Runs the generator; its exit code and diagnostics are the user's to see."""
    environment = os.environ | {"PYTHONPATH": str(paths.ROOT)}
    return subprocess.run([paths.PYTHON, "-m", "codegen", *arguments], cwd=cwd, env=environment, text=True,
                          stdout=subprocess.PIPE if capture else None, check=False)


def codegen_or_fail(arguments: Sequence[str]) -> None:
    """Runs the generator for a step that cannot go on without it. Its own messages say why it failed."""
    answer = codegen(arguments)
    if answer.returncode != 0:
        code = ExitCode.USAGE if answer.returncode == ExitCode.USAGE else ExitCode.FAILED
        raise Failure("", code)
