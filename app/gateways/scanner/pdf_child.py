"""Judges one PDF; run by warm_child.py in a process of its own with hard limits.

It imports nothing of the application. Verdicts: sound (pages), encrypted, empty, broken (why), active (what), heavy (why).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import pikepdf

STREAM_MAX = 64 * 1024 * 1024  # one unpacked stream that is not a picture
STREAMS_MAX = 512 * 1024 * 1024
DEPTH_MAX = 200

# What makes a PDF active: actions by their /S, entries by their key, objects by their /Type or /Subtype.
ACTIVE = ("JavaScript", "Launch", "SubmitForm", "ImportData", "EmbeddedFile", "XFA", "RichMedia")
ACTIONS = {
    "/JavaScript": "JavaScript",
    "/Launch": "Launch",
    "/SubmitForm": "SubmitForm",
    "/ImportData": "ImportData",
    "/GoToE": "EmbeddedFile",
}
KEYS = {"/JS": "JavaScript", "/EmbeddedFiles": "EmbeddedFile", "/EF": "EmbeddedFile", "/XFA": "XFA"}
KINDS = {"/EmbeddedFile": "EmbeddedFile", "/FileAttachment": "EmbeddedFile", "/RichMedia": "RichMedia"}

# Entries that small producers leave out and every reader supplies; nothing is lost by it.
HARMLESS = (
    "Resources is missing",
    "MediaBox is undefined",
    "missing or invalid /Type",
    "/Type key should be",
)


Verdict = tuple[str, Any, bytes]


def judge(file: BinaryIO) -> Verdict:
    """The verdict on `file`, an open file of the system."""
    word, detail = judged(f"/dev/fd/{file.fileno()}")
    return word, detail, b""


def judged(path: str) -> tuple[str, Any]:
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PasswordError:
        return "encrypted", None
    except pikepdf.PdfError as error:
        return failure(error)
    if pdf.is_encrypted:
        return "encrypted", None
    try:
        pages = len(pdf.pages)
        found = sorted(active(pdf))
        # A repaired file may have lost pages without anybody's notice.
        repairs = [
            str(text) for text in pdf.get_warnings() if not any(part in str(text) for part in HARMLESS)
        ]
        if repairs:
            return "broken", repairs[0]
        if found:
            return "active", found
        if pages == 0:
            return "empty", None
        return unpack(pdf) or ("sound", pages)
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError, KeyError) as error:
        return failure(error)


def failure(error: Exception) -> tuple[str, Any]:
    """qpdf tells of memory that ran out in the text of its usual error."""
    if "bad_alloc" in str(error):
        return "heavy", "memory"
    return "broken", f"{type(error).__name__}: {error}"


def active(pdf: Any) -> set[str]:
    """The members of ACTIVE that occur in any object, referenced or not, however deep."""
    found: set[str] = set()
    for item in dictionaries(pdf):
        names = item.keys()
        found.update(KEYS[name] for name in names if name in KEYS)
        for key, table in (("/S", ACTIONS), ("/Type", KINDS), ("/Subtype", KINDS)):
            if key in names:
                found.update(filter(None, [table.get(str(item.get(key)))]))
        if "/URI" in names and str(item.get("/URI")).lstrip().lower().startswith("javascript:"):
            found.add("JavaScript")
    return found


def dictionaries(pdf: Any) -> Iterator[Any]:
    """Every dictionary and stream dictionary, those nested in arrays and dictionaries included.

    References are not followed: what they point to is in `pdf.objects` itself. (qpdf has undone #-escapes.)
    """
    containers = (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array)
    waiting: list[tuple[Any, int]] = [(pdf.trailer, 0)]
    for top in pdf.objects:
        waiting.append((top, 0))
        while waiting:
            item, depth = waiting.pop()
            if not isinstance(item, containers):
                continue
            if depth > DEPTH_MAX:
                raise ValueError("nested too deep")
            if isinstance(item, pikepdf.Array):
                children = list(item)
            else:
                yield item
                children = [child for _, child in item.items()]
            waiting += [(child, depth + 1) for child in children if not getattr(child, "is_indirect", False)]


def unpack(pdf: Any) -> tuple[str, Any] | None:
    """A verdict if the streams unpack to too much; pictures are left packed."""
    total = 0
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream) or item.get("/Subtype") == "/Image":
            continue
        try:
            size = len(item.read_bytes())
        except pikepdf.PdfError as error:
            if failure(error)[0] == "heavy":
                return failure(error)
            continue  # a filter that qpdf leaves alone, or a damaged font that readers replace
        total += size
        if size > STREAM_MAX or total > STREAMS_MAX:
            return "heavy", "size"
    return None

