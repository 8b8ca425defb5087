# SPDX-License-Identifier: MIT
"""The C++ back end: names, spellings, views of the model that templates can print, and printing."""
