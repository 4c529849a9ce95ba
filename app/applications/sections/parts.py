"""Parts that several sections share: the evidence of an achievement and the hints of common kinds of fields."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Merged
from app.words import N_

OWN_OR_MERGED = N_(
    "每一条的证明材料可以并入整份申报的一个合并PDF（在「附件上传」中上传），在这里填写页码；也可以在这一条单独上传。两种方式每条只用一种。"
)
MONTH_HINT = N_("填写年和月，例如 2020-03 或 202003。")
DATE_HINT = N_("填写年、月、日，例如 2020-03-15 或 20200315。")
ENDED_HINT = N_("至今仍在继续的不填。")
RANK_HINT = N_("证书或文件上本人的名次，独立完成的填 1。")
TOTAL_HINT = N_("证书或文件上列出的人数。")
MOST_PEOPLE = 999

# An achievement is proved at its row or in the merged PDF; guidance and posts may be.
MERGED = Merged(own="file", page="pdf_page")
OPTIONAL_MERGED = Merged(own="file", page="pdf_page", optional=True)
PDF_PAGE = Field(
    "pdf_page", N_("见合并PDF第几页"), FieldType.PAGES, required_when="file empty",
    hint=N_("合并PDF中的页码，例如 3-5,8；本条已单独上传证明的不填。"),
)
OPTIONAL_PAGE = Field(
    "pdf_page", N_("见合并PDF第几页"), FieldType.PAGES,
    hint=N_("证明已并入合并PDF的填页码，例如 3-5,8；单独上传的不填。"),
)


def own_file(kind: str, label: str, formats: tuple[str, ...] = ("jpg", "pdf")) -> Attachment:
    """The evidence that lies at the row itself, where it is not in the merged PDF."""
    hint = N_("没有并入合并PDF的，在这里单独上传。")
    return Attachment("file", kind, label, formats, required_when="pdf_page empty", hint=hint, max_files=5)


def optional_file(kind: str, label: str) -> Attachment:
    """Evidence that may be given."""
    return Attachment("file", kind, label, hint=N_("可以不传；已并入合并PDF的请填页码，不要再传。"), max_files=5)


def start_month() -> Field:
    """The month with which a period begins."""
    return Field("start", N_("开始时间"), FieldType.MONTH, True, not_in_future=True, hint=MONTH_HINT)


def end_month(*, required: bool = False) -> Field:
    """Not before the start; left empty it is still going on, unless it is required."""
    hint = MONTH_HINT if required else ENDED_HINT
    return Field(
        "end", N_("结束时间"), FieldType.MONTH, required, not_in_future=True, not_before="start", hint=hint
    )


def past_month(code: str, label: str, hint: str = MONTH_HINT) -> Field:
    """A month that has come."""
    return Field(code, label, FieldType.MONTH, True, not_in_future=True, hint=hint)


def past_year(hint: str) -> Field:
    """The year that a row is about."""
    return Field("year", N_("年度"), FieldType.YEAR, True, not_in_future=True, hint=hint)


def rank(label: str = N_("本人排名")) -> Field:
    """The applicant's place among `total`."""
    return Field(
        "rank", label, FieldType.INT, True, minimum=1, maximum=MOST_PEOPLE, not_above="total", hint=RANK_HINT
    )


def total_people(label: str = N_("总人数")) -> Field:
    """How many had a part, where the paper says so."""
    return Field("total", label, FieldType.INT, minimum=1, maximum=MOST_PEOPLE, hint=TOTAL_HINT)
