"""What a password must be. Its hash is werkzeug's; who may try one, and how often, is in logging_in.py."""

from __future__ import annotations

import secrets
from functools import lru_cache
from pathlib import Path

from werkzeug.security import generate_password_hash

MIN_LENGTH = 8
MAX_LENGTH = 128  # longer ones only cost time to hash
COMMON = Path(__file__).resolve().parents[1] / "data" / "common_passwords.txt"


class WeakPassword(Exception):
    """`reason` is short, long, letter, digit, common, or personal (it contains the phone or the login
    name)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_password(password: str, *, phone: str = "", login_name: str = "") -> None:
    """Raises WeakPassword with the first rule that `password` breaks."""
    lower = password.lower()
    if len(password) < MIN_LENGTH:
        raise WeakPassword("short")
    if len(password) > MAX_LENGTH:
        raise WeakPassword("long")
    if not any(ch.isascii() and ch.isalpha() for ch in password):
        raise WeakPassword("letter")
    if not any(ch.isascii() and ch.isdigit() for ch in password):
        raise WeakPassword("digit")
    if any(own and own.lower() in lower for own in (phone, login_name)):
        raise WeakPassword("personal")
    if lower in common_passwords():
        raise WeakPassword("common")


LETTERS, DIGITS = "abcdefghjkmnpqrstuvwxyz", "23456789"  # none that is read as another one


def fresh_password() -> str:
    """A password that nobody chose, easy to read out: four groups of letters or digits, 60 bits."""
    groups = ("".join(secrets.choice(signs) for _place in range(4)) for signs in (LETTERS, DIGITS, LETTERS, DIGITS))
    return "-".join(groups)


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """Passwords that everybody guesses first, in lower case."""
    return frozenset(COMMON.read_text(encoding="utf-8").split())


@lru_cache(maxsize=4)
def nobody(method: str) -> str:
    """The hash of no password, as dear to check as a real one: unknown names are answered as slowly as
    known ones."""
    return generate_password_hash("", method=method)
