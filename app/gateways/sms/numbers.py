"""The form of a number that every provider demands."""

from __future__ import annotations

import re

_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def is_mobile(phone: str) -> bool:
    return _MOBILE.fullmatch(phone) is not None
