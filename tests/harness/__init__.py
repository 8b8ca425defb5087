# SPDX-License-Identifier: MIT
"""What the tests are built on: machines in QEMU, scenarios, damaged images, GoogleTest programs."""
