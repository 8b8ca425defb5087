# SPDX-License-Identifier: MIT
"""What a component, and a service with an interface of its own, begin as: files that build and do something."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tarn import paths
from tarn.failure import ExitCode, Failure

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
NAME_MAX = 31
LICENCE = "SPDX-License-Identifier: MIT"

COMPONENT = {
    "component.yaml": """\
# {licence}
schema: 1
name: {name}
doc: Says that it runs, and ends.
uses: {{ log: Log }}
heap: 64KiB
""",
    "CMakeLists.txt": """\
# {licence}
tarn_component({name} SOURCES main.cpp INTERFACES log)
""",
    "main.cpp": """\
// {licence}
/// Says that it runs, and ends.
#include "generated/env.hpp"

void os::main(Env& env) {{
    (void)env.log().line(idl::log::Level::Info, "runs"); // without a log there is nobody to tell
}}
""",
}
COMPONENT_INSTANCE = """\
  {name}:
    priority: 100
    uses: {{ log: console.log }}
"""

INTERFACE = """\
/// Counts what it is given.
interface {type} 1.0 {{
    errors {type}Error {{ 1: overflow; }}

    /// Adds to the count, which begins at zero. Answers what it is now.
    1: add(amount: u64) -> (count: u64) throws {type}Error;
}}
"""
SERVICE = {
    "component.yaml": """\
# {licence}
schema: 1
name: {name}
doc: Counts.
provides: {{ {name}: {type} }}
""",
    "CMakeLists.txt": """\
# {licence}
tarn_component({name} SOURCES main.cpp INTERFACES {name})
""",
    "main.cpp": """\
// {licence}
/// Counts: one function for each method of idl/{name}.idl.
#include "generated/env.hpp"
#include "os/server.hpp"

namespace {{

struct {type} {{
    auto add(std::uint64_t amount) -> std::expected<std::uint64_t, idl::{name}::{type}Error> {{
        std::uint64_t sum{{}};
        if (__builtin_add_overflow(count, amount, &sum)) {{
            return std::unexpected(idl::{name}::{type}Error::Overflow);
        }}
        return count = sum;
    }}

    std::uint64_t count{{}};
}};

}} // namespace

void os::main(Env& env) {{ os::serve(env.{name}_service(), {type}{{}}); }}
""",
}
SERVICE_INSTANCE = """\
  {name}:
    priority: 120
"""


@dataclass(frozen=True)
class Made:
    """The files that are new, the interface among them if there is one, and what a composition needs to have it run."""

    files: tuple[Path, ...]
    interface: str | None
    instance: str


def make(name: str, *, service: bool, root: Path = paths.ROOT) -> Made:
    """Writes a component's folder, and a service's interface. Raises Failure, having written nothing, if a name is wrong
    or taken."""
    if not NAME.fullmatch(name) or len(name) > NAME_MAX:
        raise Failure(f"'{name}' is not a name: lower-case letters, digits and single '_', a letter first, at most "
                      f"{NAME_MAX} long", ExitCode.USAGE)
    from codegen.cpp.names import identifier
    from codegen.idl.check_text import file_name_problem

    if identifier(name) != name:
        raise Failure(f"'{name}' is a word of C++: choose another name", ExitCode.USAGE)
    problem = file_name_problem(name) if service else None
    if problem is not None:
        raise Failure(f"'{name}' cannot name an interface's file: it {problem[0]}", ExitCode.USAGE)
    words = {"licence": LICENCE, "name": name, "type": "".join(word.capitalize() for word in name.split("_"))}
    folder = root / "components" / name
    texts = {folder / file: text.format(**words) for file, text in (SERVICE if service else COMPONENT).items()}
    if service:
        texts[root / "idl" / f"{name}.idl"] = INTERFACE.format(**words)
    for path in (folder, *texts):
        if path.exists():
            raise Failure(f"{path.relative_to(root)} is there already: choose another name", ExitCode.USAGE)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    instance = SERVICE_INSTANCE if service else COMPONENT_INSTANCE
    return Made(tuple(texts), words["type"] if service else None, instance.format(**words))
