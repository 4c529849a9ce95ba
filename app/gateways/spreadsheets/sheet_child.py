"""Run by path as `sheet_child.py SECONDS MEGABYTES LINES COLUMNS CHARACTERS` with a workbook on its input: prints a JSON
pair (verdict, detail).

A process of its own with hard limits, so that a file made to exhaust memory or time takes down nothing else.
It imports nothing of the application. Verdicts: sound (lines of the first sheet), lines (more than LINES), heavy (more
than the other limits), locked, broken (why).
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
from datetime import date, datetime, time
from typing import Any

EXACT = 10**15  # a table program keeps 15 digits; greater numbers stay what they are, a sign that some are lost


def limit(seconds: int, megabytes: int) -> None:
    for what, value in (
        (resource.RLIMIT_AS, megabytes * 1024 * 1024),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (value, value))
    os.nice(10)


def plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return int(cell)
    return cell if isinstance(cell, (str, int, float, bool)) else str(cell)


def judge(content: bytes, lines: int, columns: int, characters: int) -> tuple[str, Any]:
    import python_calamine  # after the limits

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        found: list[tuple[int, list[Any]]] = []
        before = [""] * (sheet.start or (0, 0))[1]  # the empty columns at the left, which calamine leaves out
        for number, row in enumerate(sheet.iter_rows(), 1):
            cells = before + [plain(cell) for cell in row]
            while cells and str(cells[-1]).strip() == "":
                cells.pop()
            if not cells:
                continue
            characters -= sum(len(str(cell)) for cell in cells)
            if len(cells) > columns or characters < 0:
                return "heavy", None
            if len(found) == lines:
                return "lines", None
            found.append((number, cells))
    except python_calamine.PasswordError:
        return "locked", None
    except (python_calamine.CalamineError, ValueError, IndexError, OSError) as error:
        return "broken", f"{type(error).__name__}: {error}"
    return "sound", found


def main() -> None:
    seconds, megabytes, lines, columns, characters = map(int, sys.argv[1:])
    limit(seconds, megabytes)
    try:
        verdict = judge(sys.stdin.buffer.read(), lines, columns, characters)
    except MemoryError:
        verdict = ("heavy", None)
    json.dump(verdict, sys.stdout)


if __name__ == "__main__":
    main()
