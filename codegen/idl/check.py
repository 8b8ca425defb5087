# SPDX-License-Identifier: MIT
"""Rules that a file must keep, one function each."""

from __future__ import annotations

from codegen.diagnostics import Reporter
from codegen.idl import model
from codegen.idl.scope import Scope


def check(scopes: dict[str, Scope], interfaces: dict[str, model.Interface],
          imported: dict[str, dict[str, model.Interface]], reporter: Reporter) -> None:
    """Every rule on every file."""
