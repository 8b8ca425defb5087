# SPDX-License-Identifier: MIT
"""The conformance checklist, the tests that cover it, and `docs/conformance.md`, made of both and of results.

A test in the kernel's suite says what it covers in the third member of its entry:
`Test{"name", function, "CNODEOP0001 CNODEOP0002"}`, and in the fourth how many cores it needs, a number or a
constant of the file. A scenario says it with
the key `conforms`. Results are pytest's: each test that counts has the property `covering`, its name, and `column`,
the machine it ran on.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as xml
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tarn import boards, paths

CHECKLIST = paths.ROOT / "tests" / "kernel" / "conformance" / "checklist.yaml"
SUITE = paths.ROOT / "tests" / "kernel" / "suite"
SCENARIOS = paths.ROOT / "tests" / "scenarios"
DOCUMENT = paths.ROOT / "docs" / "conformance.md"

REQUIRED = ("Y", "A")
ENTRY = re.compile(r'Test\{"(\w+)",\s*\w+(?:,\s*((?:"[^"]*"\s*)+))?(?:,\s*(\w+))?,?\s*\}')
NOT_RUN = "not run"
PASSED = "pass"
FAILED = "**fail**"
NEEDS_CORES = "needs cores"


@dataclass(frozen=True)
class Row:
    """What has to hold. `note`: how it is adapted, or why it does not apply."""

    identifier: str
    applies: str
    what: str
    note: str

    @property
    def required(self) -> bool:
        return self.applies in REQUIRED


@dataclass(frozen=True)
class Group:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class CoveringTest:
    """A test, the rows that it covers, and how many cores it needs."""

    name: str
    covers: tuple[str, ...]
    cores: int = 1


@dataclass(frozen=True, order=True)
class Column:
    """A machine that tests run on."""

    board: str
    cores: int

    def __str__(self) -> str:
        return f"{self.board}, {self.cores} core{'s' if self.cores > 1 else ''}"


# By column and test: PASSED, FAILED, or why it was skipped.
Outcomes = Mapping[tuple[str, str], str]
# By column and row.
Cells = dict[tuple[str, str], str]


def checklist() -> tuple[Group, ...]:
    content: dict[str, list[dict[str, Any]]] = YAML(typ="safe", pure=True).load(CHECKLIST)
    return tuple(_group(group) for part in content.values() for group in part)


def _group(group: dict[str, Any]) -> Group:
    rows = (Row(identifier, row["applies"], row["what"],
                row.get("adapted", row.get("why", "" if row["applies"] in REQUIRED else group.get("why", ""))))
            for identifier, row in group["rows"].items())
    return Group(group["title"], tuple(rows))


def rows(groups: Iterable[Group]) -> dict[str, Row]:
    return {row.identifier: row for group in groups for row in group.rows}


def suite_tests() -> list[CoveringTest]:
    """Every test of the suite, in the order of the files' names."""
    texts = [source.read_text() for source in sorted(SUITE.glob("**/*.cpp"))]
    return [CoveringTest(name, tuple(re.findall(r"\w+", covers)), _number(cores or "1", text))
            for text in texts for name, covers, cores in ENTRY.findall(text)]


def _number(value: str, text: str) -> int:
    """A number, or the constant of that name in a source."""
    constant = re.search(rf"\b{value} ?[={{] ?(\d+)", text)
    return int(constant[1] if constant else value)


def scenarios() -> list[CoveringTest]:
    """The scenarios that cover a row."""
    contents = ((path.stem, YAML(typ="safe", pure=True).load(path)) for path in sorted(SCENARIOS.glob("*.yaml")))
    return [CoveringTest(name, tuple(content["conforms"])) for name, content in contents if "conforms" in content]


def columns() -> list[Column]:
    """Each board with one core and with all that its file says the kernel starts."""
    every = []
    for board in boards.emulated():
        content: dict[str, Any] = YAML(typ="safe", pure=True).load(paths.BOARDS / f"{board}.yaml")
        every += [Column(board, cores) for cores in sorted({1, int(content["cores"])})]
    return every


def outcomes(results: Path) -> dict[tuple[str, str], str]:
    """What pytest's results file says of tests that cover rows."""
    found = {}
    for case in xml.parse(results).iter("testcase"):
        properties = {item.get("name"): item.get("value", "") for item in case.iter("property")}
        if "covering" in properties:
            bad = case.find("failure") is not None or case.find("error") is not None
            skipped = case.find("skipped")
            outcome = FAILED if bad else PASSED if skipped is None else skipped.get("message", NOT_RUN)
            found[properties["column"], properties["covering"]] = outcome
    return found


def cell(tests: Iterable[CoveringTest], column: Column, known: Outcomes) -> str:
    """How a row fares: as the worst of its tests."""
    found = [known.get((str(column), test.name), NOT_RUN) for test in tests if test.cores <= column.cores]
    if not found:
        return NEEDS_CORES
    return next((outcome for outcome in (FAILED, NOT_RUN) if outcome in found),
                next((outcome for outcome in found if outcome != PASSED), PASSED))


