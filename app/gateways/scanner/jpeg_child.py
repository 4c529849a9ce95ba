"""Judges one JPEG and makes the clean one; run by warm_child.py in a process of its own with hard limits.

It imports nothing of the application. Verdicts: clean ([width, height], with the new file), large (bytes of its coarsest
encoding), pixels (how many, None if nobody counted), broken (why).
"""

from __future__ import annotations

import io
from typing import Any, BinaryIO

from PIL import Image, JpegImagePlugin  # the plug-in at once: it is all that is ever opened

SCANS_TIMES_PIXELS = 300_000_000  # 12 scans at 25 Mpx; a progressive file of 1 MiB can ask for hundreds
QUALITIES = (92, 85, 75, 60, 45)
ORIENTATION_TAG = 0x0112
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
Verdict = tuple[str, Any, bytes]


def judge(file: BinaryIO, *, max_bytes: int, max_pixels: int) -> Verdict:
    """The verdict on `file`, with the bytes of the clean picture if there is one."""
    data = file.read(max_bytes + 1)
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            pixels = image.width * image.height
            if pixels > max_pixels:
                return "pixels", pixels, b""
            if scans(data) * pixels > SCANS_TIMES_PIXELS:
                return "broken", "too many scans", b""
            turn = UPRIGHT.get(orientation(image))
            image.load()
            tables = own_tables(image)
            picture = image if image.mode == "RGB" else image.convert("RGB")
            picture = picture.transpose(turn) if turn is not None else picture
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "pixels", None, b""
    except MemoryError:
        raise
    except Exception as error:  # a decoder fed with hostile bytes raises nearly anything
        return "broken", type(error).__name__, b""
    return encoded(picture, tables, max_bytes)


def encoded(picture: Image.Image, tables: dict[str, Any], max_bytes: int) -> Verdict:
    """The pixels alone, as good as they came if that fits."""
    out = io.BytesIO()
    picture.info.clear()  # Pillow copies a comment found here into the new file
    own = [tables, {**tables, "optimize": True}] if tables else []
    for options in own + [{"quality": quality, "optimize": True} for quality in QUALITIES]:
        out = io.BytesIO()
        picture.save(out, "JPEG", **options)
        if out.tell() <= max_bytes:
            return "clean", [picture.width, picture.height], out.getvalue()
    return "large", out.tell(), b""


def own_tables(image: Any) -> dict[str, Any]:
    """The quantisation of the source: with it, once is enough, and nearly nothing is lost. Empty where it does not fit."""
    tables = image.quantization
    sound = image.mode in ("RGB", "L") and 1 <= len(tables) <= 2
    if not sound or not all(1 <= value <= 255 for table in tables.values() for value in table):
        return {}
    return {"qtables": list(tables.values()), "subsampling": max(0, JpegImagePlugin.get_sampling(image))}


def scans(data: bytes) -> int:
    """Start-of-scan marks: never too few, by chance a few too many (in a thumbnail or profile)."""
    return data.count(b"\xff\xda")


def orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION_TAG, 1))
    except Exception:  # damaged EXIF is no reason to refuse sound pixels
        return 1
