"""Pictures and papers of people who do not exist: each carries 「演示」, and is taken like any upload."""

from __future__ import annotations

import io
import random
from functools import lru_cache
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

FONT_PACKAGE, FONT_FILE = "pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf"
PORTRAIT = (295, 413)
SCAN = (620, 420)
SHEET = (620, 877)
SKIN = ((244, 214, 190), (232, 196, 168), (250, 224, 204))
COATS = ((44, 62, 92), (70, 80, 96), (96, 56, 60), (52, 84, 78), (84, 72, 104))


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    folder = resources.files(FONT_PACKAGE)
    found = next(path for path in _files(folder) if path.name == FONT_FILE)
    with resources.as_file(found) as path:
        return ImageFont.truetype(str(path), size)


def _files(folder):  # type: ignore[no-untyped-def]
    for each in folder.iterdir():
        if each.is_dir():
            yield from _files(each)
        else:
            yield each


def portrait(seed: int) -> bytes:
    """A placeholder for a 证件照: a figure on white, 5:7."""
    dice = random.Random(seed)
    picture = Image.new("RGB", PORTRAIT, (250, 251, 253))
    draw = ImageDraw.Draw(picture)
    coat, skin = dice.choice(COATS), dice.choice(SKIN)
    draw.ellipse((20, 300, 275, 560), fill=coat)
    draw.polygon(((120, 300), (175, 300), (148, 350)), fill=(250, 250, 250))
    draw.rectangle((126, 250, 170, 310), fill=skin)
    draw.ellipse((82, 96, 214, 280), fill=skin)
    draw.pieslice((74, 70, 222, 250), 180, 360, fill=(38, 34, 34))
    draw.text((148, 388), "演示", font=_font(20), fill=(255, 255, 255), anchor="mm")
    return _jpeg(picture)


def scan(title: str, lines: tuple[str, ...] = (), size: tuple[int, int] = SCAN) -> bytes:
    """A paper with a heading, some lines and the watermark."""
    picture = Image.new("RGB", size, (252, 250, 244))
    draw = ImageDraw.Draw(picture)
    width, height = size
    draw.rectangle((12, 12, width - 12, height - 12), outline=(176, 60, 52), width=3)
    draw.text((width / 2, 70), title, font=_font(30), fill=(60, 40, 40), anchor="mm")
    for place, line in enumerate(lines):
        draw.text((60, 130 + place * 44), line, font=_font(20), fill=(70, 70, 70))
    draw.text((width / 2, height - 90), "演示", font=_font(64), fill=(226, 200, 196), anchor="mm")
    draw.text((width / 2, height - 40), "虚构材料，仅供演示", font=_font(16), fill=(150, 120, 118), anchor="mm")
    return _jpeg(picture)


def pdf(title: str, lines: tuple[str, ...] = (), pages: int = 2) -> bytes:
    """A small PDF of scanned sheets."""
    sheets = [
        Image.open(io.BytesIO(scan(f"{title}（第{page}页）", lines, SHEET))) for page in range(1, pages + 1)
    ]
    paper = io.BytesIO()
    sheets[0].save(paper, "PDF", save_all=True, append_images=sheets[1:], resolution=75.0)
    return paper.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=70)
    return out.getvalue()
