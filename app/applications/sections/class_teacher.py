"""班主任及育人: the care for classes beside the lessons."""

from __future__ import annotations

from app.applications.sections.declaration import Field, FieldType, Section, options
from app.applications.sections.parts import (
    MERGED,
    OWN_OR_MERGED,
    PDF_PAGE,
    end_month,
    own_file,
    start_month,
)
from app.words import N_

SECTION = Section(
    code="CLASSTEACHER",
    name=N_("班主任及育人"),
    order=19,
    repeats=True,
    min_rows=0,
    max_rows=30,
    services=frozenset({"declaration"}),
    series=frozenset({"13", "21", "22"}),
    required_when="",
    intro=OWN_OR_MERGED,
    summary=("role", "klass", "start", "end"),
    merged=MERGED,
    fields=(
        start_month(),
        end_month(),
        Field(
            "role", N_("职务"), FieldType.CODE, True,
            choices=options(
                ("CLASS", N_("班主任")),
                ("COUNSELOR", N_("辅导员")),
                ("GRADE", N_("年级组长")),
                ("PIONEER", N_("少先队辅导员")),
                ("RESEARCH", N_("教研组长")),
            ),
        ),
        Field("klass", N_("班级"), required=True, hint=N_("例如：2021级（3）班；年级、教研组长填年级或学科。")),
        Field("result", N_("成效"), FieldType.TEXTAREA, max_length=500, hint=N_("班级荣誉、学生成长等，最多500字。")),
        PDF_PAGE,
    ),
    attachments=(own_file("CLASSTEACHER", N_("班主任等任职证明")),),
)
