"""培养指导人才: whom the applicant has guided. Proof is welcome, not asked for."""

from __future__ import annotations

from app.applications.sections.declaration import Field, Section
from app.applications.sections.parts import OPTIONAL_MERGED, OPTIONAL_PAGE, end_month, optional_file, start_month
from app.words import N_

SECTION = Section(
    code="MENTOR",
    name=N_("培养指导人才"),
    order=24,
    repeats=True,
    min_rows=0,
    max_rows=30,
    services=frozenset({"declaration"}),
    required_when="",
    intro=N_("填写任现职以来指导过的青年技术人员、研究生、徒弟等，每人一条。没有的可以不填。"),
    summary=("person", "way", "start", "end"),
    merged=OPTIONAL_MERGED,
    fields=(
        Field("person", N_("对象"), required=True, max_length=50, hint=N_("被指导人的姓名，多人的填写团队名称。")),
        Field("way", N_("方式"), required=True, hint=N_("例如：师带徒、指导毕业设计、带教进修医师。")),
        start_month(),
        end_month(),
        Field("result", N_("结果"), max_length=200, hint=N_("例如：2023年取得中级职称。")),
        OPTIONAL_PAGE,
    ),
    attachments=(optional_file("MENTOR", N_("培养指导证明")),),
)
