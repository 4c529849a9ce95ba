"""No malware scanner at hand: what remains is the check of structure in jpeg.py and pdf.py."""

from __future__ import annotations

from pathlib import Path


class StructureOnly:
    finds_malware = False

    def scan(self, path: Path) -> None:
        """Every file passes; the callers judge its structure in any case."""
