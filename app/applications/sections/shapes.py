"""Numbers that have a form of their own: what people type is brought into that form and its check digit judged.
Pure; a new form is a reader and a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.applications.sections.normalising import compact
from app.applications.sections.problems import ProblemCode

Reader = Callable[[str], str | None]

CN_SERIAL = re.compile(r"CN:?(\d{2}-\d{4}(?:/[A-Z0-9]+)?)", re.ASCII)
CN_UNNAMED = re.compile(r"(\d{2}-\d{4}/[A-Z][A-Z0-9]*)", re.ASCII)  # the class at its end tells that it is one
ISSN = re.compile(r"(\d{4})-?(\d{3}[\dX])", re.ASCII)
ISBN = re.compile(r"97[89]\d{10}", re.ASCII)
PATENT = re.compile(r"ZL(\d{8}|\d{12})\.?([\dX])", re.ASCII)
SOFTWARE = re.compile(r"\d{4}SR\d{6,8}", re.ASCII)
TERM = re.compile(r"(\d{4})-(\d{4})(?:学年)?(?:-?第?([12])(?:学期)?)?", re.ASCII)
PATENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


@dataclass(frozen=True)
class Shape:
    """`read` brings a text into its one form, or answers None; then `complaint` says what is asked."""

    read: Reader
    complaint: ProblemCode


@dataclass(frozen=True)
class ShapeBy:
    """The shape that the code in another field of the row asks for; a code that is not named asks for none."""

    field: str
    shapes: tuple[tuple[str, Shape], ...]

    def of(self, code: object) -> Shape | None:
        return dict(self.shapes).get(str(code))


def tight(typed: str) -> str:
    """Half-width, upper case, no spaces."""
    return compact(typed).replace(" ", "").upper()


def serial(typed: str) -> str | None:
    """国内统一刊号: cn 45-1234/tb, 45-1234/TB -> CN45-1234/TB."""
    text = tight(typed)
    match = CN_SERIAL.fullmatch(text) or CN_UNNAMED.fullmatch(text)
    return f"CN{match[1]}" if match else None


def issn(typed: str) -> str | None:
    """国际标准刊号 with its check digit (ISO 3297, modulo 11): 03178471 -> 0317-8471."""
    match = ISSN.fullmatch(tight(typed).removeprefix("ISSN").lstrip(":"))
    if not match:
        return None
    digits = match[1] + match[2]
    rest = sum(int(digit) * weight for digit, weight in zip(digits[:7], range(8, 1, -1), strict=True)) % 11
    return f"{match[1]}-{match[2]}" if digits[7] == "0X987654321"[rest] else None


def isbn(typed: str) -> str | None:
    """国际标准书号 of 13 digits with its check digit (ISO 2108): the digits alone."""
    text = tight(typed).removeprefix("ISBN").lstrip(":").replace("-", "")
    if not ISBN.fullmatch(text):
        return None
    return text if sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text)) % 10 == 0 else None


def patent(typed: str) -> str | None:
    """专利号 of eight or twelve digits with its check digit (modulo 11): zl2019101234567 -> ZL201910123456.7."""
    match = PATENT.fullmatch(tight(typed))
    if not match:
        return None
    rest = sum(int(digit) * weight for digit, weight in zip(match[1], PATENT_WEIGHTS, strict=False)) % 11
    return f"ZL{match[1]}.{match[2]}" if match[2] == "0123456789X"[rest] else None


def software(typed: str) -> str | None:
    """软件著作权登记号: 2023SR0123456."""
    text = tight(typed)
    return text if SOFTWARE.fullmatch(text) else None


def term(typed: str) -> str | None:
    """学年, or 学年 and 学期: 2024-2025学年第1学期 -> 2024-2025-1; the second year follows the first."""
    match = TERM.fullmatch(tight(typed))
    if not match or int(match[2]) != int(match[1]) + 1:
        return None
    return "-".join(part for part in match.groups() if part)


CN_NUMBER = Shape(serial, ProblemCode.NOT_A_CN_NUMBER)
ISSN_NUMBER = Shape(issn, ProblemCode.NOT_AN_ISSN)
ISBN_NUMBER = Shape(isbn, ProblemCode.NOT_AN_ISBN)
PATENT_NUMBER = Shape(patent, ProblemCode.NOT_A_PATENT_NUMBER)
SOFTWARE_NUMBER = Shape(software, ProblemCode.NOT_A_SOFTWARE_NUMBER)
SCHOOL_TERM = Shape(term, ProblemCode.NOT_A_TERM)
