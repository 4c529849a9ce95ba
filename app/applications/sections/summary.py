"""专业技术工作总结: the applicant's own account of the work."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Section
from app.words import N_

LEAST_CHARACTERS, MOST_CHARACTERS = 1500, 3000

SECTION = Section(
    code="SUMMARY",
    name=N_("专业技术工作总结"),
    order=27,
    services=frozenset({"declaration", "recognition"}),
    intro=N_("用自己的话写任现职以来的专业技术工作：做了什么、解决了什么问题、有什么成效和不足。可以分多次写，系统随时保存。"),
    fields=(
        Field(
            "text", N_("总结正文"), FieldType.TEXTAREA, True,
            min_length=LEAST_CHARACTERS, max_length=MOST_CHARACTERS, hint=N_("1500至3000字。"),
        ),
    ),
    attachments=(
        Attachment(
            "file", "SUMMARY", N_("专业技术工作总结（签名扫描件）"), ("pdf",),
            hint=N_("可以不传；正文以上面填写的为准。"),
        ),
    ),
)
