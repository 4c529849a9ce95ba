"""水平能力测试: foreign languages, computers, professional examinations; required where the title needs an examination
first."""

from __future__ import annotations

from app.applications.sections.declaration import Attachment, Field, FieldType, Section, options
from app.applications.sections.parts import past_month
from app.words import N_

SECTION = Section(
    code="EXAM",
    name=N_("水平能力测试（外语、计算机、专业考试）"),
    order=10,
    repeats=True,
    max_rows=20,
    services=frozenset({"declaration"}),
    required_when="series in 15,17,18,19,27 and level in ASSOC or apply_type in EXAM",
    intro=N_(
        "考评结合的系列（会计、经济、统计、审计、翻译的副高级）必须填写考试成绩；其他系列没有的可以不填。"
    ),
    summary=("name", "score", "date"),
    fields=(
        Field(
            "kind", N_("类别"), FieldType.CODE, True,
            choices=options(
                ("LANGUAGE", N_("外语")),
                ("COMPUTER", N_("计算机")),
                ("ABILITY", N_("专业水平能力")),
                ("EXAM_REVIEW", N_("考评结合考试")),
                ("QUALIFY", N_("职称（专业技术资格）考试")),
            ),
        ),
        Field("name", N_("考试名称"), required=True, hint=N_("例如：高级会计师资格考试。")),
        Field("score", N_("成绩"), max_length=50, hint=N_("填写分数或「合格」，例如 68。")),
        past_month("date", N_("日期"), N_("考试的年和月，例如 2024-05。")),
        Field("cert_no", N_("证书编号"), max_length=50, hint=N_("合格证或成绩单上的编号。")),
        Field(
            "exempt", N_("免试理由"), max_length=200,
            hint=N_("免试的必填，写明依据的文件；参加了考试的不填，请上传合格证。"),
        ),
    ),
    attachments=(
        Attachment(
            "file", "EXAM_PASS", N_("考试合格证（水平能力测试/考评结合）"), required_when="exempt empty", max_files=5,
            hint=N_("填写了免试理由的可以不传。"),
        ),
    ),
)
