"""What the invented people have done: one career a file (data/demo/careers), told in years before the application."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "data" / "demo" / "careers"
MOMENT = re.compile(r"@(g?)(\d+)")


@dataclass(frozen=True)
class Career:
    """`held` is by the level applied for: the level and name of the title held so far. In `sections` are rows of the
    sections that differ from career to career; there `@3` is the year three years ago, `@g1` the year after
    graduation."""

    series: str
    specialties: tuple[str, ...]
    major: str
    degree: str
    dept: str
    post: str
    specialty: str
    held: dict[str, tuple[str, str]]
    first_unit: str
    first_post: str
    sections: dict[str, list[dict[str, Any]]]
    summary: tuple[str, ...]

    def rows(self, section: str, *, year: int, graduated: int) -> list[dict[str, Any]]:
        """The rows of a section with their ids and years."""

        def told(value: Any) -> Any:
            if not isinstance(value, str):
                return value
            return MOMENT.sub(lambda at: str(graduated + int(at[2]) if at[1] else year - int(at[2])), value)

        return [
            {"id": f"{section.lower()}-{place}"} | {name: told(value) for name, value in row.items()}
            for place, row in enumerate(self.sections[section], 1)
        ]


@cache
def careers(series: str) -> tuple[Career, ...]:
    """Those of a series, in the order of their files."""
    told = [Career(**json.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.json"))]
    return tuple(each for each in told if each.series == series)
