"""The unit key (机构秘钥): made, normalised as people type it, found by its digest, shown in groups."""

from __future__ import annotations

import secrets
import unicodedata

from app import keyring

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
LENGTH = 16  # 80 bits
GROUP = 4


def new_key() -> str:
    """16 characters of base32 from the system's random source."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal_key(text: str) -> str:
    """Upper case, without spaces, hyphens and full-width forms: what people paste from a chat."""
    plain = unicodedata.normalize("NFKC", text or "")
    return "".join(ch for ch in plain if not ch.isspace() and ch not in "-‐–—_").upper()


def key_digest(key: str) -> str:
    return keyring.current().fingerprint("unit_key", normal_key(key))


def grouped(key: str) -> str:
    """K7M2-9XQ4-…"""
    return "-".join(key[start : start + GROUP] for start in range(0, len(key), GROUP))
