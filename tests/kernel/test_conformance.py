# SPDX-License-Identifier: MIT
"""The conformance checklist against the tests that cover it, and `docs/conformance.md` against both."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tarn import conformance
from tarn.conformance import FAILED, NEEDS_CORES, NOT_RUN, PASSED, Column, CoveringTest, Group, Row

TESTS = [*conformance.suite_tests(), *conformance.scenarios()]
GROUPS = conformance.checklist()
ROWS = conformance.rows(GROUPS)
# Rows that no test covers so far: this list only gets shorter.
UNCOVERED = set((Path(__file__).parent / "conformance" / "uncovered.txt").read_text().split())

ONE, FOUR = Column("board", 1), Column("board", 4)
TABLE = (Group("Group", (Row("A1", "Y", "one", ""), Row("A2", "A", "two", "so"), Row("A3", "N", "three", "no"))),)
COVERING = [CoveringTest("first", ("A1", "A2")), CoveringTest("second", ("A1",)), CoveringTest("third", ("A2",), 4)]


def test_the_checklist_is_whole() -> None:
    assert len(ROWS) == sum(len(group.rows) for group in GROUPS)
    assert Counter(row.applies for row in ROWS.values()) == {"Y": 107, "A": 70, "O": 13, "N": 47}
    assert not [row.identifier for row in ROWS.values() if row.applies != "Y" and not row.note]


def test_tests_name_rows_that_there_are() -> None:
    unknown = {test.name: set(test.covers) - set(ROWS) for test in TESTS}
    assert not {name: rows for name, rows in unknown.items() if rows}


def test_no_test_covers_what_does_not_apply() -> None:
    assert not [(test.name, row) for test in TESTS for row in test.covers if row in ROWS and not ROWS[row].required]


def test_every_row_that_applies_has_a_test() -> None:
    covered = {row for test in TESTS for row in test.covers}
    required = {row.identifier for row in ROWS.values() if row.required}
    assert required - covered <= UNCOVERED, sorted(required - covered - UNCOVERED)


def test_names_of_tests_are_unique() -> None:
    assert [name for name, count in Counter(test.name for test in TESTS).items() if count > 1] == []


def test_the_document_is_up_to_date() -> None:
    document = conformance.DOCUMENT.read_text()
    anew = conformance.render(GROUPS, TESTS, conformance.columns(), conformance.written_cells(document))
    assert document == anew, "./tarn conformance --no-run writes it anew"


def test_entries_are_read_from_sources() -> None:
    entries = 'Test{"a", f}, Test{"b", g, "X1 X2"}, Test{"c", h, "X1 "\n    "X3", 4}, Test{"d", i, "", kMany},'
    assert conformance.ENTRY.findall(entries) == [
        ("a", "", ""), ("b", '"X1 X2"', ""), ("c", '"X1 "\n    "X3"', "4"), ("d", '""', "kMany")]
    assert conformance._number("kMany", "constexpr unsigned kMany = 3;") == 3
    assert conformance._number("kMany", "constexpr unsigned kMany{12};") == 12


def test_a_row_fares_as_the_worst_of_its_tests() -> None:
    def cells(**outcomes: str) -> list[str]:
        known = {(str(ONE), name): outcome for name, outcome in outcomes.items()}
        found = conformance.cells(TABLE, COVERING, [ONE], known)
        return [found[str(ONE), row] for row in ("A1", "A2")]

    assert cells(first=PASSED, second=PASSED) == [PASSED, PASSED]
    assert cells(first=PASSED, second=FAILED) == [FAILED, PASSED]
    assert cells(first=PASSED) == [NOT_RUN, PASSED]


def test_what_was_not_shown_is_named() -> None:
    def missing(**outcomes: str) -> list[str]:
        known = {(str(ONE), name): outcome for name, outcome in outcomes.items()}
        return conformance.not_green(TABLE, [ONE], conformance.cells(TABLE, COVERING, [ONE], known))

    assert missing(first=PASSED, second=PASSED) == []
    assert missing(first=PASSED, second=FAILED) == ["A1: fail on board, 1 core"]
    assert missing(first=PASSED) == ["A1: not run on board, 1 core"]
    assert missing(first="only on another board", second=PASSED) == [
        "A1: only on another board on board, 1 core", "A2: only on another board on board, 1 core"]
    # No test at all; and a test that needs more cores than there are.
    assert conformance.not_green(TABLE, [ONE], {}) == ["A1: no test on board, 1 core", "A2: no test on board, 1 core"]
    assert conformance.not_green(TABLE, [ONE], {(str(ONE), "A1"): PASSED, (str(ONE), "A2"): NEEDS_CORES}) == []


def test_results_survive_the_document() -> None:
    known = conformance.cells(TABLE, COVERING, [ONE, FOUR], {(str(FOUR), "first"): PASSED, (str(FOUR), "third"): FAILED})
    document = conformance.render(TABLE, COVERING, [ONE, FOUR], known)
    assert conformance.written_cells(document) == known
    assert known[str(FOUR), "A2"] == FAILED and known[str(ONE), "A1"] == NOT_RUN
    assert "| A1 | one | first, second | not run | not run |" in document
    assert "| A3 | N | three | no |" in document


def test_results_come_from_pytest(tmp_path: Path) -> None:
    def case(name: str, inside: str) -> str:
        return (f'<testcase><properties><property name="covering" value="{name}"/>'
                f'<property name="column" value="{ONE}"/></properties>{inside}</testcase>')

    results = tmp_path / "results.xml"
    results.write_text("<testsuites>" + case("first", "") + case("second", "<failure/>") + "<testcase/></testsuites>")
    assert conformance.outcomes(results) == {(str(ONE), "first"): PASSED, (str(ONE), "second"): FAILED}
