"""The picture of a seal: a photo of a stamp on white paper becomes red ink on nothing."""

from __future__ import annotations

import io

from PIL import Image, ImageChops

SIDE = 600  # pixels; 42 mm at 360 dpi
INK = (200, 22, 29)
PAPER_FROM = 24  # redness below this is paper, shadow or black print
INK_FROM = 96


class NoSealSeen(Exception):
    """There is hardly anything red in the picture."""


def clean_seal(jpeg: bytes) -> bytes:
    """A square transparent PNG of at most SIDE pixels with the red of the picture only; raises NoSealSeen.

    `jpeg` has been judged already (files.services.take).
    """
    picture = Image.open(io.BytesIO(jpeg), formats=["JPEG"]).convert("RGB")
    picture.thumbnail((SIDE * 2, SIDE * 2))
    red, green, blue = picture.split()
    redness = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    span = INK_FROM - PAPER_FROM
    alpha = redness.point([min(255, max(0, (value - PAPER_FROM) * 255 // span)) for value in range(256)])
    box = alpha.point([255 if value > 128 else 0 for value in range(256)]).getbbox()
    if box is None or box[2] - box[0] < 60 or box[3] - box[1] < 60:
        raise NoSealSeen
    ink = Image.new("RGBA", picture.size, (*INK, 0))
    ink.putalpha(alpha)
    ink = ink.crop(box)
    side = max(ink.size)
    square = Image.new("RGBA", (side, side), (*INK, 0))
    square.paste(ink, ((side - ink.width) // 2, (side - ink.height) // 2))
    square.thumbnail((SIDE, SIDE))
    out = io.BytesIO()
    square.save(out, "PNG", optimize=True)
    return out.getvalue()
