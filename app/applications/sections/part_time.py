"""学术及社会兼职. Proof is welcome, not asked for."""

from __future__ import annotations

from app.applications.sections.declaration import Field, Section
from app.applications.sections.parts import OPTIONAL_MERGED, OPTIONAL_PAGE, end_month, optional_file, start_month
from app.words import N_

SECTION = Section(
    code="PARTTIME",
    name=N_("学术及社会兼职"),
    order=25,
    repeats=True,
    min_rows=0,
    max_rows=20,
    services=frozenset({"declaration"}),
    required_when="",
    intro=N_("填写在学会、协会、专家库等的任职，每项一条。没有的可以不填。"),
    summary=("org", "post", "start", "end"),
    merged=OPTIONAL_MERGED,
    fields=(
        Field("org", N_("组织"), required=True, hint=N_("例如：广西土木建筑学会。")),
        Field("post", N_("职务"), required=True, max_length=50, hint=N_("例如：理事。")),
        start_month(),
        end_month(),
        OPTIONAL_PAGE,
    ),
    attachments=(optional_file("PARTTIME", N_("兼职证明")),),
)
