# SPDX-License-Identifier: MIT
"""The commands, a module each: `register` adds its arguments, and says which function handles it."""
