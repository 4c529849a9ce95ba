from __future__ import annotations

import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.gateways.scanner import Infected, ScannerUnavailable
from app.gateways.scanner.clamd import ClamdScanner
from app.gateways.scanner.memory import MarkerScanner
from app.gateways.scanner.structure import StructureOnly

# Put together at run time: no scanner shall take this test for the thing itself.
EICAR = "".join(["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS", "-TEST-FILE!$H+H*"]).encode()


class FakeClamd(socketserver.StreamRequestHandler):
    """Speaks clamd's PING and INSTREAM; `server.received` remembers, `server.mode` misbehaves."""

    def handle(self) -> None:
        command = self._until_zero()
        if command == b"zPING":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM"
        if self.server.mode == "silent":
            time.sleep(1)
            return
        content = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if self.server.mode == "small" and len(content) > 1000:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.received.append(content)
        self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")

    def _until_zero(self) -> bytes:
        command = b""
        while (byte := self.rfile.read(1)) != b"\0":
            command += byte
        return command


@pytest.fixture
def clamd() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), FakeClamd) as server:
        server.daemon_threads = True
        server.received, server.mode = [], ""
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def scanner(server: socketserver.ThreadingTCPServer, timeout: float = 5) -> ClamdScanner:
    return ClamdScanner("127.0.0.1", server.server_address[1], timeout)


def test_a_clean_file_reaches_clamd_whole(clamd: socketserver.ThreadingTCPServer, tmp_path: Path) -> None:
    file = tmp_path / "clean"
    file.write_bytes(b"0123456789" * 50_000)
    scanner(clamd).scan(file)
    assert clamd.received == [file.read_bytes()]


def test_an_infected_file_is_named(clamd: socketserver.ThreadingTCPServer, tmp_path: Path) -> None:
    file = tmp_path / "infected"
    file.write_bytes(b"x" * 200_000 + EICAR)
    with pytest.raises(Infected) as found:
        scanner(clamd).scan(file)
    assert found.value.name == "Eicar-Test-Signature"


def test_a_file_above_clamds_own_limit_has_no_verdict(
    clamd: socketserver.ThreadingTCPServer, tmp_path: Path
) -> None:
    clamd.mode = "small"
    file = tmp_path / "large"
    file.write_bytes(b"x" * 5_000_000)
    with pytest.raises(ScannerUnavailable):
        scanner(clamd).scan(file)


def test_a_silent_clamd_is_given_up_in_time(clamd: socketserver.ThreadingTCPServer, tmp_path: Path) -> None:
    clamd.mode = "silent"
    file = tmp_path / "file"
    file.write_bytes(b"x")
    began = time.monotonic()
    with pytest.raises(ScannerUnavailable):
        scanner(clamd, timeout=0.2).scan(file)
    assert time.monotonic() - began < 0.9


def test_without_clamd_there_is_no_verdict(clamd: socketserver.ThreadingTCPServer, tmp_path: Path) -> None:
    scanner(clamd).ping()
    port = clamd.server_address[1]
    clamd.shutdown()
    clamd.server_close()
    gone = ClamdScanner("127.0.0.1", port, 0.5)
    (tmp_path / "file").write_bytes(b"x")
    for attempt in (gone.ping, lambda: gone.scan(tmp_path / "file")):
        with pytest.raises(ScannerUnavailable):
            attempt()


def test_structure_only_says_that_it_finds_no_malware(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(EICAR)
    StructureOnly().scan(file)
    assert (StructureOnly().finds_malware, ClamdScanner("127.0.0.1", 3310).finds_malware) == (False, True)


def test_the_fake_remembers_what_it_scanned(tmp_path: Path) -> None:
    clean, marked = tmp_path / "clean", tmp_path / "marked"
    clean.write_bytes(b"clean")
    marked.write_bytes(b"a virus")
    fake = MarkerScanner(b"virus")
    fake.scan(clean)
    with pytest.raises(Infected):
        fake.scan(marked)
    assert fake.scanned == [clean, marked]
