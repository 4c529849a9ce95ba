"""Form fields and the filter bar of a grid: native widgets in the place of FAB's Bootstrap ones. Not here: what
templates call (theme.py), the filters themselves (filters.py)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import baseviews
from flask_appbuilder import fieldwidgets as fab
from flask_appbuilder.widgets import SearchWidget
from flask_babel import get_domain
from flask_babel import gettext as _
from flask_wtf import form as flask_wtf_form
from flask_wtf.i18n import Translations
from markupsafe import Markup
from wtforms import Field
from wtforms import widgets as native

SEARCHABLE_FROM = 12  # a select with more options than this is searched, not scrolled


class DateInput:
    """A native date field; `kind` may be datetime-local."""

    def __init__(self, kind: str = "date") -> None:
        self.kind = kind

    def __call__(self, field: Field, **attrs: Any) -> Markup:
        value = field.data or ""
        if hasattr(value, "isoformat"):
            value = value.isoformat()[: 10 if self.kind == "date" else 16]
        attrs = {"id": field.id, "name": field.name, **attrs, "type": self.kind, "value": value}
        return Markup("<input %s>") % Markup(native.html_params(**attrs))


class Choice(native.Select):
    """A native select; a long one is marked for the searchable field of form.js."""

    def __call__(self, field: Field, **attrs: Any) -> Markup:
        if not self.multiple and len(list(field.iter_choices())) > SEARCHABLE_FROM:
            attrs.setdefault("data-combo", "")
        return super().__call__(field, **attrs)


NATIVE_WIDGETS: dict[type, Any] = {
    fab.BS3TextFieldWidget: native.TextInput(),
    fab.BS3TextAreaFieldWidget: native.TextArea(),
    fab.BS3PasswordFieldWidget: native.PasswordInput(),
    fab.Select2Widget: Choice(),
    fab.Select2ManyWidget: Choice(multiple=True),
    fab.DatePickerWidget: DateInput(),
    fab.DateTimePickerWidget: DateInput("datetime-local"),
}


def _use_native_widgets() -> None:
    """Flask-AppBuilder writes Bootstrap 3 in Python; its widget classes are pointed at native fields."""
    for old, new in NATIVE_WIDGETS.items():

        def draw(self: Any, field: Field, _new: Any = new, **attrs: Any) -> Markup:
            attrs.setdefault("class", "form-control")
            if "name_" in attrs:
                field.name = attrs.pop("name_")
            return _new(field, **attrs)

        old.__call__ = draw  # type: ignore[attr-defined]


class FilterBar(SearchWidget):
    """One field for each search column; the operator is chosen for the user: a text contains, a choice
    equals, a date has a first and a last day. Choices come from `search_choices` ({column: [(value, label)]})
    or the form."""

    template = "appbuilder/general/widgets/search.html"
    FROM: ClassVar = ("FilterNotBefore", "FilterGreater")
    TO: ClassVar = ("FilterNotAfter", "FilterSmaller")
    EQUAL: ClassVar = (
        "FilterYesNo",
        "FilterEqual",
        "FilterRelationOneToManyEqual",
        "FilterRelationManyToManyEqual",
    )
    TEXT: ClassVar = ("FilterContains", "FilterPrefix", "FilterStartsWith", "FilterEqual")

    def __call__(self, **kwargs: Any) -> str:
        choices = {**self.template_args.get("search_choices", {}), **kwargs.pop("search_choices", {})}
        bar = [
            entry
            for col in self.template_args["include_cols"]
            for entry in self._entries(col, choices.get(col))
        ]
        chips = [
            (entry, entry["choices"].get(entry["value"], entry["value"])) for entry in bar if entry["value"]
        ]
        return super(SearchWidget, self).__call__(bar=bar, chips=chips, **kwargs)

    def _entries(self, col: str, choices: Iterable[tuple[Any, Any]] | None) -> list[dict[str, Any]]:
        field = self.template_args["form"][col]
        label = str(field.label.text)
        if "Date" in field.type and choices is None:
            first, last = _("%(field)s起", field=label), _("%(field)s止", field=label)
            return [self._entry(col, first, self.FROM, "date"), self._entry(col, last, self.TO, "date")]
        if choices is None:
            choices = self._form_choices(col, field)
        if choices is None:
            return [self._entry(col, label, self.TEXT, "search")]
        return [self._entry(col, label, self.EQUAL, "select", choices)]

    def _form_choices(self, col: str, field: Field) -> list[tuple[Any, Any]] | None:
        if field.type == "BooleanField":  # stock filters know only the positive; FilterYesNo knows both
            both = any(type(f).__name__ == "FilterYesNo" for f in self._filters_of(col))
            return [("y", _("是")), ("n", _("否"))] if both else [("y", _("是"))]
        if "Select" in field.type and hasattr(field, "iter_choices"):
            return [(c[0], c[1]) for c in field.iter_choices() if str(c[0]) not in ("__None", "")]
        return None

    def _filters_of(self, col: str) -> list[Any]:
        return self.filters.get_search_filters().get(col, [])

    def _entry(
        self,
        col: str,
        label: str,
        operators: tuple[str, ...],
        kind: str,
        choices: Iterable[tuple[Any, Any]] = (),
    ) -> dict[str, Any]:
        known = [type(f).__name__ for f in self._filters_of(col)]
        index = next((known.index(name) for name in operators if name in known), 0)
        name = f"_flt_{index}_{col}"
        words = {str(value): str(text) for value, text in choices}
        return {
            "label": label,
            "name": name,
            "kind": kind,
            "choices": words,
            "value": request.args.get(name, ""),
        }


class FormWords(Translations):
    """What a form says of a wrong value: as our catalogue words it, else as WTForms' own does."""

    def gettext(self, string: str) -> str:
        ours = _(string)
        return ours if ours != string else super().gettext(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        ours = get_domain().get_translations().ngettext(singular, plural, n)  # filled in by the validator
        return ours if ours not in (singular, plural) else super().ngettext(singular, plural, n)


def install() -> None:
    """Call before FAB makes its first form: its widget classes are patched."""
    _use_native_widgets()
    flask_wtf_form.translations = FormWords()
    baseviews.BaseCRUDView.search_widget = FilterBar
    baseviews.BaseModelView.search_widget = FilterBar
