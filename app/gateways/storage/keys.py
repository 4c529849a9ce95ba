"""Keys are generated, say nothing, and have one form only: ab/cd/ and 36 more hex digits."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from typing import BinaryIO

from app.gateways.storage import BadKey, TooLarge

BLOCK = 64 * 1024
_FORM = re.compile(r"[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{36}")


def new_key() -> str:
    token = secrets.token_hex(20)
    return f"{token[:2]}/{token[2:4]}/{token[4:]}"


def checked(key: str) -> str:
    """`key` itself; raises BadKey."""
    if not isinstance(key, str) or _FORM.fullmatch(key) is None:
        raise BadKey(key)
    return key


class Measured:
    """The blocks of a stream; afterwards `size` and `sha256` of what was read. Raises TooLarge."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream, self._limit = stream, limit
        self._digest = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        while block := self._stream.read(BLOCK):
            self.size += len(block)
            if self.size > self._limit:
                raise TooLarge(self._limit, self.size)
            self._digest.update(block)
            yield block

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()
