"""代表性成果: a few of the achievements that stand in the sections before, in the order of their weight."""

from __future__ import annotations

from app.applications.sections.declaration import Field, FieldType, Section
from app.applications.sections.problems import ProblemCode
from app.applications.sections.rows_rules import no_repeat
from app.words import N_

ACHIEVEMENTS = (
    "PROJECT", "AWARD", "PATENT", "PAPER", "BOOK", "STD", "TEACH", "MEDWORK", "CASE", "ARTWORK", "COACH",
)  # fmt: skip

SECTION = Section(
    code="REP",
    name=N_("代表性成果"),
    order=26,
    repeats=True,
    min_rows=1,
    max_rows=3,
    services=frozenset({"declaration"}),
    required_when="",
    intro=N_("从前面已填的成果中选出最有代表性的几项，最重要的排在最前；可用「上移」「下移」调整顺序。"),
    summary=("ref",),
    rows_rules=(no_repeat("ref", ProblemCode.REFERENCE_TWICE),),
    fields=(
        Field(
            "ref",
            N_("引用的成果"),
            FieldType.REFERENCE,
            True,
            refers_to=ACHIEVEMENTS,
            hint=N_("先在前面各表填好成果，再到这里选择。"),
        ),
        Field("reason", N_("创新点与贡献"), FieldType.TEXTAREA, True, max_length=500, hint=N_("最多500字。")),
    ),
)
