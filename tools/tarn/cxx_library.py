# SPDX-License-Identifier: MIT
"""The C++ library for user space: hosted libstdc++ over picolibc, built once from Debian's gcc-12-source.

Debian has no libstdc++ for a C library other than glibc. This builds one with Debian's own cross compiler and
keeps it in the user's cache, under a name that says what it was made from. Builds of several checkouts share it; a
lock keeps them from building it twice, and a build that was interrupted leaves nothing that could be mistaken for
a finished one.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tarn import locks
from tarn.progress import Progress

SOURCES = Path("/usr/src/gcc-12")
# What libstdc++-v3's configure and make read of GCC's sources.
PARTS = ("libstdc++-v3", "libgcc", "libiberty", "include", "config", "config.sub", "config.guess", "config-ml.in",
         "install-sh", "ltmain.sh", "move-if-change", "mkinstalldirs", "missing", "depcomp", "symlink-tree",
         "gcc/BASE-VER", "gcc/DATESTAMP")
# The compiler is Linux's, the target is not: without these two it would look for Linux's system calls.
NOT_LINUX = ("-U__linux__", "-U__gnu_linux__", "-Ulinux")
CODE = ("-O2", "-g0", "-fno-pie", "-fno-stack-protector", "-ffunction-sections", "-fdata-sections",
        "-ftls-model=local-exec")
CONFIGURE = (f"--build={os.uname().machine}-linux-gnu", "--with-newlib", "--disable-shared", "--disable-nls",
             "--disable-multilib", "--disable-libstdcxx-pch", "--disable-libstdcxx-verbose",
             "--disable-libstdcxx-filesystem-ts", "--disable-libstdcxx-backtrace", "--disable-tls")
# configure tries these by compiling, not linking, and would believe in them.
ABSENT = ("fcntl", "dl_iterate_phdr", "getexecname", "clock_gettime")
# How many files make compiles; only for the progress line.
COMPILATIONS = 187
RECIPE = 1


@dataclass(frozen=True)
class Target:
    """An architecture: Debian's cross compiler and C library for it, and what code is to be made for.

    `code` must agree with cmake/flags-<architecture>.cmake; `multilib` is where picolibc has its library for that.
    """

    compiler: str
    host: str
    picolibc: str
    multilib: str
    code: tuple[str, ...]

    @property
    def prefix(self) -> str:
        return f"{self.compiler}-"

    @property
    def c_library(self) -> Path:
        return Path("/usr/lib/picolibc") / self.picolibc

    @property
    def compiler_headers(self) -> Path:
        """GCC's own headers (stddef.h, arm_neon.h), which -nostdinc hides."""
        answer = subprocess.run([f"{self.prefix}gcc", "-print-file-name=include"], capture_output=True, text=True,
                                check=True)
        return Path(answer.stdout.strip())

    @property
    def packages(self) -> tuple[str, str]:
        """Of the compiler proper and of the C library."""
        return f"g++-12-{self.compiler}", f"picolibc-{self.picolibc}"


TARGETS = {
    "aarch64": Target("aarch64-linux-gnu", "aarch64-none-elf", "aarch64-linux-gnu", "",
                      ("-mcpu=cortex-a53+nosimd", "-mno-outline-atomics")),
    "riscv64": Target("riscv64-linux-gnu", "riscv64-none-elf", "riscv64-unknown-elf", "rv64imafdc/lp64d",
                      ("-march=rv64gc", "-mabi=lp64d", "-mcmodel=medany")),
}


class BuildError(Exception):
    """The library cannot be built; the text says why and what to do."""


@dataclass(frozen=True)
class Library:
    """Where the finished library is."""

    root: Path
    target: Target

    @property
    def include_directories(self) -> tuple[Path, ...]:
        """System include directories in the order in which the compiler must search them."""
        cxx = self.root / "include" / "c++"
        return (cxx, cxx / self.target.host, cxx / "backward", self.target.compiler_headers,
                self.target.c_library / "include")

    @property
    def library_directories(self) -> tuple[Path, ...]:
        return (self.root / "lib", self.target.c_library / "lib" / self.target.multilib,
                self.target.compiler_headers.parent)


