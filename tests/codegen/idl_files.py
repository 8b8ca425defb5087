# SPDX-License-Identifier: MIT
"""Where the tests of the IDL compiler find their files."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IDL = ROOT / "idl"
KERNEL_IDL = IDL / "kernel"
FOLDER = Path(__file__).resolve().parent
NEGATIVE = FOLDER / "negative"
GOLDENS = FOLDER / "goldens" / "idl"
INPUTS = FOLDER / "inputs"
