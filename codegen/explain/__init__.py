# SPDX-License-Identifier: MIT
"""A page for each diagnostic, named by its code, and the command that shows one."""
