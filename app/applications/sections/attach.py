"""附件上传: the materials that belong to no other section, above all the one merged PDF of the achievements."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Section
from app.words import N_

CODE = "ATTACH"
MERGED_KIND = "ACHIEVE"
MERGED_PDF = Attachment(
    "achieve",
    MERGED_KIND,
    N_("业绩成果证明材料（合并PDF）"),
    ("pdf",),
    required_when="pdf_page filled",
    hint=N_("在模板中做好后另存为一个PDF，不超过30MB；任一条成果填了页码就必须上传。"),
)

SECTION = Section(
    code=CODE,
    name=N_("附件上传"),
    order=30,
    required_when="",
    intro=N_("上传不属于前面各表的证明材料；选填的没有可以不传。"),
    fields=(),
    attachments=(MERGED_PDF,),
)
