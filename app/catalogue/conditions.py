"""The small language in which declarations and reference rows say when something is required. Pure; parsed once.

    expression = term {("and" | "or") term}          `and` binds tighter, there are no brackets
    term       = name ("in" | "not in" | "under") A,B | name ">=" value | name ("empty" | "filled")

`under` is the code itself or a child of it. Months, dates and numbers compare with `>=`; an empty value never
does. A name that the values do not hold is empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

ParentOf = Callable[[str, str], str]

TERM = re.compile(r"(?P<name>[\w.]+) (?:(?P<op>in|not in|under|>=) (?P<operand>\S+)|(?P<fact>empty|filled))")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
ALWAYS = "always"


class BadCondition(ValueError):
    """An expression that cannot be read; the message holds the term."""


@dataclass(frozen=True)
class Term:
    name: str
    op: str
    operand: tuple[str, ...] = ()

    def holds(self, values: Mapping[str, Any], parent_of: ParentOf) -> bool:
        value = as_text(values.get(self.name))
        match self.op:
            case "empty":
                return not value
            case "filled":
                return bool(value)
            case "in":
                return value in self.operand
            case "not in":
                return value not in self.operand
            case "under":
                return bool(value) and (value in self.operand or parent_of(self.name, value) in self.operand)
        return bool(value) and _comparable(value) >= _comparable(self.operand[0])


@dataclass(frozen=True)
class Condition:
    """Alternatives of terms that must hold together; none at all is never, one empty is always."""

    alternatives: tuple[tuple[Term, ...], ...]
    source: str = ""

    @property
    def names(self) -> frozenset[str]:
        return frozenset(term.name for terms in self.alternatives for term in terms)

    def holds(self, values: Mapping[str, Any], parent_of: ParentOf = lambda name, code: "") -> bool:
        """Whether it holds; `parent_of(name, code)` is the parent of a code of that field."""
        return any(all(term.holds(values, parent_of) for term in terms) for terms in self.alternatives)


def parse(source: str) -> Condition:
    """`""` is never, `"always"` is always; raises BadCondition."""
    if not source:
        return NEVER
    if source == ALWAYS:
        return EVERY_TIME
    return Condition(
        tuple(
            tuple(_term(text) for text in re.split(r" and ", alternative))
            for alternative in re.split(r" or ", source)
        ),
        source,
    )


def as_text(value: Any) -> str:
    """A stored value as the language sees it: yes and no are 1 and 0, nothing is empty."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)


NEVER = Condition(())
EVERY_TIME = Condition(((),), ALWAYS)


def _term(text: str) -> Term:
    match = TERM.fullmatch(text)
    if not match:
        raise BadCondition(f"cannot read {text!r}")
    operand = match["operand"]
    if not operand:
        return Term(match["name"], match["fact"])
    return Term(match["name"], match["op"], (operand,) if match["op"] == ">=" else tuple(operand.split(",")))


def _comparable(text: str) -> tuple[int, Decimal, str]:
    # Numbers compare as numbers, ISO months and dates as text.
    return (0, Decimal(text), "") if NUMBER.fullmatch(text) else (1, Decimal(0), text)
