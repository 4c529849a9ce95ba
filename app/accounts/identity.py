"""Numbers of identity documents: patterns, the checksum of GB 11643, and what a number tells about its holder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
PROVINCES = frozenset(
    ["11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83"]
)
WITH_CHECKSUM = frozenset({"ID", "HMTID", "FPR"})  # 居民身份证、港澳台居民居住证、外国人永久居留身份证（18位）
OLDEST = date(1900, 1, 1)


@dataclass(frozen=True)
class NumberFacts:
    """`gender` in the code of GB/T 2261.1: 1 male, 2 female."""

    birth_date: date
    gender: str


class BadNumber(Exception):
    """`problem` is pattern, checksum, date or province."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def check_number(id_type: str, number: str, pattern: str, *, today: date) -> None:
    """Raises BadNumber if `number` (normalised) cannot be one of its kind; `pattern` is the catalogue's for the kind."""
    # other scripts have digits too: one person must not be able to write one number in two ways
    if not number.isascii() or not re.fullmatch(pattern, number):
        raise BadNumber("pattern")
    if id_type not in WITH_CHECKSUM:
        return
    if check_digit(number[:17]) != number[17]:
        raise BadNumber("checksum")
    if id_type == "ID" and number[:2] not in PROVINCES:
        raise BadNumber("province")
    facts = facts_of_number(id_type, number)
    if facts is None or not OLDEST <= facts.birth_date <= today:
        raise BadNumber("date")


def check_digit(first17: str) -> str:
    return CHECK[sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True)) % 11]


def facts_of_number(id_type: str, number: str) -> NumberFacts | None:
    """Birth date and sex, where the number holds them; None where it does not."""
    if id_type not in WITH_CHECKSUM or len(number) != 18:
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return NumberFacts(born, "1" if int(number[16]) % 2 else "2")
