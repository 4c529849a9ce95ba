"""What the page says: the sentence for each problem, saying what to do, and a stored value in words.
The only module here that knows a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from flask_babel import gettext

from app.applications.sections.declaration import Field, FieldType, references
from app.applications.sections.problems import Problem, ProblemCode
from app.catalogue.lists import CodeList
from app.words import N_

SENTENCES: Mapping[ProblemCode, str] = {
    ProblemCode.EMPTY: N_("请填写%(label)s。"),
    ProblemCode.EMPTY_MONTH: N_("请填写%(label)s，例如 2012-07。"),
    ProblemCode.EMPTY_DATE: N_("请填写%(label)s，例如 2012-07-01。"),
    ProblemCode.NOT_CHOSEN: N_("请选择%(label)s。"),
    ProblemCode.TOO_LONG: N_("%(label)s最多%(limit)d个字，现在有%(length)d个字，请缩短。"),
    ProblemCode.TOO_SHORT: N_("%(label)s至少%(limit)d个字，现在有%(length)d个字，请补充。"),
    ProblemCode.NOT_A_YEAR: N_("看不懂%(label)s「%(typed)s」，请填写四位年份，例如 2024。"),
    ProblemCode.NOT_A_MONTH: N_("看不懂%(label)s「%(typed)s」，请填写年和月，例如 2012-07。"),
    ProblemCode.NOT_A_DATE: N_("看不懂%(label)s「%(typed)s」，请填写年、月、日，例如 2012-07-01。"),
    ProblemCode.NOT_A_WHOLE_NUMBER: N_("%(label)s应为整数，您填写的是「%(typed)s」，请改为例如 3。"),
    ProblemCode.NOT_A_NUMBER: N_("%(label)s应为数字，您填写的是「%(typed)s」，请改为例如 35.5。"),
    ProblemCode.TOO_SMALL: N_("%(label)s不能小于%(limit)d，请修改。"),
    ProblemCode.TOO_GREAT: N_("%(label)s不能大于%(limit)d，请修改。"),
    ProblemCode.NOT_YES_OR_NO: N_("请为「%(label)s」选择「是」或「否」。"),
    ProblemCode.UNKNOWN_CODE: N_("%(label)s「%(typed)s」不在可选范围内，请从列表中重新选择。"),
    ProblemCode.NOT_AN_EMAIL: N_("%(label)s「%(typed)s」不完整，请填写例如 name@example.com。"),
    ProblemCode.NOT_A_MOBILE: N_("%(label)s应为11位手机号码，请检查。"),
    ProblemCode.NOT_A_URL: N_("%(label)s应以 http:// 或 https:// 开头，请检查。"),
    ProblemCode.NOT_PAGES: N_("看不懂%(label)s「%(typed)s」，请填写页码，例如 3-5,8。"),
    ProblemCode.NOT_A_CN_NUMBER: N_("%(label)s「%(typed)s」不对，请照刊物版权页填写，例如 CN45-1234/TB。"),
    ProblemCode.NOT_AN_ISSN: N_("%(label)s「%(typed)s」不对或校验位不符，请照刊物封面填写，例如 0317-8471。"),
    ProblemCode.NOT_AN_ISBN: N_("%(label)s「%(typed)s」不对或校验位不符，请照版权页填写13位书号，例如 978-7-111-00000-6。"),
    ProblemCode.NOT_A_PATENT_NUMBER: N_(
        "%(label)s「%(typed)s」不对或校验位不符，请照专利证书填写，例如 ZL201910123456.X。"
    ),
    ProblemCode.NOT_A_SOFTWARE_NUMBER: N_("%(label)s「%(typed)s」不对，请照登记证书填写，例如 2023SR0123456。"),
    ProblemCode.NOT_A_TERM: N_("看不懂%(label)s「%(typed)s」，请填写学年和学期，例如 2024-2025-1。"),
    ProblemCode.NOT_CONFIRMED: N_("「%(label)s」须选「是」才能提交；还没有做到的，请先处理好再选。"),
    ProblemCode.REFERENCE_GONE: N_("%(label)s中有一条已经删除或不再属于这份申报，请重新选择。"),
    ProblemCode.REFERENCE_TWICE: N_("同一条成果选了两次，请把这一条改选别的成果或删除。"),
    ProblemCode.IN_FUTURE: N_("%(label)s不能晚于现在（%(today)s），请检查。"),
    ProblemCode.NOT_AFTER: N_("%(label)s须晚于%(other)s，请检查这两项。"),
    ProblemCode.BEFORE_OTHER: N_("%(label)s不能早于%(other)s，请检查这两项。"),
    ProblemCode.ABOVE_OTHER: N_("%(label)s不能大于%(other)s，请检查这两项。"),
    ProblemCode.TOO_YOUNG: N_("%(label)s须在年满%(age)d周岁以后，即不早于%(earliest)s，请检查。"),
    ProblemCode.FILE_MISSING: N_("请上传%(label)s。"),
    ProblemCode.TOO_MANY_FILES: N_("%(label)s最多%(most)d个文件，现在有%(count)d个，请删除多余的。"),
    ProblemCode.NO_EVIDENCE: N_("请为这一条单独上传证明材料，或填写它在合并PDF中的页码。"),
    ProblemCode.EVIDENCE_TWICE: N_("这一条既上传了证明材料，又填写了合并PDF的页码；请只保留一种。"),
    ProblemCode.PAGES_BEYOND_END: N_("合并PDF共%(pages)d页，没有第%(page)d页，请改正页码或重新上传合并PDF。"),
    ProblemCode.SECTION_EMPTY: N_("请填写「%(label)s」，至少%(least)d条。"),
    ProblemCode.TOO_FEW_ROWS: N_("至少填写%(least)d条，现在有%(count)d条，请补充。"),
    ProblemCode.TOO_MANY_ROWS: N_("最多填写%(most)d条，现在有%(count)d条，请删除多余的。"),
    ProblemCode.TWO_HIGHEST: N_(
        "只能有一条是最高学历，请把这一条的「是否最高学历」改为「否」，或改正另一条。"
    ),
    ProblemCode.NO_BASIS: N_("请在一条学历上把「是否申报依据学历」选为「是」。"),
    ProblemCode.TWO_BASES: N_(
        "只能有一条是申报依据学历，请把这一条的「是否申报依据学历」改为「否」，或改正另一条。"
    ),
    ProblemCode.NO_CURRENT: N_("请在一条职称上把「是否现职称」选为「是」。"),
    ProblemCode.TWO_CURRENT: N_("只能有一条是现职称，请把这一条的「是否现职称」改为「否」，或改正另一条。"),
    ProblemCode.PERIODS_OVERLAP: N_("这一段与从%(start)s开始的另一段时间重叠，请检查两段的起止时间。"),
    ProblemCode.TWO_OPEN_ENDS: N_("只能有一段「至今」，请为这一段填写结束时间，或为另一段填写。"),
    ProblemCode.YEAR_TWICE: N_("%(value)s年已经有一条，每年只填一条，请改正年度或删除多余的一条。"),
    ProblemCode.YEAR_LEFT_OUT: N_("中间缺少%(value)s年，请为这一年添加一条。"),
}
LABELS = ("label", "other")
NUMBERS = frozenset({FieldType.INT, FieldType.DECIMAL, FieldType.YEAR})


def say(problem: Problem) -> str:
    """The sentence in the language of the request; needs a Flask-Babel context."""
    params = dict(problem.params)
    for name in LABELS:
        if name in params:
            params[name] = gettext(params[name])
    return gettext(SENTENCES[problem.code], **params) if params else gettext(SENTENCES[problem.code])


class Names(Protocol):
    """The names of codes, and of the rows of this application that are referred to."""

    def name(self, kind: CodeList, code: str) -> str: ...

    def row(self, reference: str) -> str: ...


def show(field: Field, value: Any, names: Names) -> str:
    """A stored value as people read it: the name of a code, 是 or 否, the rows referred to; "" for an empty one."""
    if value is None or value == "":
        return ""
    if field.refers_to:
        return gettext("；").join(names.row(reference) for reference in references(value))
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    if isinstance(field.choices, CodeList):
        return names.name(field.choices, str(value))
    return next((gettext(option.label) for option in field.choices or () if option.code == value), str(value))


def show_labelled(field: Field, value: Any, names: Names) -> str:
    """As `show`, but a number says what it counts: 门诊人次 1200, 2024年."""
    shown = show(field, value, names)
    if not shown or field.type not in NUMBERS:
        return shown
    if field.type is FieldType.YEAR:
        return gettext("%(year)s年", year=shown)
    return gettext("%(label)s %(value)s", label=gettext(field.label), value=shown)
