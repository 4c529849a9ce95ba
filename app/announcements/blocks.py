"""A published text as it is read: plain text in blocks, some of them headings."""

from __future__ import annotations

from markupsafe import Markup

NUMERALS = "一二三四五六七八九十"


def paragraphs(text: str) -> list[tuple[str, str]]:
    """(tag, text) of the blocks of a plain text: a short line that begins 一、 and is no whole sentence is a heading."""
    blocks = [block.strip() for block in text.replace("\r\n", "\n").split("\n\n")]
    found: list[tuple[str, str]] = []
    for block in filter(None, blocks):
        first, _sep, rest = block.partition("\n")
        if len(first) <= 30 and first[1:2] == "、" and first[0] in NUMERALS and first[-1] not in "。；":
            found.append(("h2", first))
            block = rest
        if block:
            found.append(("p", block))
    return found


def lines(text: str) -> Markup:
    return Markup("<br>").join(text.split("\n"))