def cells(groups: Iterable[Group], tests: Iterable[CoveringTest], wanted: Iterable[Column],
          known: Outcomes) -> Cells:
    """The results of every row that some test covers."""
    covering = _by_row(tests)
    return {(str(column), row.identifier): cell(covering[row.identifier], column, known)
            for column in wanted for group in groups for row in group.rows if row.identifier in covering}


def not_green(groups: Iterable[Group], wanted: Iterable[Column], found: Cells) -> list[str]:
    """What has to hold and was not shown to: a line for each row, with the columns."""
    columns, lines = [str(column) for column in wanted], []
    for row in (row for group in groups for row in group.rows if row.required):
        fared = {column: found.get((column, row.identifier), "no test") for column in columns}
        bad = [f"{outcome.strip('*')} on {column}" for column, outcome in fared.items()
               if outcome not in (PASSED, NEEDS_CORES)]
        lines += [f"{row.identifier}: {'; '.join(bad)}"] * bool(bad)
    return lines


def _by_row(tests: Iterable[CoveringTest]) -> dict[str, list[CoveringTest]]:
    covering: dict[str, list[CoveringTest]] = {}
    for test in tests:
        for identifier in test.covers:
            covering.setdefault(identifier, []).append(test)
    return covering


def written_cells(document: str) -> Cells:
    """The results in a document that `render` has made."""
    found: Cells = {}
    titles: list[str] = []
    for line in document.splitlines():
        parts = [part.strip() for part in line.strip("|").split("|")] if line.startswith("|") else []
        if parts[:3] == ["ID", "what", "tests"]:
            titles = parts[3:]
        elif titles and parts and not parts[0].startswith("-"):
            found |= {(title, parts[0]): part for title, part in zip(titles, parts[3:], strict=True)}
        elif not parts:
            titles = []
    return found


def render(groups: Iterable[Group], tests: Iterable[CoveringTest], wanted: Iterable[Column], known: Cells) -> str:
    """The whole document."""
    groups, wanted, covering = tuple(groups), tuple(wanted), _by_row(tests)
    lines = [*_opening(groups, wanted, covering, known)]
    for group in groups:
        required = [row for row in group.rows if row.required]
        if required:
            lines += ["", f"## {group.title}", "", *_header("ID", "what", "tests", *map(str, wanted))]
            lines += [_line(row, wanted, covering, known) for row in required]
    lines += ["", "## What does not apply", "",
              "O: optional, left out. N: does not apply.", "", *_header("ID", "", "what", "why")]
    lines += [f"| {row.identifier} | {row.applies} | {row.what} | {row.note} |"
              for group in groups for row in group.rows if not row.required]
    return "\n".join(lines) + "\n"


def _opening(groups: tuple[Group, ...], wanted: tuple[Column, ...], covering: Mapping[str, list[CoveringTest]],
             known: Cells) -> Iterable[str]:
    every = list(rows(groups).values())
    count = {kind: sum(row.applies == kind for row in every) for kind in "YAON"}
    covered = sum(row.required and row.identifier in covering for row in every)
    yield from (
        "# Conformance", "",
        "Which semantics of a capability kernel hold here, by the identifiers of sel4test's tests, and which tests of "
        "this",
        "project show it. `./tarn conformance` makes this page from `tests/kernel/conformance/checklist.yaml`, from what "
        "each",
        "test says it covers, and from the results of runs in QEMU; `tests/kernel/test_conformance.py` holds it to "
        "them.", "",
        f"{len(every)} rows: {count['Y']} apply as they are, {count['A']} adapted, {count['O']} are optional and left "
        f"out, {count['N']} do not apply.",
        f"Tests cover {covered} of the {count['Y'] + count['A']} that apply.", "",
        *_header("machine", PASSED, "fail", NEEDS_CORES, NOT_RUN))
    for column in wanted:
        found = [known.get((str(column), row.identifier), NOT_RUN) for row in every if row.required]
        numbers = (str(found.count(kind)) for kind in (PASSED, FAILED, NEEDS_CORES, NOT_RUN))
        yield f"| {column} | {' | '.join(numbers)} |"


def _header(*titles: str) -> list[str]:
    return ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]


def _line(row: Row, wanted: Iterable[Column], covering: Mapping[str, list[CoveringTest]], known: Cells) -> str:
    what = f"{row.what}. Here: {row.note}" if row.note else row.what
    names = ", ".join(test.name for test in covering.get(row.identifier, [])) or "none"
    results = (known.get((str(column), row.identifier), NOT_RUN) for column in wanted)
    return "| " + " | ".join((row.identifier, what, names, *results)) + " |"
