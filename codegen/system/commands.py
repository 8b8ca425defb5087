# SPDX-License-Identifier: MIT
"""`codegen system check`, `codegen system image`, `codegen system graph` and `codegen env`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from codegen.diagnostics import Reporter
from codegen.system.build import build
from codegen.system.check_files import check_files
from codegen.system.component import read_component
from codegen.system.compose import check_system_file, compose
from codegen.system.env import env_header
from codegen.system.graph import FORMATS
from codegen.system.library import ROOT, Folders, Library
from codegen.system.output import write_if_changed

__all__ = ["check_files", "register"]


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    system = subparsers.add_parser("system", help="check a system.yaml, or make its image")
    commands = system.add_subparsers(title="commands", dest="system_command", required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="report every mistake in a composition")
    _add_common(check)
    check.set_defaults(handler=_check)
    image = commands.add_parser("image", help="make the image of a composition")
    _add_common(image)
    image.add_argument("--cores", type=int, metavar="N", help="use N cores, whatever the file says")
    image.add_argument("--kernel", type=Path, required=True, metavar="KERNEL.bin", help="the kernel's raw binary")
    image.add_argument("--programs", type=Path, required=True, metavar="DIR", help="DIR/NAME for each component")
    image.add_argument("--out", type=Path, required=True, metavar="DIR", help="writes image.bin and what tells of it")
    image.set_defaults(handler=_image)
    graph = commands.add_parser("graph", help="print who talks to whom in a composition")
    graph.add_argument("system", type=Path, metavar="SYSTEM.yaml", help="the composition")
    graph.add_argument("--board", metavar="NAME", help="one of the boards the file names; its first unless given")
    graph.add_argument("--format", choices=tuple(FORMATS), default="text", help="for people, for Graphviz, for programs")
    graph.set_defaults(handler=_graph)
    env = subparsers.add_parser("env", help="component.yaml to the component's class Env")
    env.add_argument("component", type=Path, metavar="COMPONENT.yaml", help="the component's description")
    env.add_argument("--out", type=Path, required=True, metavar="DIR", help="writes DIR/generated/env.hpp")
    env.add_argument("--idl", type=Path, action="append", metavar="DIR", help="more folders with interfaces")
    env.set_defaults(handler=_env)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("system", type=Path, metavar="SYSTEM.yaml", help="the composition")
    parser.add_argument("--board", metavar="NAME", help="one of the boards the file names; its first unless given")
    parser.add_argument("--json", action="store_true", help="print what was found as JSON on standard output")


def report(reporter: Reporter, as_json: bool) -> int:
    """Prints what was found; the exit code."""
    if as_json:
        sys.stdout.write(reporter.to_json())
    else:
        sys.stderr.write(reporter.to_text())
    return 1 if reporter.has_errors else 0


def _check(options: argparse.Namespace) -> int:
    reporter = Reporter()
    check_system_file(options.system, options.board, reporter)
    return report(reporter, options.json)


def _image(options: argparse.Namespace) -> int:
    reporter = Reporter()
    system = compose(options.system, options.board, reporter, cores=options.cores)
    outputs = None
    if system is not None and not reporter.has_errors:
        outputs = build(system, options.kernel, options.programs, reporter)
    if outputs is not None and not reporter.has_errors:
        for output in outputs:
            write_if_changed(options.out / output.name, output.data)
    return report(reporter, options.json)


def _graph(options: argparse.Namespace) -> int:
    reporter = Reporter()
    system = compose(options.system, options.board, reporter)
    if system is not None and not reporter.has_errors:
        sys.stdout.write(FORMATS[options.format](system))
    return report(reporter, as_json=False)


def _env(options: argparse.Namespace) -> int:
    reporter = Reporter()
    folders = Folders(components=(), boards=(), idl=(*(options.idl or ()), ROOT / "idl"))
    library = Library(folders, reporter)
    component = read_component(options.component, reporter)
    if component is not None:
        library.check_interfaces(component)
        if not reporter.has_errors:
            header = env_header(component, library.interfaces)
            write_if_changed(options.out / "generated" / "env.hpp", header)
    return report(reporter, as_json=False)
