"""What a file really is, by its first bytes, so that a refusal can say it."""

from __future__ import annotations

import enum

HEAD_BYTES = 1024


class Format(enum.StrEnum):
    JPEG = "JPEG"
    PNG = "PNG"
    GIF = "GIF"
    BMP = "BMP"
    TIFF = "TIFF"
    WEBP = "WEBP"
    HEIC = "HEIC"
    PDF = "PDF"
    OFFICE = "OFFICE"  # Word, Excel, WPS: old (OLE) and new (zip) alike
    EMPTY = "EMPTY"
    UNKNOWN = "UNKNOWN"


_STARTS = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"BM", Format.BMP),
    (b"II*\0", Format.TIFF),
    (b"MM\0*", Format.TIFF),
    (b"PK\x03\x04", Format.OFFICE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format.OFFICE),
)
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}


def actual_format(head: bytes) -> Format:
    """The format of a file that begins with `head` (give at least HEAD_BYTES of it, if it has so many)."""
    if not head:
        return Format.EMPTY
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return Format.HEIC
    # Readers accept some bytes before the header of a PDF, and some producers write them.
    return Format.PDF if b"%PDF-" in head[:HEAD_BYTES] else Format.UNKNOWN
