"""Where to go after logging in: only to a page of this site."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_path(text: str | None) -> str:
    """`text` if it is a path of this site, else ''. Refused: other hosts, //host, backslashes (browsers
    read them as slashes), control characters, anything with a scheme."""
    if not text or not text.startswith("/") or text.startswith("//"):
        return ""
    if "\\" in text or any(ord(ch) < 0x21 or ord(ch) == 0x7F for ch in text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else text
