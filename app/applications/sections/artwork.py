"""作品: of the arts, crafts and public culture."""

from __future__ import annotations

from app.applications.sections.declaration import Field, Section
from app.applications.sections.parts import MERGED, OWN_OR_MERGED, PDF_PAGE, own_file, past_month
from app.words import N_

SECTION = Section(
    code="ARTWORK",
    name=N_("作品"),
    order=22,
    repeats=True,
    min_rows=0,
    max_rows=50,
    services=frozenset({"declaration"}),
    series=frozenset({"12", "23", "L1"}),
    required_when="",
    intro=OWN_OR_MERGED,
    summary=("name", "kind", "venue", "date"),
    merged=MERGED,
    fields=(
        Field("name", N_("作品名称"), required=True, max_length=200),
        Field("kind", N_("类别"), required=True, hint=N_("例如：油画、彩调剧、陶艺。")),
        past_month("date", N_("时间")),
        Field("venue", N_("展演、发表单位"), required=True, hint=N_("例如：广西美术馆。")),
        Field("award", N_("获奖"), hint=N_("写明奖项和等级，没有获奖的不填。")),
        PDF_PAGE,
    ),
    attachments=(own_file("ARTWORK", N_("作品图片、视频截图")),),
)
