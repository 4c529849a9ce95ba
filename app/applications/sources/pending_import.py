"""A table between its reading and the confirmation: kept in Redis for half an hour, sealed, one for each person.

What is kept are the cells as they came. The token is part of the seal: only the page that was shown last opens it, only
for its person, application and section."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis import Redis

from app import keyring
from app.gateways.spreadsheets import Line

KEPT_SECONDS = 1800


@dataclass(frozen=True)
class PendingImport:
    """The place of one person's table for one section of one application."""

    redis: Redis
    person_id: int
    number: str
    section: str

    def put(self, lines: Sequence[Line]) -> str:
        """Keeps the lines in place of earlier ones; answers with the token under which they are found."""
        token = secrets.token_hex(8)
        self._write(token, {"lines": lines})
        return token

    def lines(self, token: str) -> list[Line] | None:
        """The lines; None when they are gone, replaced or finished."""
        kept = self._read(token)
        return [(number, cells) for number, cells in kept["lines"]] if kept and "lines" in kept else None

    def finish(self, token: str, report: Any) -> None:
        """The report stays in place of the lines, so that the page can be opened again. Call after the commit."""
        self._write(token, {"report": report})

    def report(self, token: str) -> Any:
        """What `finish` was given; None before."""
        kept = self._read(token)
        return kept.get("report") if kept else None

    @property
    def _key(self) -> str:
        return f"import:{self.person_id}"

    def _context(self, token: str) -> str:
        return f"import:{self.person_id}:{self.number}:{self.section}:{token}"

    def _write(self, token: str, content: Any) -> None:
        plain = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
        self.redis.set(self._key, keyring.current().seal(self._context(token), plain), ex=KEPT_SECONDS)

    def _read(self, token: str) -> dict[str, Any] | None:
        sealed = self.redis.get(self._key)
        if sealed is None:
            return None
        try:
            plain = keyring.current().open(self._context(token), sealed)
        except keyring.Unreadable:
            return None
        found: dict[str, Any] = json.loads(plain)
        return found
