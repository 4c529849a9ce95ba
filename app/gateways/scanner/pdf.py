"""PDF files: facts and refusals. The judging itself is done by pdf_child.py in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.gateways.scanner.formats import HEAD_BYTES, Format, actual_format
from app.gateways.scanner.judging import Verdict, judge
from app.gateways.storage import FileRefused, TooLarge

PDF_MAX_BYTES = 30 * 1024 * 1024


@dataclass(frozen=True)
class PdfFacts:
    pages: int


class NotPdf(FileRefused):
    """`actual` is what it is instead, `size` its bytes."""

    def __init__(self, actual: Format, size: int) -> None:
        super().__init__(actual.value)
        self.actual, self.size = actual, size


class EncryptedPdf(FileRefused):
    """A password to open it, or one that only limits what may be done with it."""


class EmptyPdf(FileRefused):
    """No bytes, or no pages."""


class BrokenPdf(FileRefused):
    """Readers would have to guess; `why` is for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class ActivePdf(FileRefused):
    """It does something when opened, or carries files; `what` is one of pdf_child.ACTIVE, sorted."""

    def __init__(self, what: tuple[str, ...]) -> None:
        super().__init__(", ".join(what))
        self.what = what


class TooHeavy(FileRefused):
    """It costs too much to judge; `why` is `time`, `memory` or `size` (of what it unpacks to)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def inspect_pdf(
    path: Path, *, max_bytes: int = PDF_MAX_BYTES, timeout_s: int = 20, memory_mb: int = 1024
) -> PdfFacts:
    """The facts of a sound, passive PDF.

    Raises NotPdf, TooLarge, EmptyPdf, EncryptedPdf, BrokenPdf, ActivePdf, TooHeavy; Busy or ScannerUnavailable
    when nobody could judge it.
    """
    with path.open("rb") as file:
        head, size = file.read(HEAD_BYTES), path.stat().st_size
        actual = actual_format(head)
        if actual is Format.EMPTY:
            raise EmptyPdf
        if actual is not Format.PDF:
            raise NotPdf(actual, size)
        if size > max_bytes:
            raise TooLarge(max_bytes, size)
        return _facts(judge("pdf", file, seconds=timeout_s, megabytes=memory_mb))


def _facts(verdict: Verdict) -> PdfFacts:
    match verdict.word, verdict.detail:
        case "sound", int(pages):
            return PdfFacts(pages)
        case "encrypted", _:
            raise EncryptedPdf
        case "empty", _:
            raise EmptyPdf
        case "active", list(what):
            raise ActivePdf(tuple(what))
        case "heavy", why:
            raise TooHeavy(str(why))
        case _, detail:
            raise BrokenPdf(str(detail))
