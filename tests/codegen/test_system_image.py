# SPDX-License-Identifier: MIT
"""What the composer writes for a good system, read back with other code than wrote it."""

from __future__ import annotations

import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from codegen.system import formats
from tests.codegen.system_project import image, lay_out, make_kernel, make_program
from tests.codegen.system_reader import Manifest, Record

PAGE = 4096


@pytest.fixture()
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    lay_out(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture()
def outputs(project: Path) -> dict[str, bytes]:
    reporter, files = image("system.yaml")
    assert reporter.to_text() == ""
    return files


def files_of(archive: bytes, folder: Path) -> dict[str, bytes]:
    """The files of a cpio archive, by cpio itself."""
    subprocess.run(["cpio", "-id", "--quiet"], input=archive, cwd=folder, check=True)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture()
def manifest(outputs: dict[str, bytes], tmp_path: Path) -> Manifest:
    folder = tmp_path / "initfs"
    folder.mkdir()
    return Manifest(files_of(outputs["initfs.cpio"], folder)["manifest"])


def test_the_image_has_a_name_of_its_own(outputs: dict[str, bytes]) -> None:
    assert set(outputs) == {"image.bin", "bench.img", "initfs.cpio", "manifest.json", "map.txt"}
    assert outputs["image.bin"] == outputs["bench.img"]


@pytest.mark.skipif(shutil.which("cpio") is None, reason="needs cpio")
def test_cpio_reads_the_initfs(outputs: dict[str, bytes]) -> None:
    listing = subprocess.run(["cpio", "-t", "--quiet"], input=outputs["initfs.cpio"], capture_output=True, check=True)
    names = listing.stdout.decode().split()
    assert names == ["manifest", "bin/client", "bin/clock", "bin/logger", "bin/store"]
    assert listing.stderr == b""


def test_the_payload_is_where_the_kernel_looks(outputs: dict[str, bytes]) -> None:
    data = outputs["image.bin"]
    header = Record(formats.IMAGE_HEADER, data, 64)
    assert header.magic == formats.IMAGE_MAGIC
    assert header.payload_offset == 20480, "behind the kernel's zeroed data, which its image header counts"
    assert header.payload_offset + header.payload_size == len(data)
    assert int.from_bytes(data[16:24], "little") == len(data)
    payload = data[header.payload_offset :]
    facts = Record(formats.PAYLOAD, payload, 0)
    assert (facts.magic, facts.version, facts.segment_count, facts.core_count) == (formats.PAYLOAD_MAGIC, 1, 2, 2)
    assert facts.entry == 0x40_0000
    code, zeroed = facts.segments[:2]
    assert (code.address, code.memory_size, code.rights) == (0x40_0000, PAGE, 5)
    assert payload[code.offset : code.offset + code.file_size] == b"\x1f\x20\x03\xd5" * 8
    assert (zeroed.address, zeroed.memory_size, zeroed.rights) == (0x50_0000, 3 * PAGE, 3)
    assert payload[zeroed.offset : zeroed.offset + zeroed.file_size] == b"data"
    assert {segment.offset % PAGE for segment in facts.segments[:2]} == {0} == {facts.initfs_offset % PAGE}
    assert payload[facts.initfs_offset : facts.initfs_offset + facts.initfs_size] == outputs["initfs.cpio"]


def test_the_manifest_has_a_checksum(manifest: Manifest) -> None:
    at = formats.HEADER.offset("crc32")
    zeroed = manifest.file[:at] + bytes(4) + manifest.file[at + 4 :]
    assert manifest.header.crc32 == zlib.crc32(zeroed)
    assert manifest.header.size == len(manifest.file)
    assert manifest.header.text("board") == "bench"


def test_components_start_behind_what_they_use(manifest: Manifest) -> None:
    assert manifest.names == ["logger", "clock", "store", "client"]
    store, client = manifest.components[2:]
    assert client.text("binary") == "bin/client"
    assert (client.priority, client.core, client.slot_bits, client.untyped_bits) == (100, 0, 8, 21)
    assert store.core == 1
    assert store.flags == 1 << 3, "announces-ready; it hands out memory: never started again"
    assert client.flags == 1 << 0, "initfs; restart: 0"
    assert manifest.components[1].flags == (1 << 5) + (3 << 24), "alarm; started again three times unless said"


def test_both_sides_of_a_window_have_one_number_and_size(manifest: Manifest) -> None:
    sides: dict[int, list[Record]] = {}
    for window in manifest.windows:
        sides.setdefault(window.id, []).append(window)
        assert window.address % PAGE == window.size % PAGE == 0
    assert all(len(pair) == 2 and pair[0].size == pair[1].size for pair in sides.values())
    init_windows = manifest.header.init_windows
    assert init_windows.count == 2
    for component in manifest.components:
        places = sorted((row.address, row.address + row.size) for row in manifest.rows(component, "windows"))
        assert all(before[1] < after[0] for before, after in zip(places, places[1:]))


def test_ports_lead_to_sessions(manifest: Manifest) -> None:
    client = manifest.components[3]
    startup = manifest.startup("client")
    ports = {row.slot: row for row in manifest.rows(client, "ports")}
    for used, server in zip(startup.used_ports, ["clock", "logger", "store", "init"]):
        port = ports[used.endpoint]
        session = manifest.startup(server).sessions[port.badge & 0xFFFF]
        assert session.text("client") == "client"
        assert session.window.size == used.window.size
        assert port.kind == (2 if server == "init" else 0)
        if server != "init":
            assert manifest.names[port.target] == server
            assert port.badge >> 56 == session.interface_index == 0
    assert [used.text("name") for used in startup.used_ports] == ["time", "log", "memory", "process"]
    assert manifest.startup("store").sessions[0].quota == 1 << 20
    assert manifest.startup("store").sessions[0].own == (2 << 20) + (16 << 10) + 4 * PAGE


def test_sessions_of_init_are_numbered_as_components(manifest: Manifest) -> None:
    sessions = manifest.startup("init").sessions
    assert [session.text("client") for session in sessions] == manifest.names
    assert [session.window.size > 0 for session in sessions] == [False, False, True, True]


def test_events_raise_a_bit_of_the_client(manifest: Manifest) -> None:
    clock, client = manifest.components[1], manifest.startup("client")
    (notification,) = manifest.rows(clock, "ports")
    assert (notification.kind, manifest.names[notification.target]) == (1, "client")
    assert notification.badge == client.used_ports[0].event_badge == 1
    assert manifest.startup("clock").sessions[0].event_notification == notification.slot
    assert [used.event_badge for used in client.used_ports[1:]] == [0, 0, 0]


def test_devices_are_mapped_by_pages(manifest: Manifest) -> None:
    (row,) = manifest.rows(manifest.components[0], "devices")
    (device,) = manifest.startup("logger").devices
    assert (row.physical_address, row.size, row.irq, row.trigger) == (0x0900_0000, PAGE, 33, 0)
    assert (device.address, device.size, device.physical_address) == (row.address, PAGE, 0x0900_0000)
    assert (device.irq_handler, device.irq_badge) == (row.irq_slot, row.irq_badge) != (0, 0)
    assert (device.text("name"), device.text("compatible"), device.clock_hz) == ("port", "arm,pl011", 24_000_000)
    (interrupt_only,) = manifest.rows(manifest.components[1], "devices")
    assert (interrupt_only.size, interrupt_only.irq) == (0, 27)


def test_parameters_and_arguments_arrive(manifest: Manifest) -> None:
    client = manifest.startup("client")
    assert client.parameters == {"greeting": "Hi", "count": 64 << 10, "loud": True, "names": ["x", "yy"]}
    assert client.arguments == ["one", "two words"]
    info = client.info
    assert (info.stack_limit, info.stack_mapped, info.heap_limit) == (64 << 10, 16 << 10, 256 << 10)
    assert (client.info.priority, client.info.end_of_slots, client.info.untyped_bits) == (100, 256, 21)
    assert client.info.text("board") == "bench"


def test_memory_gets_slots_for_what_is_left(manifest: Manifest) -> None:
    store = manifest.startup("store")
    rows = manifest.rows(manifest.components[2], "grants")
    assert [row.size_bits for row in rows] == [0] * 12
    assert [row.slot for row in rows] == list(range(rows[0].slot, store.info.first_free_slot))


def test_the_same_input_gives_the_same_bytes(outputs: dict[str, bytes], project: Path, tmp_path: Path) -> None:
    for file in project.rglob("*"):
        if file.is_file():
            file.touch()
    _, again = image("system.yaml")
    assert again == outputs


def test_files_are_added(project: Path) -> None:
    Path("etc").mkdir()
    Path("etc/motd").write_text("Welcome\n")
    with Path("system.yaml").open("a") as system:
        system.write("files: { etc/motd: etc/motd, a: system.yaml }\n")
    reporter, files = image("system.yaml")
    assert reporter.to_text() == ""
    folder = project / "extracted"
    folder.mkdir()
    found = files_of(files["initfs.cpio"], folder)
    assert found["etc/motd"] == b"Welcome\n"
    assert "a" in found


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (b"", "is too short"),
        (make_program()[:100], "cut short"),
        (make_program()[:-3], "cut short"),
        (make_program(machine=243), "is for machine 243, not for aarch64 (183)"),
        (make_program(kind=3), "is not a static executable"),
        (make_program(entry=0x50_0000), "has its entry 0x500000 outside of its code"),
        (make_program(flags=7), "both writable and executable"),
        (make_program().replace((0x50_0000).to_bytes(8, "little"), (0x40_0100).to_bytes(8, "little")), "share a page"),
        (make_program().replace((0x50_0000).to_bytes(8, "little"), b"\xff" * 8), "outside of"),
    ],
    ids=["empty", "headers", "data", "machine", "shared", "entry", "rights", "pages", "range"],
)
def test_a_damaged_program_is_refused(project: Path, program: bytes, reason: str) -> None:
    Path("programs/client").write_bytes(program)
    reporter, files = image("system.yaml")
    assert files == {}
    assert "error[SYS0038]" in reporter.to_text()
    assert reason in reporter.to_text()


def test_an_image_is_no_kernel(project: Path, outputs: dict[str, bytes]) -> None:
    Path("kernel.bin").write_bytes(outputs["image.bin"])
    reporter, _ = image("system.yaml")
    assert "has no room for a payload, or has one already" in reporter.to_text()
    Path("kernel.bin").write_bytes(make_kernel()[:50])
    assert "SYS0039" in image("system.yaml")[0].to_text()
