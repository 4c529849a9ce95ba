"""统一社会信用代码 (GB 32100): normalised as people type it, and its checksum."""

from __future__ import annotations

import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

LENGTH = 18


class BadUscc(Exception):
    """`problem` is length, form or checksum."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def normal(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text or "")
    return "".join(ch for ch in plain if not ch.isspace() and ch not in "-‐–—").upper()


def check(code: str) -> None:
    """Raises BadUscc if `code` (normalised) cannot be one."""
    if len(code) != LENGTH:
        raise BadUscc("length")
    try:
        uscc.validate(code)
    except InvalidChecksum as error:
        raise BadUscc("checksum") from error
    except ValidationError as error:
        raise BadUscc("form") from error
