# SPDX-License-Identifier: MIT
"""Where things are: sizes, offsets, masks, words and windows."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.diagnostics import Reporter
from codegen.idl import model
from codegen.idl.compile import compile_files
from codegen.idl.facts import interface_facts, interface_hash, load_interfaces
from codegen.idl.layout import align_of, allowed_bits, leaves, size_of
from codegen.idl.message import Place, interface_layout, method_layout
from tests.codegen.idl_files import IDL, INPUTS


@pytest.fixture
def compile_text(tmp_path: Path) -> object:
    def run(body: str) -> model.Interface:
        path = tmp_path / "lamp.idl"
        path.write_text("/// A lamp.\ninterface Lamp 1.0 {\n" + body + "\n}\n")
        reporter = Reporter()
        compilation = compile_files([str(path)], reporter)
        assert not reporter.has_errors, reporter.to_text()
        return compilation.interfaces[0]
    return run


def everything() -> model.Interface:
    reporter = Reporter()
    return compile_files([str(INPUTS / "everything.idl")], reporter).interfaces[0]


def test_structs_have_natural_alignment() -> None:
    inner, outer = everything().structs
    assert (inner.size, inner.alignment) == (12, 4)
    assert (outer.size, outer.alignment) == (24, 4)
    assert [leaf.offset for leaf in leaves(inner, 8)] == [8, 10, 12, 16]


def test_options_have_a_presence_byte() -> None:
    option = model.Option(model.SCALARS["u32"])
    assert (size_of(option), align_of(option)) == (8, 4)
    assert [leaf.offset for leaf in leaves(option, 0)] == [0, 4]


def test_masks_leave_out_padding_unknown_flags_and_upper_bits_of_truth_values() -> None:
    inner = everything().structs[0]
    assert allowed_bits(leaves(inner, 0), 2) == [0x0000_0083_FFFF_00FF, 0x01]


def test_words_are_filled_in_order_and_the_rest_goes_to_the_window() -> None:
    large = next(method for method in everything().methods if method.name == "large")
    places = {item.field.name: (item.place, item.offset) for item in method_layout(large).request.placements}
    assert places == {"first": (Place.WORDS, 0), "large": (Place.WINDOW, 0), "second": (Place.WORDS, 8),
                      "last": (Place.WORDS, 12)}


def test_leases_lie_behind_request_and_answer() -> None:
    exchange = next(method for method in everything().methods if method.name == "exchange")
    layout = method_layout(exchange)
    leases = [item for item in layout.request.placements]
    assert [item.window_offset for item in leases] == [200, 232]
    assert layout.reply.placements[0].window_offset == 0


def test_window_covers_what_is_handed_out() -> None:
    reporter = Reporter()
    found = load_interfaces([str(path) for path in sorted(IDL.glob("*.idl"))], reporter)
    assert not reporter.has_errors
    assert found["Vfs"].sub_interfaces == ("File", "Directory")
    assert found["Vfs"].window_size >= max(found["File"].window_size, found["Directory"].window_size)
    assert all(item.window_size % 4096 == 0 for item in found.values())
    assert len({item.hash for item in found.values()}) == len(found)


def test_ring_is_at_the_end_of_the_window() -> None:
    layout = interface_layout(everything())
    assert layout.ring is not None
    assert layout.ring.offset + 128 + 64 * 8 * layout.ring.record_words == layout.window_size
    assert layout.ring.offset >= max(method.window_size for method in layout.methods)


def test_hash_is_of_the_wire_and_not_of_the_comments(compile_text: object) -> None:
    assert callable(compile_text)
    plain = compile_text("1: set(level: u8) -> ();")
    assert interface_hash(compile_text("/// Sets it.\n1: set(level: u8) -> ();")) == interface_hash(plain)
    for other in ("1: set(level: u16) -> ();", "1: set(amount: u8) -> ();", "1: set(level: u8) -> (old: u8);",
                  "errors E { 1: no; }\n1: set(level: u8) -> () throws E;", "reserved 1;\n2: set(level: u8) -> ();"):
        assert interface_hash(compile_text(other)) != interface_hash(plain)


def test_facts_of_one_interface() -> None:
    reporter = Reporter()
    compilation = compile_files([str(INPUTS / "everything.idl")], reporter)
    facts = interface_facts(compilation.interfaces[0], compilation)
    assert (facts.name, facts.version, facts.has_events, facts.has_calls) == ("Everything", "1.2", True, True)
    assert facts.sub_interfaces == ("Part",)
