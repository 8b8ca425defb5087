# SPDX-License-Identifier: MIT
"""Running other programs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from tarn import paths
from tarn.failure import ExitCode, Failure


def codegen(arguments: Sequence[str]) -> int:
    """Runs the generator, whose messages are the user's to see; its exit code."""
    environment = os.environ | {"PYTHONPATH": str(paths.ROOT)}
    return subprocess.run([paths.PYTHON, "-m", "codegen", *arguments], cwd=paths.ROOT, env=environment,
                          check=False).returncode


def codegen_or_fail(arguments: Sequence[str]) -> None:
    """Runs the generator for a step that cannot go on without it. Its own messages say why it failed."""
    code = codegen(arguments)
    if code != 0:
        raise Failure("", ExitCode.USAGE if code == ExitCode.USAGE else ExitCode.FAILED)
