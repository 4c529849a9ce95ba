"""Pictures: only a JPEG is opened, and what is kept is a fresh encoding without anything but the pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from app.gateways.scanner.formats import HEAD_BYTES, Format, actual_format
from app.gateways.storage import FileRefused, TooLarge

PICTURE_MAX_BYTES = 1024 * 1024
PICTURE_MAX_PIXELS = 25_000_000
SCANS_TIMES_PIXELS = 300_000_000  # 12 scans at 25 Mpx; a progressive file of 1 MiB can ask for hundreds
QUALITIES = (92, 85, 75, 60, 45)
ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


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

    Raises NotJpeg, TooLarge (the source, or even its coarsest encoding), TooManyPixels, BrokenPicture.
    """
    data, size = _read(source, max_bytes)
    actual = actual_format(data[:HEAD_BYTES])
    if actual is not Format.JPEG:
        raise NotJpeg(actual, size)
    if size > max_bytes:
        raise TooLarge(max_bytes, size)
    picture = _decode(data, max_pixels)
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= max_bytes:
            return CleanPicture(out.getvalue(), picture.width, picture.height)
    raise TooLarge(max_bytes, out.tell())


def _read(source: Path | bytes, max_bytes: int) -> tuple[bytes, int]:
    if isinstance(source, bytes):
        return source, len(source)
    with source.open("rb") as file:
        return file.read(max_bytes + 1), source.stat().st_size


def _decode(data: bytes, max_pixels: int) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            pixels = image.width * image.height
            if pixels > max_pixels:
                raise TooManyPixels(max_pixels, pixels)
            if _scans(data) * pixels > SCANS_TIMES_PIXELS:
                raise BrokenPicture("too many scans")
            turn = _UPRIGHT.get(_orientation(image))
            image.load()
            upright = image.convert("RGB") if turn is None else image.convert("RGB").transpose(turn)
    except FileRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels(max_pixels, None) from error
    except Exception as error:  # a decoder fed with hostile bytes raises nearly anything
        raise BrokenPicture(type(error).__name__) from error
    upright.info.clear()  # Pillow copies a comment found here into the new file
    return upright


def _scans(data: bytes) -> int:
    """Start-of-scan marks: never too few, by chance a few too many (in a thumbnail or profile)."""
    return data.count(b"\xff\xda")


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION_TAG, 1))
    except Exception:  # damaged EXIF is no reason to refuse sound pixels
        return 1
