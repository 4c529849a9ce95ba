"""The keys that protect personal data at rest, and the two things done with them: sealing a value so
that it can be read again, and fingerprinting it so that it can be found again.

Not here: which columns are protected (see orm.py and the models) and where the keys come from (config.py).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
KEY_BYTES = 32
FORMAT = b"\x01"


class Unreadable(Exception):
    """A sealed value was changed, belongs to another column, or its key is not in the ring."""


@dataclass(frozen=True)
class Keyring:
    """`sealing` maps a key id (1..255) to 32 bytes; the highest id seals, all of them open.

    `lookup` is the single HMAC key of fingerprints; it is not rotated with the others, because a
    fingerprint cannot be recomputed without the value.
    """

    sealing: Mapping[int, bytes] = field(repr=False)
    lookup: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not self.sealing or any(len(key) != KEY_BYTES for key in self.sealing.values()):
            raise ValueError("a sealing key is 32 bytes")
        if len(self.lookup) < KEY_BYTES:
            raise ValueError("the look-up key has at least 32 bytes")

    def seal(self, context: str, plain: bytes) -> bytes:
        """AES-256-GCM; `context` (the column's name) is authenticated, so a value cannot be moved elsewhere."""
        key_id = max(self.sealing)
        nonce = os.urandom(NONCE_BYTES)
        body = AESGCM(self.sealing[key_id]).encrypt(nonce, plain, context.encode())
        return FORMAT + bytes([key_id]) + nonce + body

    def open(self, context: str, sealed: bytes) -> bytes:
        """The plain bytes of `sealed`; raises Unreadable."""
        if sealed[:1] != FORMAT or sealed[1] not in self.sealing:
            raise Unreadable(context)
        nonce, body = sealed[2 : 2 + NONCE_BYTES], sealed[2 + NONCE_BYTES :]
        try:
            return AESGCM(self.sealing[sealed[1]]).decrypt(nonce, body, context.encode())
        except InvalidTag as error:
            raise Unreadable(context) from error

    def fingerprint(self, context: str, value: str) -> str:
        """64 hex digits, equal for equal values of one context; used in unique look-up columns."""
        return hmac.new(self.lookup, f"{context}\0{value}".encode(), hashlib.sha256).hexdigest()


_current: Keyring | None = None


def install(ring: Keyring) -> None:
    """Makes `ring` the one that column types use; called once by create_app."""
    global _current
    _current = ring


def current() -> Keyring:
    if _current is None:
        raise RuntimeError("no keyring: create_app has not run")
    return _current
