# SPDX-License-Identifier: MIT
"""The command `./tarn`: installs what is missing, builds, boots, tests."""
