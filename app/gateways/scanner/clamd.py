"""ClamAV's daemon over TCP, by its INSTREAM command (clamd(8)): each block after its length, 0 at the end."""

from __future__ import annotations

import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.gateways.scanner import Infected, ScannerUnavailable

BLOCK = 64 * 1024
ANSWER_MAX = 4096


@dataclass(frozen=True)
class ClamdScanner:
    """`timeout` is the time in seconds for one whole scan."""

    host: str
    port: int
    timeout: float = 30.0
    finds_malware: bool = True

    def scan(self, path: Path) -> None:
        with path.open("rb") as file:
            deadline = time.monotonic() + self.timeout
            try:
                with socket.create_connection((self.host, self.port), self.timeout) as connection:
                    answer = _instream(connection, file, deadline)
            except OSError as error:
                raise ScannerUnavailable(str(error)) from error
        if answer.endswith(" FOUND"):
            raise Infected(answer.removeprefix("stream: ").removesuffix(" FOUND"))
        if answer != "stream: OK":
            raise ScannerUnavailable(answer or "no answer")

    def ping(self) -> None:
        """For the administrator's page; raises ScannerUnavailable."""
        try:
            with socket.create_connection((self.host, self.port), self.timeout) as connection:
                connection.sendall(b"zPING\0")
                answer = _answer(connection, time.monotonic() + self.timeout)
        except OSError as error:
            raise ScannerUnavailable(str(error)) from error
        if answer != "PONG":
            raise ScannerUnavailable(answer or "no answer")


def _instream(connection: socket.socket, file: BinaryIO, deadline: float) -> str:
    try:
        connection.sendall(b"zINSTREAM\0")
        while block := file.read(BLOCK):
            _limit(connection, deadline)
            connection.sendall(struct.pack(">I", len(block)) + block)
        connection.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # clamd hangs up when a file is above its own limit; its answer says so
    return _answer(connection, deadline)


def _answer(connection: socket.socket, deadline: float) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < ANSWER_MAX:
        _limit(connection, deadline)
        if not (part := connection.recv(ANSWER_MAX)):
            break
        answer += part
    return answer.split(b"\0")[0].decode("utf-8", "replace").strip()


def _limit(connection: socket.socket, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scan takes too long")
    connection.settimeout(left)
