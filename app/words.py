"""How a sentence is marked where it is only declared. Not here: its translation, where it is shown."""

from __future__ import annotations


def N_(sentence: str) -> str:
    """The sentence itself; the name is what `make messages` looks for. Pages show it through gettext."""
    return sentence
