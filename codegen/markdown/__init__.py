# SPDX-License-Identifier: MIT
"""The Markdown back end: a reference page of interfaces."""
