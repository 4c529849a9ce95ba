"""Judging uploaded files: malware (one file per scanner), and whether a JPEG or PDF is sound (jpeg, pdf).
Not here: which kinds of evidence allow which format and size (app/catalogue), and the words for a refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from app.gateways.storage import FileRefused


class Infected(FileRefused):
    """`name` is the scanner's name of the malware."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ScannerUnavailable(Exception):
    """No verdict: keep the file unread and try again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Busy(ScannerUnavailable):
    """More files at once than this process judges: the same file can be sent again in a moment."""


class Scanner(Protocol):
    finds_malware: bool
    """False: the administrator's page says that files are only checked for their structure."""

    def scan(self, path: Path) -> None:
        """Returns if the file is clean; raises Infected, ScannerUnavailable."""
        ...
