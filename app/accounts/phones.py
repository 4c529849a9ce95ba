"""What a person is known by, phone, ID number and name: normalising, masking, digests. The only place that knows how they
are shown and found."""

from __future__ import annotations

import unicodedata

from app import keyring
from app.orm import mask_phone


def normal(text: str) -> str:
    """Full-width digits to plain ones, spaces and hyphens gone, upper case: what people paste from a chat."""
    plain = unicodedata.normalize("NFKC", text or "")
    return "".join(ch for ch in plain if not ch.isspace() and ch not in "-‐–—").upper()


def mask_id(number: str) -> str:
    """450202********0428 for 18 characters; only the ends of shorter documents."""
    if len(number) == 18:
        return f"{number[:6]}********{number[-4:]}"
    return f"{number[:2]}{'*' * max(len(number) - 4, 2)}{number[-2:]}"


def mask_name(name: str) -> str:
    """梁**: enough for who knows the person to compare, nothing for who does not."""
    return name[:1] + "*" * max(len(name) - 1, 1)


def phone_digest(phone: str) -> str:
    return keyring.current().fingerprint("phone", phone)


def id_digest(id_type: str, number: str) -> str:
    """Digest by kind of document; the three kinds with the national checksum share one number space."""
    space = "gb11643" if len(number) == 18 else id_type
    return keyring.current().fingerprint(f"id:{space}", number)


__all__ = ["id_digest", "mask_id", "mask_name", "mask_phone", "normal", "phone_digest"]
