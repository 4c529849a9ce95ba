"""通知公告与评审条件 as the office keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.announcements.models import Announcement, AnnouncementKind
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_choices, code_name
from app.days import BEIJING
from app.extensions import business_now, db
from app.web.fields import MomentField
from app.web.reference import ReferenceView, Refusal
from app.web.rows import GridRows
from app.workflow.actor import Actor
from app.workflow.states import Party

KIND_NAMES = {AnnouncementKind.NOTICE: _l("通知公告"), AnnouncementKind.CONDITIONS: _l("评审条件")}


def visible_to(actor: Actor) -> Any:
    """The office keeps all of them."""
    return sa.true() if actor.party is Party.OFFICE else sa.false()


class CodeField(SelectField):
    """One code of a list of the catalogue, or none."""

    def __init__(self, label: Any, kind: CodeList, **kwargs: Any) -> None:
        def offered() -> list[tuple[str, Any]]:
            return [("", _("不限")), *((each.code, each.name) for each in code_choices(db.session, kind))]

        super().__init__(label, choices=offered, coerce=lambda code: code or None, **kwargs)


def stage(moment: datetime | None) -> Markup:
    """草稿, the moment of publication, or the moment to come."""
    if moment is None:
        return Markup('<span class="badge badge--plain">{}</span>').format(_("草稿"))
    shown = moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
    if moment > business_now():
        return Markup('{} <span class="badge badge--info">{}</span>').format(shown, _("待发布"))
    return Markup("{}").format(shown)


FIELDS = {
    "kind": SelectField(
        _l("类别"), choices=[(kind.value, name) for kind, name in KIND_NAMES.items()], validators=[InputRequired()]
    ),
    "body": TextAreaField(
        _l("正文"),
        description=_l("纯文本，空一行另起一段；以“一、”开头的独立一行显示为小标题"),
        validators=[DataRequired(message=_l("请填写正文。")), Length(max=50_000, message=_l("正文不超过 5 万字。"))],
    ),
    "series_code": CodeField(_l("系列"), CodeList.TITLE_SERIES, description=_l("评审条件须选系列")),
    "level_code": CodeField(_l("级别"), CodeList.TITLE_LEVEL),
    "pinned": BooleanField(_l("置顶")),  # FAB would demand a tick for a column that may not be null
    "published_at": MomentField(
        _l("发布时间"), [Optional()], description=_l("不填是草稿，不公开；可填将来的时间，到时自动公开")
    ),
}


class AnnouncementGrid(ReferenceView):
    route_base = "/announcements"
    datamodel = GridRows(Announcement)
    scope = staticmethod(visible_to)
    list_title, add_title, edit_title, show_title = _l("公告与评审条件"), _l("新增公告"), _l("修改公告"), _l("公告")
    base_permissions = ["can_list", "can_add", "can_edit"]
    exclude_route_methods = {"download", "delete", "show", "action", "action_post"}
    list_columns = ["title", "kind", "series_code", "pinned", "published_at"]
    mobile_columns = ("kind", "published_at")
    label_columns = {
        "title": _l("标题"), "kind": _l("类别"), "body": _l("正文"), "series_code": _l("系列"), "level_code": _l("级别"),
        "pinned": _l("置顶"), "published_at": _l("发布时间"),
    }  # fmt: skip
    formatters_columns = {
        "kind": lambda kind: KIND_NAMES[kind],
        "series_code": lambda code: code_name(db.session, CodeList.TITLE_SERIES, code) if code else "—",
        "published_at": stage,
    }
    search_columns = ["title", "kind", "published_at"]
    search_form_extra_fields = {"kind": SelectField(_l("类别"))}  # FAB's own field fails for enums stored by value
    choices = {"kind": lambda: [(kind.value, name) for kind, name in KIND_NAMES.items()]}
    order_columns = ["id"]
    add_columns = edit_columns = ["kind", "title", "body", "series_code", "level_code", "pinned", "published_at"]
    show_columns = add_columns
    validators_columns = {"title": [DataRequired(message=_l("请填写标题。"))]}
    add_form_extra_fields = edit_form_extra_fields = FIELDS

    def save(self, item: Any, form: Any) -> None:
        item.kind = AnnouncementKind(item.kind)
        if item.kind is AnnouncementKind.CONDITIONS and not item.series_code:
            raise Refusal(_("评审条件要选择系列，请选好再保存。"))
        item.created_at = item.created_at or business_now()

    def row_link(self, row: Any) -> str:
        return url_for("AnnouncementGrid.edit", pk=row.id)
