"""诚信承诺: what was confirmed at the start, with its version and time; a signed scan may be added."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Section, Source
from app.words import N_

SECTION = Section(
    code="PROMISE",
    name=N_("诚信承诺"),
    order=29,
    substantive=False,
    intro=N_("评审须知和评审承诺书已在开始申报时确认，这里不用再填；单位要求手签的，可以上传扫描件。"),
    fields=(
        Field("pledge_at", N_("确认时间"), source=Source.APPLICATION),
        Field("pledge_version", N_("承诺书版本"), source=Source.APPLICATION),
        Field("pledge_code", N_("承诺书校验码"), source=Source.APPLICATION),
        Field("pledge", N_("评审承诺书"), FieldType.TEXTAREA, source=Source.APPLICATION),
    ),
    attachments=(
        Attachment("file", "PROMISE", N_("诚信承诺书（签名扫描件）"), hint=N_("系统内已确认承诺，没有要求的不必上传。")),
    ),
)
