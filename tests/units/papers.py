"""Scans for uploads: a JPEG, a PDF, a PNG that is called .jpg, a photo of a stamp."""

from __future__ import annotations

import io

import pikepdf
from PIL import Image, ImageDraw

USCC = "91450200MA5N123453"
OTHER_USCC = "12450200498900001E"


def jpeg(colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    return out.getvalue()


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out)
    return out.getvalue()


def stamp() -> bytes:
    """A red ring on grey-white paper with black print beside it."""
    picture = Image.new("RGB", (800, 700), (238, 236, 230))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((150, 100, 600, 550), outline=(205, 30, 40), width=24)
    draw.rectangle((20, 620, 300, 660), fill=(20, 20, 20))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()
