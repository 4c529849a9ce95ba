"""Who judges the content of a file: a process with the libraries loaded (warm_child.py), one for each process of ours,
which forks for every file. Not here: what is judged (jpeg_child, pdf_child) and what the verdicts mean (jpeg, pdf)."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from app.gateways.scanner import Busy, ScannerUnavailable

AT_ONCE = 2  # files judged at the same moment by one of our processes
WAITING = 3  # more than these would take its threads away from all other pages
WAIT_S = 20.0
GRACE_S = 5.0  # the judge's own limits come first
_CHILD = Path(__file__).with_name("warm_child.py")


class Verdict(NamedTuple):
    word: str
    detail: Any
    content: bytes


def judge(kind: str, file: BinaryIO, *, seconds: int, megabytes: int, **options: Any) -> Verdict:
    """The verdict of `kind`_child on `file`, an open file of the system; ("heavy", "time" or "memory") if it cost too
    much. Raises Busy, ScannerUnavailable."""
    request = json.dumps({"kind": kind, "seconds": seconds, "megabytes": megabytes, "options": options})
    with _turn():
        answer = _warm.ask(request.encode(), file.fileno())
        with answer:
            answer.settimeout(seconds + GRACE_S)
            try:
                said = b"".join(iter(lambda: answer.recv(1 << 16), b""))
            except TimeoutError:
                return Verdict("heavy", "time", b"")
    head, _, content = said.partition(b"\n")
    try:
        word, detail = json.loads(head)
    except ValueError:
        return Verdict("broken", "no verdict", b"")
    return Verdict(word, detail, content)


_room = threading.BoundedSemaphore(AT_ONCE + WAITING)
_seat = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def _turn() -> Iterator[None]:
    """A few at once, a few more who wait a while; all others are told to come again."""
    if not _room.acquire(blocking=False):
        raise Busy("queue is full")
    try:
        if not _seat.acquire(timeout=WAIT_S):
            raise Busy("no turn in time")
        try:
            yield
        finally:
            _seat.release()
    finally:
        _room.release()


class _Warm:
    """The warm process of this process: begun by the first file, and anew after a fork or when it is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._requests: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: bytes, file: int) -> socket.socket:
        """Where the answer will come; raises ScannerUnavailable."""
        with self._lock:
            for _again in range(2):
                mine, theirs = socket.socketpair()
                try:
                    with theirs:
                        requests = self._begun()
                        socket.send_fds(requests, [request], [file, theirs.fileno()])
                        if requests.recv(1):
                            return mine
                except OSError:
                    pass
                mine.close()
                self._end()
        raise ScannerUnavailable("no process to judge files")

    def _begun(self) -> socket.socket:
        if self._requests is None or self._owner != os.getpid():
            mine, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", str(_CHILD), str(theirs.fileno())],
                    pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL, cwd="/", env={},
                )  # fmt: skip
            self._requests, self._owner = mine, os.getpid()
        return self._requests

    def _end(self) -> None:
        if self._requests is not None:
            self._requests.close()
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
        self._requests = self._process = None


_warm = _Warm()
