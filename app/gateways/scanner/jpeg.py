"""Pictures: only a JPEG is opened, and what is kept is a fresh encoding without anything but the pixels. The judging itself
is done by jpeg_child.py in a process of its own."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.gateways.scanner.formats import HEAD_BYTES, Format, actual_format
from app.gateways.scanner.judging import Verdict, judge
from app.gateways.storage import FileRefused, TooLarge

PICTURE_MAX_BYTES = 1024 * 1024
PICTURE_MAX_PIXELS = 25_000_000
SECONDS, MEGABYTES = 10, 1024


@dataclass(frozen=True)
class CleanPicture:
    data: bytes
    width: int
    height: int


class NotJpeg(FileRefused):
    """`actual` is what it is instead, `size` its bytes."""

    def __init__(self, actual: Format, size: int) -> None:
        super().__init__(actual.value)
        self.actual, self.size = actual, size


class TooManyPixels(FileRefused):
    """`pixels` is None if there are so many that nobody counted."""

    def __init__(self, limit: int, pixels: int | None) -> None:
        super().__init__(f"{pixels} pixels, at most {limit}")
        self.limit, self.pixels = limit, pixels


class BrokenPicture(FileRefused):
    """Cut off or damaged, or made to keep a reader busy."""


def clean_jpeg(
    source: Path | bytes, *, max_bytes: int = PICTURE_MAX_BYTES, max_pixels: int = PICTURE_MAX_PIXELS
) -> CleanPicture:
    """The picture upright, in RGB, without EXIF, comments or profiles, in at most `max_bytes`.

    Raises NotJpeg, TooLarge (the source, or even its coarsest encoding), TooManyPixels, BrokenPicture; Busy or
    ScannerUnavailable when nobody could judge it.
    """
    if isinstance(source, bytes):
        with tempfile.TemporaryFile() as file:
            file.write(source)
            file.seek(0)
            return _clean(file, len(source), max_bytes, max_pixels)
    with source.open("rb") as file:
        return _clean(file, source.stat().st_size, max_bytes, max_pixels)


def _clean(file: BinaryIO, size: int, max_bytes: int, max_pixels: int) -> CleanPicture:
    actual = actual_format(file.read(HEAD_BYTES))
    if actual is not Format.JPEG:
        raise NotJpeg(actual, size)
    if size > max_bytes:
        raise TooLarge(max_bytes, size)
    limits = {"max_bytes": max_bytes, "max_pixels": max_pixels}
    return _picture(judge("jpeg", file, seconds=SECONDS, megabytes=MEGABYTES, **limits), max_bytes, max_pixels)


def _picture(verdict: Verdict, max_bytes: int, max_pixels: int) -> CleanPicture:
    match verdict:
        case ("clean", [int(width), int(height)], content):
            return CleanPicture(content, width, height)
        case ("pixels", pixels, _):
            raise TooManyPixels(max_pixels, pixels)
        case ("large", int(size), _):
            raise TooLarge(max_bytes, size)
        case _:
            raise BrokenPicture(f"{verdict.word}: {verdict.detail}")
