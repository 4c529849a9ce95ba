"""带训与竞赛成绩: what a coach's athletes have won."""

from __future__ import annotations

from app.applications.sections.declaration import Field, Section
from app.applications.sections.parts import MERGED, OWN_OR_MERGED, PDF_PAGE, own_file, past_month
from app.words import N_

SECTION = Section(
    code="COACH",
    name=N_("带训与竞赛成绩"),
    order=23,
    repeats=True,
    min_rows=0,
    max_rows=50,
    services=frozenset({"declaration"}),
    series=frozenset({"14"}),
    required_when="",
    intro=OWN_OR_MERGED,
    summary=("match", "event", "rank", "date"),
    merged=MERGED,
    fields=(
        Field("athlete", N_("运动员"), required=True, max_length=50, hint=N_("集体项目填队名。")),
        Field("event", N_("项目"), required=True, hint=N_("例如：女子48公斤级举重。")),
        Field("match", N_("赛事"), required=True, hint=N_("按成绩册上的全称填写。")),
        Field("rank", N_("名次"), required=True, max_length=50, hint=N_("例如：第一名。")),
        past_month("date", N_("时间"), N_("比赛的年和月，例如 2024-08。")),
        Field("period", N_("带训起止"), required=True, max_length=50, hint=N_("例如：2021-03至2024-08。")),
        PDF_PAGE,
    ),
    attachments=(own_file("COACH", N_("带训与竞赛成绩证明")),),
)
