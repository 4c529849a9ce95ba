"""Form fields in the units of people: Beijing time for stored UTC, yuan for fen, words for lists; and short makers of
the plain ones, because FAB's own would ask for a value wherever a column may not be NULL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, DateTimeLocalInput, ListWidget

from app.days import BEIJING
from app.web.widgets import DateInput

CODE = r"^[A-Za-z0-9_.-]+$"
MAX_YUAN = Decimal(1_000_000)


def _strip(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value or ""


class MomentField(StringField):
    """A moment, typed as Beijing time; its data is aware UTC."""

    widget = DateTimeLocalInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        try:
            local = datetime.fromisoformat(valuelist[0].strip())
            self.data = local.replace(tzinfo=BEIJING).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            self.data = None
            raise ValueError(_l("请选择日期和时间，例如 2026-05-01 09:00。")) from error


def yuan(amount_fen: int) -> str:
    """480 for 48000, 12.5 for 1250."""
    return format((Decimal(amount_fen) / 100).normalize(), "f")


def fen(text: str) -> int:
    """Fen from a text in yuan; raises ValueError with a sentence."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount <= MAX_YUAN or amount * 100 != (amount * 100).to_integral_value():
        raise ValueError(_l("请填写金额（元），不小于 0，最多两位小数，例如 480 或 12.50。"))
    return int(amount * 100)


class WordsField(StringField):
    """A list of words, typed with 、 or commas between them."""

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "、".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        for separator in ("，", ",", "|", "；", ";"):
            text = text.replace(separator, "、")
        self.data = list(dict.fromkeys(word.strip() for word in text.split("、") if word.strip()))


def text(label: Any, longest: int, *, required: bool = True, hint: Any = "") -> Any:
    needed = DataRequired(_l("请填写这一项。")) if required else Optional(strip_whitespace=False)
    too_long = Length(max=longest, message=_l("最多 %(n)s 字，请缩短。", n=longest))
    return StringField(label, [needed, too_long], filters=[_strip], description=hint)


def long_text(label: Any, longest: int, *, required: bool = False, hint: Any = "") -> Any:
    needed = DataRequired(_l("请填写这一项。")) if required else Optional(strip_whitespace=False)
    too_long = Length(max=longest, message=_l("最多 %(n)s 字，请缩短。", n=longest))
    return TextAreaField(label, [needed, too_long], filters=[_strip], description=hint)


def code(label: Any, longest: int, *, hint: Any = "") -> Any:
    shape = Regexp(CODE, message=_l("编码只能用字母、数字、点、横线和下划线。"))
    too_long = Length(max=longest, message=_l("最多 %(n)s 字，请缩短。", n=longest))
    return StringField(label, [DataRequired(_l("请填写编码。")), too_long, shape], filters=[_strip], description=hint)


def number(
    label: Any, lowest: int, highest: int, *, required: bool = True, hint: Any = "", default: int | None = None
) -> Any:
    between = NumberRange(lowest, highest, _l("请填写 %(low)s 至 %(high)s 的整数。", low=lowest, high=highest))
    needed = InputRequired(_l("请填写这一项。")) if required else Optional()
    return IntegerField(label, [needed, between], description=hint, default=default)


def flag(label: Any, *, hint: Any = "", default: bool = False) -> Any:
    return BooleanField(label, description=hint, default=default)


def day(label: Any, *, required: bool = True, hint: Any = "", checks: Iterable[Any] = ()) -> Any:
    needed = DataRequired(_l("请选择日期。")) if required else Optional()
    return DateField(label, [needed, *checks], widget=DateInput(), description=hint)


def moment(label: Any, *, hint: Any = "") -> Any:
    return MomentField(label, [DataRequired(_l("请选择日期和时间。"))], description=hint)


def words(label: Any, *, hint: Any = None) -> Any:
    return WordsField(label, description=hint or _l("多项用顿号隔开。"))


class ListedField(SelectField):
    """A select whose options are read when the form is made; `as_number` makes its data an int, or None for nothing."""

    def __init__(self, label: Any, options: Callable[[], Iterable[tuple[Any, Any]]], *, as_number: bool = False,
                 first: Any = None, required: bool = True, **kwargs: Any) -> None:
        def coerce(value: Any) -> Any:
            if value in (None, "", "None"):
                return None if as_number else ""
            return int(value) if as_number else str(value)

        def choices() -> list[tuple[Any, Any]]:
            listed = [(value, name) for value, name in options()]
            return listed if first is None else [("", first), *listed]

        needed = [InputRequired(_l("请选择一项。"))] if required else [Optional()]
        super().__init__(label, needed, choices=choices, coerce=coerce, **kwargs)

    def pre_validate(self, form: Any) -> None:
        if not any(self.coerce(value) == self.data for value, *_rest in self.iter_choices()):
            raise ValidationError(_l("请从列表中选择一项。"))


def several(label: Any, options: Callable[[], Iterable[tuple[Any, Any]]], *, hint: Any = "", required: bool = True) -> Any:
    """Boxes to tick; the data is the list of what was ticked."""
    needed = DataRequired(_l("请至少选择一项。")) if required else Optional()
    return SelectMultipleField(
        label, [needed], choices=lambda: list(options()), description=hint, widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )  # fmt: skip


def choice(label: Any, options: Callable[[], Iterable[tuple[Any, Any]]], *, hint: Any = "", first: Any = None,
           as_number: bool = False, required: bool = True) -> Any:
    return ListedField(label, options, first=first, as_number=as_number, required=required, description=hint)
