"""The unit key (机构秘钥): 16 characters of base32, how it is made, shown, typed and found."""

from __future__ import annotations

import secrets

from app import keyring
from app.accounts.phones import normal

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # RFC 4648
LENGTH = 16
GROUP = 4


def new_key() -> str:
    """80 random bits, as they are stored: without groups."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(key: str) -> str:
    """ABCD-EFGH-IJKL-MNOP, as it is shown."""
    return "-".join(key[start : start + GROUP] for start in range(0, len(key), GROUP))


def normal_key(text: str) -> str:
    """What was typed or pasted, without dashes and spaces, in upper case, full-width characters made
    plain."""
    return normal(text)


def key_digest(key: str) -> str:
    """By which a key is found; grouped or not makes no difference."""
    return keyring.current().fingerprint("unit_key", normal_key(key))
