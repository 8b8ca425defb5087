# SPDX-License-Identifier: MIT
"""The IDL compiler: text, tokens, AST, model, checks, layout; each stage a module named for what it produces."""
