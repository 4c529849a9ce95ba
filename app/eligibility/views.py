"""资格条件: the office's grid of the rules. Not here: the page on which people check themselves (portal)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import lazyload

from app.catalogue.lists import CodeList, Further
from app.catalogue.models import EligibilityRule, EligibilityRuleVersion
from app.catalogue.queries import code_table
from app.catalogue.views import POSITION, RETIRED, CatalogueGrid, level_options, named, series_options
from app.eligibility import services
from app.eligibility.terms import NO_TITLE
from app.eligibility.wording import rule_name, way_in
from app.extensions import business_now, db
from app.web import fields
from app.web.reference import Refusal
from app.web.rows import GridRows
from app.web.theme import show_value

FURTHER = {Further.EXAM: _l("先取得考试合格成绩"), Further.NOTE: _l("说明中的条件须人工核对")}


def qualification_options() -> list[tuple[str, str]]:
    return [(code, each.name) for code, each in code_table(db.session, CodeList.QUALIFYING).items()]


def target_options() -> list[tuple[str, str]]:
    return [(code, name) for code, name in level_options() if code != NO_TITLE]


def further_options() -> list[tuple[str, Any]]:
    return list(FURTHER.items())


def names_of(options: Any) -> Any:
    """A formatter that shows the names of several codes."""
    return lambda codes: "、".join(str(dict(options()).get(code, code)) for code in codes) or "—"


def earlier(versions: Iterable[EligibilityRuleVersion]) -> str:
    """What the rule said before, the latest first."""
    return "；".join(
        _(
            "%(name)s，到 %(until)s 为止：%(text)s", name=rule_name(each.code, each.version),
            until=show_value(each.valid_to), text=_("已停用") if each.retired else way_in(db.session, each),
        )
        for each in versions
    ) or _("没有")  # fmt: skip


def sentence(error: services.BadRule) -> str:
    """Why a rule is not taken, and what to do."""
    match error:
        case services.NoSuchTarget():
            return _("这个系列没有这个级别的资格，请换一个级别，或先在“拟评资格”中新增。")
        case services.UnknownQualification():
            return _("学历、资格条件中有不认识的代码，请从列表中选择。")
        case services.TitleNotBelow():
            return _("现职称级别须低于目标级别；不要求现职称的选“无职称”。")
        case services.ExamDisagrees(expected=True):
            return _("这个级别以考代评，学历、资格条件须选“职称（专业技术资格）考试合格”。")
        case services.ExamDisagrees():
            return _("“职称（专业技术资格）考试合格”只用于以考代评的级别；考评结合的请勾选“先取得考试合格成绩”。")
        case services.SameRule(code=code):
            return _("与 %(code)s 的条件相同，请直接修改那一条。", code=code)
    return _("请检查后再保存。")


class EligibilityRuleGrid(CatalogueGrid):
    """The rules as they hold now; an edit makes a new version, the earlier ones are shown with the rule."""

    datamodel = GridRows(EligibilityRule, eager=[lazyload("*")])
    route_base = "/catalogue/eligibility"
    list_title = _l("资格条件")
    page_intro = _l(
        "每一条是一个系列、级别的一种申报条件，具备其中一条即可。修改后成为新版本，从保存时起用于资格自查、填报提示和审核提示；"
        "旧版本保留，此前提交的申报仍按旧版本提示。"
    )
    conflict_message = _l("这一条刚刚被别人改过，请返回列表重新打开后再改。")
    list_columns: ClassVar[list[str]] = [
        "code", "series_code", "target_level", "education_any_of", "required_current_level", "min_years", "version", "retired",
    ]
    show_columns: ClassVar[list[str]] = [
        "code", "version", "valid_from", "series_code", "target_level", "education_any_of", "required_current_level",
        "min_years", "further", "note", "source", "retired", "earlier",
    ]
    search_columns: ClassVar[list[str]] = ["series_code", "target_level", "retired"]
    mobile_columns = ("series_code", "target_level", "education_any_of", "min_years")
    label_columns: ClassVar[dict[str, Any]] = CatalogueGrid.label_columns | {
        "code": _l("编号"), "target_level": _l("目标级别"), "education_any_of": _l("学历、资格（其中之一）"),
        "required_current_level": _l("现职称级别"), "min_years": _l("年限"), "version": _l("版本"),
        "valid_from": _l("生效时间"), "further": _l("另外要求"), "source": _l("依据"), "earlier": _l("以前的版本"),
    }
    choices: ClassVar[dict[str, Any]] = {"series_code": series_options, "target_level": target_options}
    formatters_columns: ClassVar[dict[str, Any]] = {
        "series_code": named(series_options), "target_level": named(level_options),
        "required_current_level": named(level_options), "education_any_of": names_of(qualification_options),
        "further": names_of(further_options), "earlier": earlier,
        "valid_from": lambda moment: show_value(moment) if moment else _("一直有效"),
    }
    fixed = frozenset({"series_code", "target_level"})
    fields: ClassVar[dict[str, Any]] = {
        "series_code": fields.choice(_l("系列"), series_options, first=_l("请选择")),
        "target_level": fields.choice(_l("目标级别"), target_options, first=_l("请选择")),
        "education_any_of": fields.several(
            _l("学历、资格（其中之一）"), qualification_options, hint=_l("勾选最低的即可，更高的自动算符合；同级的学历和学位分别勾选。")
        ),
        "required_current_level": fields.choice(_l("现职称级别"), level_options, hint=_l("不要求的选“无职称”。"), first=_l("请选择")),
        "min_years": fields.number(
            _l("年限"), 0, 50, hint=_l("从取得现职称算起；不要求现职称的，从参加本专业工作或取得技能证书算起。")
        ),
        "further": fields.several(_l("另外要求"), further_options, required=False),
        "note": fields.text(_l("说明"), 200, required=False),
        "source": fields.text(_l("依据"), 200, hint=_l("文件名称和文号。")),
        "position": POSITION,
        "retired": RETIRED,
    }

    def save(self, item: EligibilityRule, form: Any) -> None:
        try:
            services.keep(db.session, item, now=business_now())
        except services.BadRule as error:
            raise Refusal(sentence(error)) from error
