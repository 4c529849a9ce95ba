"""Which characters an OpenType font can show: typst prints an empty box for the others without a word.

Source: the OpenType specification, table `cmap`, subtable format 12.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path


@cache
def code_points(font: Path) -> frozenset[int]:
    """All code points of `font`; raises ValueError if it has no table of the full Unicode range."""
    data = font.read_bytes()
    cmap = _table(data, b"cmap")
    for index in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        _, _, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * index)
        if struct.unpack_from(">H", data, cmap + offset)[0] == 12:
            return _format_12(data, cmap + offset)
    raise ValueError(f"{font.name}: no cmap of format 12")


def _table(data: bytes, tag: bytes) -> int:
    for index in range(struct.unpack_from(">H", data, 4)[0]):
        name, _, offset, _ = struct.unpack_from(">4sIII", data, 12 + 16 * index)
        if name == tag:
            return offset
    raise ValueError(f"no table {tag!r}")


def _format_12(data: bytes, start: int) -> frozenset[int]:
    points: set[int] = set()
    for group in range(struct.unpack_from(">I", data, start + 12)[0]):
        first, last, _ = struct.unpack_from(">III", data, start + 16 + 12 * group)
        points.update(range(first, last + 1))
    return frozenset(points)