def location(architecture: str) -> Path:
    """Where the library is or will be. Raises BuildError if what it is made from is not installed."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tarn"
    return cache / f"libstdc++-{architecture}-{_fingerprint(TARGETS[architecture])}"


def ensure(architecture: str) -> Library:
    """The library, built first when this user has not yet got it. Raises BuildError."""
    final = location(architecture)
    target = TARGETS[architecture]
    if not final.exists():
        with locks.held(final.parent / "lock", "waiting for another build of the C++ library"):
            if not final.exists():
                for interrupted in final.parent.glob("*.building-*"):
                    shutil.rmtree(interrupted, ignore_errors=True)
                _build(target, final.with_name(f"{final.name}.building-{os.getpid()}"), final)
    return Library(final, target)


def _fingerprint(target: Target) -> str:
    """Names what the library is made from: two equal fingerprints mean equal libraries."""
    version = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}\n", "gcc-12-source",
                              *target.packages], capture_output=True, text=True, check=False)
    if version.returncode != 0:
        raise BuildError(f"gcc-12-source, {' and '.join(target.packages)} are needed: run ./tarn doctor")
    text = repr((version.stdout, target, PARTS, NOT_LINUX, CODE, CONFIGURE, ABSENT, RECIPE))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _build(target: Target, work: Path, final: Path) -> None:
    (work / "objects").mkdir(parents=True)
    log = work / "log"
    with Progress("C++ library (once, about a minute)") as progress:
        try:
            progress.update("unpacking GCC's sources")
            source = _unpack(work)
            progress.update("configuring")
            _configure(target, source, work / "objects", work / "installed", log)
            _make(work / "objects", log, progress)
        except subprocess.CalledProcessError as error:
            raise BuildError(f"the C++ library failed to build, see {log}: {error}") from error
    log.rename(work / "installed" / "log")
    (work / "installed").rename(final)
    shutil.rmtree(work)


def _unpack(work: Path) -> Path:
    archives = sorted(SOURCES.glob("gcc-*.tar.xz"))
    if not archives:
        raise BuildError(f"{SOURCES} holds no GCC sources: reinstall gcc-12-source")
    name = archives[-1].name.removesuffix(".tar.xz").removesuffix("-dfsg")
    members = [f"gcc-*/{part}" for part in PARTS]
    subprocess.run(["tar", "-xf", archives[-1], "-C", work, "--wildcards", "--no-wildcards-match-slash", *members],
                   check=True)
    found = [path for path in work.glob("gcc-*") if path.is_dir()]
    if len(found) != 1:
        raise BuildError(f"{archives[-1]} is not laid out as {name}")
    configure = found[0] / "libstdc++-v3" / "configure"
    # It asks the compiler for its thread model and is told "posix", which is glibc's.
    text = configure.read_text(encoding="latin-1")
    wanted = "target_thread_file=`$CXX -v 2>&1 | sed -n 's/^Thread model: //p'`"
    if wanted not in text:
        raise BuildError(f"{configure} asks for the thread model in a way this tool does not know")
    configure.write_text(text.replace(wanted, "target_thread_file=single"), encoding="latin-1")
    return found[0] / "libstdc++-v3"


def _configure(target: Target, source: Path, objects: Path, prefix: Path, log: Path) -> None:
    headers = f"-nostdinc -isystem {target.compiler_headers} -isystem {target.c_library / 'include'}"
    flags = " ".join(("-nostdlib", *NOT_LINUX, *CODE, *target.code))
    prefixed = {"AR": "ar", "RANLIB": "ranlib", "AS": "as", "LD": "ld", "NM": "nm", "STRIP": "strip"}
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR")}
    environment |= {
        "LC_ALL": "C",
        "CC": f"{target.prefix}gcc {headers}", "CXX": f"{target.prefix}g++ {headers}",
        "CPP": f"{target.prefix}gcc -E {headers}",
        "CFLAGS": flags, "CXXFLAGS": flags, "CPPFLAGS": " ".join(NOT_LINUX),
    }
    environment |= {name: f"{target.prefix}{program}" for name, program in prefixed.items()}
    environment |= {f"ac_cv_func_{name}": "no" for name in ABSENT}
    with log.open("ab") as output:
        subprocess.run([str(source / "configure"), *CONFIGURE, f"--host={target.host}", f"--prefix={prefix}",
                        f"--libdir={prefix}/lib", f"--with-gxx-include-dir={prefix}/include/c++"],
                       cwd=objects, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                       stderr=subprocess.STDOUT, check=True)


def _make(objects: Path, log: Path, progress: Progress) -> None:
    compiled = 0
    jobs = f"-j{os.cpu_count() or 1}"
    for target in ("all", "install"):
        command = ["make", jobs, target]
        with log.open("ab") as output, subprocess.Popen(command, cwd=objects, stdin=subprocess.DEVNULL,
                                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as make:
            assert make.stdout is not None
            for line in make.stdout:
                output.write(line)
                if b" -c " in line and line.startswith(b"libtool: compile:"):
                    compiled += 1
                    progress.update(f"compiling {min(compiled, COMPILATIONS)}/{COMPILATIONS}")
        if make.returncode != 0:
            raise subprocess.CalledProcessError(make.returncode, command)
        progress.update("installing")


def main() -> int:
    """Prints where the library is; for CMake as a list of include and library directories."""
    parser = argparse.ArgumentParser(prog="tarn.cxx_library", description=main.__doc__)
    parser.add_argument("architecture", choices=TARGETS)
    parser.add_argument("--cmake", action="store_true", help="print a CMake list")
    arguments = parser.parse_args()
    try:
        library = ensure(arguments.architecture)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    if arguments.cmake:
        print(*("|".join(map(str, paths)) for paths in (library.include_directories, library.library_directories)),
              sep=";", end="")
    else:
        print(library.root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
