"""The sentences for problems and values."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from app.applications.naming import Names
from app.applications.sections.completeness import missing
from app.applications.sections.problems import Problem, ProblemCode
from app.applications.sections.registry import section
from app.applications.sections.wording import SENTENCES, say, show
from app.catalogue.lists import CodeList
from tests.applications.sections.rows import (
    CONTEXT,
    ENGINEER,
    P,
    cleaned,
)
from tests.applications.sections.test_cleaning import CELLS
from tests.applications.sections.test_completeness import WHEN

pytestmark = pytest.mark.requirement("A6")


@pytest.fixture
def babel() -> Flask:
    app = Flask(__name__)
    Babel(app, default_locale="zh")
    return app


def test_every_problem_has_a_sentence() -> None:
    assert set(SENTENCES) == set(ProblemCode)
    assert all(sentence.endswith("。") for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (Problem(P.EMPTY_MONTH, "end", {"label": "毕业时间"}), "请填写毕业时间，例如 2012-07。"),
        (
            Problem(P.NOT_AFTER, "end", {"label": "毕业时间", "other": "入学时间"}),
            "毕业时间须晚于入学时间，请检查这两项。",
        ),
        (
            Problem(P.PAGES_BEYOND_END, "pdf_page", {"page": 12, "pages": 8}),
            "合并PDF共8页，没有第12页，请改正页码或重新上传合并PDF。",
        ),
        (Problem(P.NO_BASIS, "is_apply_basis"), "请在一条学历上把「是否申报依据学历」选为「是」。"),
    ],
)
def test_a_problem_is_said_as_a_whole_sentence(babel: Flask, problem: Problem, sentence: str) -> None:
    with babel.test_request_context(), force_locale("zh"):
        assert say(problem) == sentence


def test_every_problem_that_can_be_found_can_be_said(babel: Flask) -> None:
    found = [
        each.problem
        for code, document, _, _, _ in WHEN
        for each in missing(section(code), document, {}, ENGINEER, CONTEXT)
    ]
    found += [
        problem for code, field, typed, _, _ in CELLS for problem in cleaned(code, **{field: typed}).problems
    ]
    with babel.test_request_context():
        assert all("%(" not in say(problem) for problem in found)
    assert len({problem.code for problem in found}) > 15


class Named:
    def name(self, kind: CodeList, code: str) -> str:
        return f"{kind.value}/{code}"


SHOWN = [
    ("EDU", "is_highest", True, "是"),
    ("EDU", "is_highest", False, "否"),
    ("EDU", "level", "BACHELOR", "education/BACHELOR"),
    ("PROJECT", "role", "LEAD", "主持"),
    ("PROJECT", "rank", 1, "1"),
    ("PROJECT", "end", None, ""),
]


@pytest.mark.requirement("A9")
@pytest.mark.parametrize(("code", "field", "value", "words"), SHOWN)
def test_a_stored_value_is_shown_in_words(
    babel: Flask, code: str, field: str, value: Any, words: str
) -> None:
    with babel.test_request_context():
        assert show(section(code).field(field), value, Named()) == words


TITLES = [
    ("WORK", {"start": "2012-07", "end": None, "unit": "柳州某厂", "post": "工程师"}, "2012-07 至今　柳州某厂　工程师"),
    ("WORK", {"start": "2012-07", "end": "2015-06", "unit": "柳州某厂", "post": "工程师"}, "2012-07 至 2015-06　柳州某厂　工程师"),
    ("WORK", {"start": None, "end": "2015-06", "unit": "柳州某厂"}, "柳州某厂"),
    ("EDU", {"school": "广西大学", "end": "2012-07"}, "广西大学　2012-07"),
    ("CE", {"year": 2025, "total": "92.5"}, "2025年　合计 92.5"),
    ("MEDWORK", {"year": 2025, "outpatient": 3190}, "2025年　门诊人次 3190"),
    ("PROJECT", {"name": "道路改造", "role": "LEAD", "rank": 1, "start": "2020-03"}, "道路改造　主持　本人排名 1　2020-03"),
    ("CASE", {}, ""),
]


@pytest.mark.requirement("A6")
@pytest.mark.parametrize(("code", "row", "words"), TITLES)
def test_a_row_is_recognised_by_its_summary(babel: Flask, code: str, row: dict[str, Any], words: str) -> None:
    with babel.test_request_context(), force_locale("zh"):
        assert Names(Named(), {}).title(section(code), row) == words  # type: ignore[arg-type]
