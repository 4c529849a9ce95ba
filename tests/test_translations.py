"""The Chinese catalogue: whole, compiled, and heard by pages and forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import flask_appbuilder
import flask_wtf
import pytest
import wtforms
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, Length, NumberRange

CATALOGUE = Path(__file__).parents[1] / "translations/zh/LC_MESSAGES/messages.po"
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%s|\{\w+\}")
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}

# What FAB says only of log-in by OAuth, of charts and of storage that the platform does not have.
NEVER_SEEN = {"Sign In with "}


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def entries(catalogue) -> set[tuple[str, ...]]:
    """Every entry as (id, plural, said …)."""
    both = [(entry.id, entry.string) for entry in catalogue if entry.id]
    return {(id, said) if isinstance(id, str) else (*id, *said) for id, said in both}


def sentences(package) -> Iterator[str | tuple[str, ...]]:
    folder = Path(package.__file__).parent
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    for _file, _line, message, _comments, _context in extract_from_dir(str(folder), methods, keywords=KEYWORDS):
        yield message


def test_the_compiled_catalogue_is_the_written_one(catalogue) -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert entries(read_mo(file)) == entries(catalogue), "run `make messages`"


def test_every_entry_is_chinese_and_keeps_its_placeholders(catalogue) -> None:
    for entry in catalogue:
        if not entry.id:
            continue
        singular, said = (entry.id[0], entry.string[0]) if entry.pluralizable else (entry.id, entry.string)
        assert CHINESE.search(said) and not entry.fuzzy, singular
        assert sorted(PLACEHOLDER.findall(singular)) == sorted(PLACEHOLDER.findall(said)), singular


def test_no_entry_is_for_a_sentence_that_nobody_says(catalogue) -> None:
    said = {each for package in (flask_appbuilder, flask_wtf, wtforms) for each in sentences(package)}
    known = {each[0] if isinstance(each, tuple) else each for each in said}
    known |= {"Please log in to access this page.", "Please reauthenticate to access this page."}
    ids = {entry.id[0] if entry.pluralizable else entry.id for entry in catalogue if entry.id}
    assert ids - known == set()


def test_every_sentence_of_flask_appbuilder_has_its_chinese(app) -> None:
    with app.test_request_context():
        english = {each for each in sentences(flask_appbuilder) if not CHINESE.search(gettext(each))}
    assert english == NEVER_SEEN


def test_our_wording_wins_over_flask_appbuilders_own(app) -> None:
    with app.test_request_context():
        assert gettext("Record Count") == "记录数"
        assert gettext("Changed Row") == "已保存。"


class Trial(FlaskForm):
    class Meta:
        csrf = False

    name = StringField(validators=[Length(max=3)])
    must = StringField(validators=[DataRequired()])
    age = IntegerField(validators=[NumberRange(min=18)])
    born = DateField()
    kind = SelectField(choices=[("a", "甲")])


def test_a_form_says_in_chinese_what_to_do(app) -> None:
    typed = {"name": "欧阳小燕", "must": "", "age": "17", "born": "2026-13-01", "kind": "b"}
    with app.test_request_context("/", method="POST", data=typed):
        form = Trial()
        assert not form.validate()
        assert form.errors == {
            "name": ["最多填写 3 个字，请缩短。"],
            "must": ["这一项必须填写。"],
            "age": ["数值不能小于 18。"],
            "born": ["请填写正确的日期，例如 2026-05-01。"],
            "kind": ["请从列出的选项中选择。"],
        }
