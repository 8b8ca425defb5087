# SPDX-License-Identifier: MIT
"""YAML as this project writes it: no anchors, no tags, no surprises, and a place in the text for everything."""
