"""Tables that people bring along: .xlsx, .xls and .csv files and pasted text, read as plain cells.

Nothing in them is evaluated: of a formula only the result that was stored counts. A workbook is opened by
sheet_child.py in a process of its own with hard limits. Not here: what the cells mean."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from threading import BoundedSemaphore

MAX_BYTES = 2 * 1024 * 1024
MAX_LINES = 300  # beside the heading
MAX_COLUMNS = 100
MAX_CHARACTERS = 400_000  # of all cells together
UNPACKED_MAX = 60 * 1024 * 1024
TIMEOUT_S, MEMORY_MB, WAIT_S = 10, 256, 10

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # how an .xlsx with a password is wrapped
ENCODINGS = ("utf-8-sig", "gb18030")  # what office programs write here
BYTE_ORDERS = (b"\xff\xfe", b"\xfe\xff")
_CHILD = Path(__file__).with_name("sheet_child.py")
_children = BoundedSemaphore(2)

# A number stays one: what a table program did to its digits has to be judged by the field.
Cell = str | int | float | bool
Line = tuple[int, list[Cell]]


class TableRefused(Exception):
    """Base of the reasons why a table is not read."""


class TooLarge(TableRefused):
    """More than `limit` bytes; `size` is what was sent."""

    def __init__(self, limit: int, size: int) -> None:
        super().__init__(f"{size} of {limit}")
        self.limit, self.size = limit, size


class TooManyLines(TableRefused):
    """More than `limit` lines that say something."""

    def __init__(self, limit: int) -> None:
        super().__init__(str(limit))
        self.limit = limit


class TooHeavy(TableRefused):
    """It unpacks to too much, or cannot be read in time."""


class NotATable(TableRefused):
    """Neither a workbook nor text."""


class LockedTable(TableRefused):
    """A workbook with a password."""


class BrokenTable(TableRefused):
    """A workbook that cannot be opened; the message is for the log."""


class NothingInIt(TableRefused):
    """No cell says anything."""


class Busy(TableRefused):
    """Other tables are being read; again in a moment."""


def read_file(content: bytes) -> list[Line]:
    """The lines of the first sheet, or of a text: (number as its program counts them, cells); empty ones are left out.

    What it is, its content says, not its name. Dates come as YYYY-MM-DD. Raises TableRefused in one of its kinds.
    """
    if len(content) > MAX_BYTES:
        raise TooLarge(MAX_BYTES, len(content))
    if content.startswith(ZIP):
        _judge_zip(content)
    elif not content.startswith(OLE):
        return read_text(_decoded(content))
    elif ENCRYPTED in content:
        raise LockedTable
    return _bounded((number, cells) for number, cells in _sheet(content))


def read_text(text: str) -> list[Line]:
    """The lines of a pasted table, with tabs between the cells as table programs copy them, or commas."""
    if "\0" in text or text.lstrip().startswith("<"):  # a page that calls itself a workbook
        raise NotATable
    lines = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in text else ",")
    try:
        return _bounded((number, list(cells)) for number, cells in enumerate(lines, 1))
    except csv.Error as error:
        raise NotATable from error


def as_text(lines: Iterable[Line]) -> str:
    """The lines as `read_text` would find them again, under the same numbers."""
    out, following = io.StringIO(), 1
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for number, cells in lines:
        out.write("\n" * (number - following))
        writer.writerow(cells)
        following = number + 1
    return out.getvalue()


def _bounded(lines: Iterable[tuple[int, list[Cell]]]) -> list[Line]:
    found: list[Line] = []
    characters = 0
    for number, cells in lines:
        while cells and str(cells[-1]).strip() == "":
            cells.pop()
        if not cells:
            continue
        characters += sum(len(str(cell)) for cell in cells)
        if len(cells) > MAX_COLUMNS or characters > MAX_CHARACTERS:
            raise TooHeavy
        if len(found) > MAX_LINES:
            raise TooManyLines(MAX_LINES)
        found.append((number, cells))
    if not found:
        raise NothingInIt
    return found


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content[:2] in BYTE_ORDERS else ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotATable


def _judge_zip(content: bytes) -> None:
    """What it says that it unpacks to; the child's limits hold for one that lies."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BrokenTable(str(error)) from error
    if unpacked > UNPACKED_MAX:
        raise TooHeavy


def _sheet(content: bytes) -> list[Line]:
    limits = (TIMEOUT_S, MEMORY_MB, MAX_LINES + 1, MAX_COLUMNS, MAX_CHARACTERS)
    command = [sys.executable, "-I", str(_CHILD), *map(str, limits)]
    if not _children.acquire(timeout=WAIT_S):
        raise Busy
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=TIMEOUT_S, check=False, env={})
    except subprocess.TimeoutExpired as error:
        raise TooHeavy from error
    finally:
        _children.release()
    if done.returncode < 0:  # a signal: its limits' own, or the end of a library that found no memory
        raise TooHeavy
    try:
        verdict, detail = json.loads(done.stdout)
    except ValueError as error:
        raise BrokenTable(f"exit {done.returncode}: {done.stderr[-200:].decode('utf-8', 'replace')}") from error
    match verdict:
        case "sound":
            return [(number, cells) for number, cells in detail]
        case "lines":
            raise TooManyLines(MAX_LINES)
        case "heavy":
            raise TooHeavy
        case "locked":
            raise LockedTable
        case _:
            raise BrokenTable(str(detail))
