# SPDX-License-Identifier: MIT
"""What is said of a board that cannot be built."""

from __future__ import annotations

import json

import pytest

from tarn import boards, builder, paths
from tarn.failure import Failure


def test_a_board_without_preset_is_refused() -> None:
    with pytest.raises(Failure, match="CMakePresets.json has no preset 'visionfive': a new board needs one"):
        builder.build("visionfive")


def test_each_board_has_its_presets() -> None:
    presets = json.loads((paths.ROOT / "CMakePresets.json").read_text())
    for kind in ("configurePresets", "buildPresets"):
        assert {*boards.names(), builder.HOST} <= {preset["name"] for preset in presets[kind]}
