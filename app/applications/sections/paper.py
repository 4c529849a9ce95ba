"""论文."""

from __future__ import annotations

from app.applications.sections.declaration import Field, FieldType, Section, grouped
from app.applications.sections.parts import (
    MERGED,
    OWN_OR_MERGED,
    PDF_PAGE,
    own_file,
    past_month,
    rank,
    total_people,
)
from app.applications.sections.shapes import CN_NUMBER, ISSN_NUMBER
from app.catalogue.lists import CodeList
from app.words import N_

SECTION = Section(
    code="PAPER",
    name=N_("论文"),
    order=15,
    repeats=True,
    min_rows=0,
    max_rows=50,
    services=frozenset({"declaration"}),
    required_when="",
    intro=OWN_OR_MERGED,
    summary=("title", "journal", "date"),
    merged=MERGED,
    fields=(
        *grouped(
            N_("发表情况"),
            Field("title", N_("题目"), required=True, max_length=300),
            Field("journal", N_("刊物名称"), required=True, hint=N_("会议论文填写论文集名称。")),
            Field("cn", N_("CN刊号"), max_length=20, shape=CN_NUMBER, hint=N_("在刊物的封底或版权页，例如 CN45-1234/TB。")),
            Field("issn", N_("ISSN"), max_length=20, shape=ISSN_NUMBER, hint=N_("国际标准刊号，例如 0317-8471。")),
            Field("grade", N_("收录级别"), FieldType.CODE, True, choices=CodeList.JOURNAL_GRADE),
            past_month("date", N_("发表时间")),
            Field("issue", N_("卷期页码"), required=True, hint=N_("例如：第42卷第3期，第15-19页。")),
        ),
        *grouped(
            N_("作者"),
            rank(N_("作者排名")),
            total_people(N_("作者总数")),
            Field("is_corr", N_("是否通讯作者"), FieldType.BOOL),
        ),
        *grouped(
            N_("检索和证明"),
            Field(
                "url", N_("检索网址"), FieldType.URL, max_length=300,
                hint=N_("知网、万方等网站上这篇论文的网址，没有的不填。"),
            ),
            Field(
                "similarity", N_("查重率(%)"), FieldType.DECIMAL, minimum=0, maximum=100, hint=N_("例如 8.6。")
            ),
            Field("is_rep", N_("是否代表作"), FieldType.BOOL),
            PDF_PAGE,
        ),
    ),
    attachments=(own_file("PAPER", N_("论文（封面、目录、正文、检索页）"), ("pdf",)),),
)
