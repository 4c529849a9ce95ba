"""标准、工法、技术报告."""

from __future__ import annotations

from app.applications.sections.declaration import Field, FieldType, Section, options
from app.applications.sections.parts import (
    MERGED,
    MOST_PEOPLE,
    OWN_OR_MERGED,
    PDF_PAGE,
    RANK_HINT,
    own_file,
    past_month,
)
from app.words import N_

SECTION = Section(
    code="STD",
    name=N_("标准、工法、技术报告"),
    order=17,
    repeats=True,
    min_rows=0,
    max_rows=30,
    services=frozenset({"declaration"}),
    required_when="",
    intro=OWN_OR_MERGED,
    summary=("name", "kind", "org", "date"),
    merged=MERGED,
    fields=(
        Field("name", N_("名称"), required=True, max_length=200),
        Field(
            "kind", N_("类别"), FieldType.CODE, True,
            choices=options(
                ("NATIONAL", N_("国家标准")),
                ("INDUSTRY", N_("行业标准")),
                ("LOCAL", N_("地方标准")),
                ("GROUP", N_("团体标准")),
                ("METHOD", N_("工法")),
                ("REPORT", N_("技术报告")),
                ("SCHEME", N_("专项方案")),
                ("ADVICE", N_("决策咨询")),
            ),
        ),
        Field("no", N_("编号"), max_length=50, hint=N_("例如 DB45/T 1234-2023，没有编号的不填。")),
        Field("org", N_("发布或采纳单位"), required=True),
        past_month("date", N_("时间")),
        Field("rank", N_("排名"), FieldType.INT, True, minimum=1, maximum=MOST_PEOPLE, hint=RANK_HINT),
        PDF_PAGE,
    ),
    attachments=(own_file("STANDARD", N_("标准、工法、技术报告")),),
)
