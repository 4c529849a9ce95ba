"""Bringing what people type and paste into one form. Pure text in, text out; what cannot be read is None."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

FULL_WIDTH = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
# In numbers, dates, pages and addresses also the signs; in prose the Chinese signs stay.
SIGNS = FULL_WIDTH | str.maketrans("．。，、；：／－–—～＠＿＋", "..,,;:/----@_+")
INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff")
SEPARATOR = r"\s*[-./年]\s*"
MONTH = re.compile(rf"(\d{{4}})(?:{SEPARATOR}(\d{{1,2}})|(\d{{2}}))\s*月?", re.ASCII)
DATE = re.compile(
    rf"(\d{{4}})(?:{SEPARATOR}(\d{{1,2}})\s*[-./月]\s*(\d{{1,2}})|(\d{{2}})(\d{{2}}))\s*[日号]?"
)
YEAR = re.compile(r"(\d{4})\s*年?度?", re.ASCII)
WHOLE = re.compile(r"[+-]?\d{1,9}", re.ASCII)
DECIMAL = re.compile(r"[+-]?\d{1,12}(\.\d{1,6})?", re.ASCII)
PAGES = re.compile(r"\d{1,4}(-\d{1,4})?(,\d{1,4}(-\d{1,4})?)*", re.ASCII)
YES = frozenset(["1", "true", "on", "yes", "y", "是", "√", "✓", "✔"])
NO = frozenset(["0", "false", "off", "no", "n", "否", "×"])
# How people write into a table that there is nothing, or that it goes on.
NOTHING = frozenset(["", "-", "--", "—", "/", "\\", "无", "至今", "今", "现在", "目前"])
FIRST_YEAR, LAST_YEAR = 1900, 2200


def line(typed: str) -> str:
    """One line: no control characters, no invisible ones, single spaces, half-width digits and letters."""
    return re.sub(r"\s+", " ", _printable(typed)).strip().translate(FULL_WIDTH)


def paragraphs(typed: str) -> str:
    """Several lines: as `line`, but the breaks stay (as \\n) and at most one blank line in a row."""
    text = _printable(typed.replace("\r\n", "\n").replace("\r", "\n"))
    text = "\n".join(re.sub(r"[^\S\n]+", " ", part).strip() for part in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip().translate(FULL_WIDTH)


def compact(typed: str) -> str:
    """For numbers and dates: half-width signs too."""
    return line(typed).translate(SIGNS)


def month(typed: str) -> str | None:
    """201207, 2012.7, 2012/07, 2012年7月 -> 2012-07."""
    match = MONTH.fullmatch(compact(typed))
    if not match:
        return None
    day = _day(match[1], match[2] or match[3], "1")
    return day and day[:7]


def iso_date(typed: str) -> str | None:
    """20120701, 2012.7.1, 2012年7月1日 -> 2012-07-01; None also for a day that does not exist."""
    match = DATE.fullmatch(compact(typed))
    return _day(match[1], match[2] or match[4], match[3] or match[5]) if match else None


def year(typed: str) -> int | None:
    """2024, 2024年 -> 2024."""
    match = YEAR.fullmatch(compact(typed))
    return int(match[1]) if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR else None


def whole(typed: str) -> int | None:
    text = compact(typed)
    return int(text) if WHOLE.fullmatch(text) else None


def decimal(typed: str) -> str | None:
    """A plain decimal as text, without needless zeros: 1,200.50 -> 1200.5."""
    text = re.sub(r"(?<=\d),(?=\d{3}(\D|$))", "", compact(typed))
    return plain(Decimal(text)) if DECIMAL.fullmatch(text) else None


def plain(number: Decimal) -> str:
    """As text, without needless zeros and exponents."""
    return format(number.normalize(), "f")


def yes_or_no(typed: str) -> bool | None:
    text = compact(typed).lower()
    return True if text in YES else False if text in NO else None


def pages(typed: str) -> str | None:
    """Pages counted from 1, ranges upwards: "3－5、8" -> "3-5,8"."""
    text = compact(typed).replace(" ", "").replace(";", ",")
    if not PAGES.fullmatch(text):
        return None
    for part in text.split(","):
        first, _, last = part.partition("-")
        if int(first) < 1 or last and int(last) < int(first):
            return None
    return text


def last_page(normalised: str) -> int:
    """The highest page that a value made by `pages` names."""
    return max(int(number) for number in re.findall(r"[0-9]+", normalised))


def _printable(typed: str) -> str:
    # Control characters and lone surrogates cannot be stored on PostgreSQL and never mean anything here.
    return "".join(
        char
        for char in typed
        if char in "\n\t" or (char not in INVISIBLE and unicodedata.category(char) not in ("Cc", "Cs"))
    )


def _day(year: str, number: str, day: str) -> str | None:
    try:
        found = date(int(year), int(number), int(day))
    except ValueError:
        return None
    return found.isoformat() if FIRST_YEAR <= found.year <= LAST_YEAR else None
