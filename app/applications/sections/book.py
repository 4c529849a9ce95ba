"""著作、教材."""

from __future__ import annotations

from app.applications.sections.declaration import Field, FieldType, Section, options
from app.applications.sections.parts import MERGED, OWN_OR_MERGED, PDF_PAGE, own_file, past_month
from app.applications.sections.shapes import ISBN_NUMBER
from app.words import N_

MOST_WORDS = 10_000  # 万字

SECTION = Section(
    code="BOOK",
    name=N_("著作、教材"),
    order=16,
    repeats=True,
    min_rows=0,
    max_rows=30,
    services=frozenset({"declaration"}),
    required_when="",
    intro=OWN_OR_MERGED,
    summary=("title", "role", "publisher", "date"),
    merged=MERGED,
    fields=(
        Field("title", N_("书名"), required=True, max_length=200),
        Field(
            "kind", N_("类别"), FieldType.CODE, True,
            choices=options(
                ("MONOGRAPH", N_("专著")),
                ("COMPILED", N_("编著")),
                ("TEXTBOOK", N_("教材")),
                ("TRANSLATION", N_("译著")),
                ("REFERENCE", N_("工具书")),
            ),
        ),
        Field("publisher", N_("出版社"), required=True),
        Field(
            "isbn", N_("ISBN"), required=True, max_length=20, shape=ISBN_NUMBER,
            hint=N_("在版权页或封底，13位数字，例如 978-7-111-00000-2。"),
        ),
        past_month("date", N_("出版时间")),
        Field(
            "role", N_("角色"), FieldType.CODE, True,
            choices=options(
                ("SOLE", N_("独著")),
                ("EDITOR", N_("主编")),
                ("VICE_EDITOR", N_("副主编")),
                ("CONTRIBUTOR", N_("参编")),
                ("TRANSLATOR", N_("译者")),
            ),
        ),
        Field(
            "words", N_("本人字数（万字）"), FieldType.DECIMAL, True, minimum=0, maximum=MOST_WORDS,
            not_above="total_words", hint=N_("本人撰写的部分，例如 6.5。"),
        ),
        Field(
            "total_words", N_("总字数（万字）"), FieldType.DECIMAL, minimum=0, maximum=MOST_WORDS,
            hint=N_("在版权页，例如 32。"),
        ),
        PDF_PAGE,
    ),
    attachments=(own_file("BOOK", N_("著作（封面、版权页、目录）"), ("pdf",)),),
)
