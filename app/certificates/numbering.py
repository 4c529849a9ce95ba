"""The number of a certificate: region (4) + year (4) + series (2) + level (1) + serial of the year (6) + check (1).

The check character is that of ISO 7064 MOD 11-2, as in identity cards: it is 0–9 or X and finds every wrong digit and
every swap of two, so that a number read out over the telephone is either right or refused.
"""

from __future__ import annotations

import unicodedata

from stdnum.iso7064 import mod_11_2

SERIAL_MAX = 999_999


class NumbersUsedUp(Exception):
    """A year has given out all its serial numbers."""

    def __init__(self, year: int) -> None:
        super().__init__(str(year))
        self.year = year


def certificate_number(*, region: str, year: int, series_code: str, level_rank: int, serial: int) -> str:
    """18 characters. A local series (L1 …) is written 91 …, national series keep their two digits; the level is its
    rank, 1 (员级) to 5 (正高级). Raises NumbersUsedUp."""
    if serial > SERIAL_MAX:
        raise NumbersUsedUp(year)
    series = f"9{series_code[1:2]}" if series_code.startswith("L") else series_code[:2]
    plain = f"{region[:4]}{year:04d}{series:0>2}{level_rank}{serial:06d}"
    return plain + mod_11_2.calc_check_digit(plain)


def normal(number: str) -> str:
    """What was typed, without blanks and hyphens, full-width digits made plain, x as X."""
    plain = unicodedata.normalize("NFKC", number)
    return "".join(ch for ch in plain if not ch.isspace() and ch not in "-‐–—").upper()
