"""首页: what the person has to do, what is under way, and all that can be done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.announcements.models import Announcement, AnnouncementKind
from app.applications import checklist, choosing, queries, wording
from app.applications.models import Application
from app.applications.views import todos
from app.applications.views.base import ApplicantView
from app.days import BEIJING
from app.extensions import business_now, db
from app.web.scoping import current_person
from app.web.theme import link
from app.workflow.states import EDITABLE, FINAL, State

SHOWN_EDITABLE = 2
NOTICES = 5


def bottom_bar() -> list[tuple[str, str, str]]:
    """The bar that phones show an applicant; asks the database nothing."""
    entries = [
        (_("首页"), "home", link("MyHomeView.home")),
        (_("填报"), "edit", link("MyHomeView.fill")),
        (_("进度"), "timeline", link("MyHomeView.latest")),
        (_("证书"), "certificate", link("MyCertificatesView.mine")),
        (_("我的"), "user", link("AccountView.profile")),
    ]
    return [entry for entry in entries if entry[2]]


class MyHomeView(ApplicantView):
    default_view = "home"

    @expose("/")
    @has_access
    @permission_name("home")
    def home(self) -> Any:
        now, person = business_now(), current_person()
        applications = queries.of_person(db.session, person.id)
        lists = {
            each.id: checklist.read(db.session, each, now=now)
            for each in [row for row in applications if row.state in EDITABLE][:SHOWN_EDITABLE]
        }
        current = [row for row in applications if row.state not in FINAL and row.state is not State.CERTIFIED]
        return self.page(
            "my/home.html",
            title=_("首页"),
            person=person,
            greeting=_greeting(now),
            todos=todos.of(db.session, person, applications, lists, now),
            may_start=bool(choosing.free_years(db.session, applications, now=now)),
            why_not=_why_not(applications, now),
            current=current,
            closed=[row for row in applications if row not in current],
            lists=lists,
            services=services(),
            notices=_announcements(AnnouncementKind.NOTICE, now),
            conditions=_announcements(AnnouncementKind.CONDITIONS, now),
            words=wording,
        )

    @expose("/fill/")
    @has_access
    @permission_name("home")
    def fill(self) -> Any:
        """To where the person goes on filling in, or to the start."""
        found = next((row for row in _own() if row.state in EDITABLE), None)
        if found is None:
            return redirect(url_for("ApplyView.notice"))
        return redirect(url_for("TasksView.tasks", number=found.number))

    @expose("/progress/")
    @has_access
    @permission_name("home")
    def latest(self) -> Any:
        """To the progress of the newest application."""
        found = next((row for row in _own() if row.state is not State.CANCELLED), None)
        if found is None:
            return redirect(url_for("MyHomeView.home"))
        return redirect(url_for("ProgressView.progress", number=found.number))


def _why_not(applications: Sequence[Application], now: datetime) -> str:
    """Why no application can be started although none is under way."""
    year = now.astimezone(BEIJING).year
    if standing := next((row for row in applications if row.year == year and row.state is not State.CANCELLED), None):
        return _("本年度您已申报过（编号 %(number)s），一年只能申报一次，下一年度受理时可以再申报。", number=standing.number)
    return _("现在没有正在受理的评审会。开始受理时，通知公告会公布。")


def _own() -> list[Application]:
    return queries.of_person(db.session, current_person().id)


def _greeting(now: datetime) -> str:
    hour = now.astimezone(BEIJING).hour
    return (
        _("早上好")
        if 5 <= hour < 11
        else _("中午好")
        if hour < 13
        else _("下午好")
        if hour < 18
        else _("晚上好")
    )


def services() -> list[tuple[str, str, str, str]]:
    """(name, what for, icon, address) of the seven services; one without an address is not open yet."""
    return [
        (_("职称申报"), _("申报评审正高、副高、中级、初级"), "writing", link("ApplyView.notice")),
        (_("职称认定"), _("大中专毕业生初次认定"), "school", link("RecognitionView.start")),
        (_("重新确认"), _("外地调入、军转人员确认职称"), "rosette-discount-check", link("ReconfirmationView.start")),
        (_("遗失补办"), _("证书遗失或损毁，补办新证"), "file-search", link("ReplacementView.start")),
        (_("注册登记"), _("考试取得的资格登记入库"), "clipboard-list", link("EnrolmentView.start")),
        (_("证书打印"), _("下载、打印电子证书"), "printer", link("MyCertificatesView.mine")),
        (_("单位调整"), _("换单位，凭新单位秘钥加入"), "arrows-exchange", link("UnitChangeView.change")),
    ]  # fmt: skip


def _announcements(kind: AnnouncementKind, now: datetime) -> list[Any]:
    """The newest published texts, without their bodies."""
    query = (
        sa.select(Announcement.id, Announcement.title, Announcement.published_at)
        .where(Announcement.kind == kind, Announcement.published_at <= now)
        .order_by(Announcement.pinned.desc(), Announcement.published_at.desc())
        .limit(NOTICES)
    )
    return list(db.session.execute(query))
