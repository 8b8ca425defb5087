# SPDX-License-Identifier: MIT
"""Sub-command `explain`: what a code means, with a wrong and a right example."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from codegen.diagnostics import did_you_mean

PAGES = Path(__file__).parent


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser("explain", help="what a diagnostic means, and how to mend it")
    parser.add_argument("code", metavar="CODE", help="such as IDL0024")
    parser.add_argument("--json", action="store_true", help="the page as JSON")
    parser.set_defaults(handler=_explain)


def codes() -> list[str]:
    """Every code that has a page."""
    return sorted(path.stem for path in PAGES.glob("[A-Z]*.md"))


def _ranges(known: list[str]) -> str:
    """From which code to which they go, by their letters."""
    letters = sorted({code.rstrip("0123456789") for code in known})
    of_kind = [[code for code in known if code.startswith(each)] for each in letters]
    return ", ".join(f"{codes[0]} to {codes[-1]}" for codes in of_kind)


def _explain(options: argparse.Namespace) -> int:
    code = options.code.upper()
    known = codes()
    if code not in known:
        meant = did_you_mean(code, known)
        hint = f", did you mean {meant}?" if meant else f": there are {_ranges(known)}"
        sys.stderr.write(f"error: there is no diagnostic '{options.code}'{hint}\n")
        return 2
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    sys.stdout.write(json.dumps({"code": code, "page": page}, indent=2) + "\n" if options.json else page)
    return 0
