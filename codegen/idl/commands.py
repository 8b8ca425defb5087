# SPDX-License-Identifier: MIT
"""Sub-commands of the IDL compiler: `idl`, `kernel`, `reference` and `check`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from codegen.cpp.kernel_output import kernel_outputs, source_name
from codegen.cpp.render import write_if_changed
from codegen.cpp.service_output import service_outputs
from codegen.diagnostics import Reporter
from codegen.idl.compile import Compilation, compile_files
from codegen.idl.ir import to_json
from codegen.markdown.render import reference
from codegen.system.commands import check_files


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    services = subparsers.add_parser("idl", help="service interfaces to C++ clients, servers and types")
    services.add_argument("--out", required=True, type=Path, metavar="DIR", help="writes DIR/generated")
    _add_input(services, _generate_services)
    kernel = subparsers.add_parser("kernel", help="kernel interfaces to decode views and user wrappers")
    kernel.add_argument("--out", required=True, type=Path, metavar="DIR", help="writes DIR/generated/kernel and object")
    _add_input(kernel, _generate_kernel)
    page = subparsers.add_parser("reference", help="interfaces to a page of Markdown")
    page.add_argument("--out", required=True, type=Path, metavar="FILE.md", help="the page to write")
    _add_input(page, _generate_reference)
    check = subparsers.add_parser("check", help="report every mistake in files: .idl, system.yaml, component.yaml, boards")
    _add_input(check, _check)


def _add_input(parser: argparse.ArgumentParser, handler: object) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--json", action="store_true", help="mistakes as JSON on standard output")
    parser.set_defaults(handler=handler)


def _compile(options: argparse.Namespace) -> tuple[Compilation, Reporter]:
    reporter = Reporter()
    return compile_files(options.files, reporter), reporter


def _check_kind(compilation: Compilation, wants_kernel: bool, reporter: Reporter) -> None:
    """Kernel interfaces and service interfaces have generators of their own."""
    for interface in compilation.interfaces:
        if (interface.kernel_object is not None) != wants_kernel:
            kind, command = ("a service", "idl") if wants_kernel else ("a kernel", "kernel")
            reporter.error("IDL0047", f"'{interface.name}' is {kind} interface", interface.span,
                           help=f"generate it with: codegen {command}")


def _report(options: argparse.Namespace, reporter: Reporter) -> int:
    """Prints what was found; the exit code."""
    if options.json:
        sys.stdout.write(reporter.to_json())
    else:
        sys.stderr.write(reporter.to_text())
    return 1 if reporter.has_errors else 0


def _check(options: argparse.Namespace) -> int:
    """Interfaces here; every other file is the composer's."""
    reporter = Reporter()
    compile_files([file for file in options.files if Path(file).suffix == ".idl"], reporter)
    others = [file for file in options.files if Path(file).suffix != ".idl"]
    if others:
        check_files(others, reporter)
    return _report(options, reporter)


def _generate_services(options: argparse.Namespace) -> int:
    compilation, reporter = _compile(options)
    _check_kind(compilation, False, reporter)
    if not reporter.has_errors:
        outputs = service_outputs(compilation.interfaces)
        for interface in compilation.interfaces:
            outputs[f"{interface.module}.json"] = to_json(interface, source_name(interface.path))
            outputs[f"{interface.module}.md"] = reference([interface])
        for path, content in outputs.items():
            write_if_changed(options.out / "generated" / path, content)
    return _report(options, reporter)


def _generate_reference(options: argparse.Namespace) -> int:
    compilation, reporter = _compile(options)
    if not reporter.has_errors:
        write_if_changed(options.out, reference(compilation.interfaces))
    return _report(options, reporter)


def _generate_kernel(options: argparse.Namespace) -> int:
    compilation, reporter = _compile(options)
    _check_kind(compilation, True, reporter)
    if not reporter.has_errors:
        for path, content in kernel_outputs(compilation.interfaces).items():
            write_if_changed(options.out / "generated" / path, content)
    return _report(options, reporter)
