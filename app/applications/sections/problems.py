"""What can be wrong with a value, a row or a file: codes and numbers. The sentences
are in wording.py."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ProblemCode(StrEnum):
    EMPTY = "empty"
    EMPTY_MONTH = "empty_month"
    EMPTY_DATE = "empty_date"
    NOT_CHOSEN = "not_chosen"
    TOO_LONG = "too_long"
    TOO_SHORT = "too_short"
    NOT_A_YEAR = "not_a_year"
    NOT_A_MONTH = "not_a_month"
    NOT_A_DATE = "not_a_date"
    NOT_A_WHOLE_NUMBER = "not_a_whole_number"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_GREAT = "too_great"
    NOT_YES_OR_NO = "not_yes_or_no"
    UNKNOWN_CODE = "unknown_code"
    NOT_AN_EMAIL = "not_an_email"
    NOT_A_MOBILE = "not_a_mobile"
    NOT_A_URL = "not_a_url"
    NOT_PAGES = "not_pages"
    NOT_A_CN_NUMBER = "not_a_cn_number"
    NOT_AN_ISSN = "not_an_issn"
    NOT_AN_ISBN = "not_an_isbn"
    NOT_A_PATENT_NUMBER = "not_a_patent_number"
    NOT_A_SOFTWARE_NUMBER = "not_a_software_number"
    NOT_A_TERM = "not_a_term"
    NOT_CONFIRMED = "not_confirmed"
    REFERENCE_GONE = "reference_gone"
    REFERENCE_TWICE = "reference_twice"
    IN_FUTURE = "in_future"
    NOT_AFTER = "not_after"
    BEFORE_OTHER = "before_other"
    ABOVE_OTHER = "above_other"
    TOO_YOUNG = "too_young"
    FILE_MISSING = "file_missing"
    TOO_MANY_FILES = "too_many_files"
    NO_EVIDENCE = "no_evidence"
    EVIDENCE_TWICE = "evidence_twice"
    PAGES_BEYOND_END = "pages_beyond_end"
    TOO_FEW_ROWS = "too_few_rows"
    TOO_MANY_ROWS = "too_many_rows"
    SECTION_EMPTY = "section_empty"
    TWO_HIGHEST = "two_highest"
    NO_BASIS = "no_basis"
    TWO_BASES = "two_bases"
    NO_CURRENT = "no_current"
    TWO_CURRENT = "two_current"
    PERIODS_OVERLAP = "periods_overlap"
    TWO_OPEN_ENDS = "two_open_ends"
    YEAR_TWICE = "year_twice"
    YEAR_LEFT_OUT = "year_left_out"


@dataclass(frozen=True)
class Problem:
    """`field` is the code of a field or attachment, None for a whole row or section. Of `params`, `label` and
    `other` are declared labels (to be translated), the rest numbers and typed text."""

    code: ProblemCode
    field: str | None = None
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, self.field, tuple(sorted(self.params.items()))))
