# SPDX-License-Identifier: MIT
"""Boards: what a machine has, read from `boards/`, printed as facts for the kernel and as grants for components."""
