"""学习培训经历: courses and further training."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, Section
from app.applications.sections.parts import end_month, start_month
from app.words import N_

SECTION = Section(
    code="TRAIN",
    name=N_("学习培训经历"),
    order=4,
    repeats=True,
    min_rows=0,
    max_rows=30,
    services=frozenset({"declaration"}),
    required_when="",
    intro=N_("填写参加过的进修、培训，每次一条；继续教育学时在「继续教育」里按年度填写。没有的可以不填。"),
    summary=("content", "org", "start"),
    fields=(
        start_month(),
        end_month(required=True),
        Field("org", N_("举办单位"), required=True, hint=N_("例如：自治区专业技术人员继续教育基地。")),
        Field("content", N_("培训内容"), required=True, max_length=300, hint=N_("写明课程或主题，最多300字。")),
        Field("result", N_("结业情况"), hint=N_("例如：考核合格，取得结业证书。")),
    ),
    attachments=(Attachment("file", "TRAIN", N_("培训结业证明"), max_files=5),),
)
