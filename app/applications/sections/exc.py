"""破格申报: only where the type of the application asks for it; the approval sheet is a picture."""

from __future__ import annotations

from app.applications.sections.apply import EXCEPTIONS
from app.applications.sections.declaration import Attachment, Field, FieldType, Section, Source, options
from app.applications.sections.rep import ACHIEVEMENTS
from app.words import N_

SECTION = Section(
    code="EXC",
    name=N_("破格申报"),
    order=28,
    services=frozenset({"declaration"}),
    required_when="apply_type in " + ",".join(EXCEPTIONS),
    hide_unless_required=True,
    intro=N_("写明对应的破格条款和理由，选出支持它的业绩；破格审批表经审批盖章后扫描上传。"),
    fields=(
        Field(
            "exception_kind",
            N_("破格类别"),
            FieldType.CODE,
            source=Source.APPLICATION,
            choices=options(
                ("EDUCATION", N_("学历破格")),
                ("YEARS", N_("资历破格")),
                ("BOTH", N_("学历、资历双破")),
                ("SKIP", N_("越级申报")),
            ),
        ),
        Field(
            "clause",
            N_("对应破格条款"),
            FieldType.TEXTAREA,
            True,
            max_length=500,
            hint=N_("照评审条件写出条款号，多条的每条一行。"),
        ),
        Field("reason", N_("破格理由"), FieldType.TEXTAREA, True, max_length=1000, hint=N_("最多1000字。")),
        Field(
            "evidence",
            N_("对应业绩"),
            FieldType.REFERENCES,
            True,
            refers_to=ACHIEVEMENTS,
            hint=N_("从前面已填的成果中选择，可以选几项。"),
        ),
        Field(
            "recommenders",
            N_("同行专家推荐"),
            FieldType.TEXTAREA,
            max_length=200,
            hint=N_("评审条件要求推荐的，写两名正高级专家的姓名、单位和职称。"),
        ),
    ),
    attachments=(
        Attachment(
            "file",
            "EXC",
            N_("破格审批表"),
            ("jpg",),
            required=True,
            hint=N_("先下载模板填写，经审批盖章后拍照或扫描。"),
        ),
    ),
)
