# SPDX-License-Identifier: MIT
"""How the shell of the default system shows that it waits for a line."""

from __future__ import annotations

PROMPT = r"tarn:[^\n]*> ?"
