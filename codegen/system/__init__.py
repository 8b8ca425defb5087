# SPDX-License-Identifier: MIT
"""The composer: `system.yaml`, `component.yaml` and a board to a checked system, and that to an image."""
