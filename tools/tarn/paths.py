# SPDX-License-Identifier: MIT
"""Where things are in a checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOARDS = ROOT / "boards"
BUILD = ROOT / "build"
DEFAULT_SYSTEM = ROOT / "system.yaml"
PYTHON = "/usr/bin/python3"


def shown(path: Path) -> str:
    """The path as a user in the checkout would write it."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
