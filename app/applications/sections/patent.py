"""专利与软件著作权."""

from __future__ import annotations

from app.applications.sections.declaration import Field, FieldType, Section, grouped, options
from app.applications.sections.parts import (
    DATE_HINT,
    MERGED,
    OWN_OR_MERGED,
    PDF_PAGE,
    own_file,
    rank,
    total_people,
)
from app.applications.sections.shapes import PATENT_NUMBER, SOFTWARE_NUMBER, ShapeBy
from app.words import N_

NUMBER = ShapeBy(
    "kind",
    (
        ("INVENTION", PATENT_NUMBER),
        ("UTILITY", PATENT_NUMBER),
        ("DESIGN", PATENT_NUMBER),
        ("SOFTWARE", SOFTWARE_NUMBER),
    ),
)

SECTION = Section(
    code="PATENT",
    name=N_("专利与软件著作权"),
    order=14,
    repeats=True,
    min_rows=0,
    max_rows=50,
    services=frozenset({"declaration"}),
    required_when="",
    intro=OWN_OR_MERGED,
    summary=("name", "kind", "no", "date"),
    merged=MERGED,
    fields=(
        *grouped(
            N_("专利或登记"),
            Field("name", N_("名称"), required=True, max_length=200),
            Field(
                "kind", N_("类型"), FieldType.CODE, True,
                choices=options(
                    ("INVENTION", N_("发明")),
                    ("UTILITY", N_("实用新型")),
                    ("DESIGN", N_("外观设计")),
                    ("SOFTWARE", N_("软件著作权")),
                    ("VARIETY", N_("植物新品种")),
                    ("LAYOUT", N_("集成电路布图")),
                ),
            ),
            Field(
                "no", N_("专利号或登记号"), required=True, max_length=50, shape=NUMBER,
                hint=N_("专利号例如 ZL201910123456.X；软件著作权登记号例如 2023SR0123456。"),
            ),
            Field(
                "status", N_("状态"), FieldType.CODE, True,
                choices=options(
                    ("GRANTED", N_("已授权（已登记）")), ("EXAMINING", N_("实审")), ("TRANSFERRED", N_("转让"))
                ),
            ),
            Field("date", N_("授权（登记）日"), FieldType.DATE, True, not_in_future=True, hint=DATE_HINT),
        ),
        *grouped(
            N_("本人的名次和证明"),
            rank(N_("排名")),
            total_people(),
            Field(
                "benefit", N_("转化收益（万元）"), FieldType.DECIMAL, minimum=0, maximum=100_000_000,
                hint=N_("没有转化的不填，例如 35.5。"),
            ),
            PDF_PAGE,
        ),
    ),
    attachments=(own_file("PATENT", N_("专利/软著证书")),),
)
