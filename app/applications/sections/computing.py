"""Values that follow from other fields of the row: computed at every save, shown while typing, never typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.applications.sections.normalising import plain


class Operation(StrEnum):
    """Its value is also the word by which the page computes (static/form.js)."""

    SUM = "sum"
    PRODUCT = "product"
    MONTHS = "months"


@dataclass(frozen=True)
class Computed:
    """`operation` over the values of the fields `of`, all of the same row; nothing while one of them is empty."""

    operation: Operation
    of: tuple[str, ...]

    def value(self, row: Mapping[str, Any]) -> str | int | None:
        """The value as it is stored: an int for months, else a decimal as text; None if it cannot be computed."""
        return OPERATIONS[self.operation]([row.get(name) for name in self.of])


def _numbers(values: list[Any]) -> list[Decimal] | None:
    try:
        return [Decimal(str(value)) for value in values if value is not None] if None not in values else None
    except ArithmeticError:  # kept as it was typed
        return None


def _sum(values: list[Any]) -> str | None:
    numbers = _numbers(values)
    return plain(sum(numbers, Decimal())) if numbers else None


def _product(values: list[Any]) -> str | None:
    numbers = _numbers(values)
    if not numbers:
        return None
    found = Decimal(1)
    for number in numbers:
        found *= number
    return plain(found)


def _months(values: list[Any]) -> int | None:
    """Whole months from the first day to the last, both counted: 2023-03-01 to 2024-02-29 are 12."""
    try:
        start, last = (date.fromisoformat(str(value)) for value in values)
        end = last + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    found = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return found if end > start else None


OPERATIONS: Mapping[Operation, Callable[[list[Any]], str | int | None]] = {
    Operation.SUM: _sum,
    Operation.PRODUCT: _product,
    Operation.MONTHS: _months,
}
