# SPDX-License-Identifier: MIT
"""Tarn's generators: the IDL compiler, the system composer and the board facts."""
