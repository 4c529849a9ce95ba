"""The fake for tests: `scanned` remembers the paths; a file that contains `marker` is infected."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from app.gateways.scanner import Infected, ScannerUnavailable


@dataclass
class MarkerScanner:
    marker: bytes
    scanned: list[Path] = field(default_factory=list)
    fail_with: ScannerUnavailable | None = None
    finds_malware: bool = True

    def scan(self, path: Path) -> None:
        if self.fail_with is not None:
            raise self.fail_with
        self.scanned.append(path)
        if self.marker in path.read_bytes():
            raise Infected("Marker")
