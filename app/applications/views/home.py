"""首页: what the person has to do, what is under way, and all that can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.announcements.models import Announcement, AnnouncementKind
from app.applications import checklist, queries, wording
from app.applications.checklist import Checklist
from app.applications.facts import deadline_of
from app.applications.models import Application
from app.applications.views.base import ApplicantView
from app.days import BEIJING
from app.extensions import business_now, db
from app.web.scoping import current_person
from app.web.theme import link
from app.workflow.states import EDITABLE, FINAL, State

CLOSING_SOON = timedelta(days=7)
SHOWN_EDITABLE = 2
NOTICES = 5


@dataclass(frozen=True)
class ToDo:
    """One thing the person must do. `rank` orders: sent back, to pay, closing soon, the rest."""

    rank: int
    tone: str
    icon: str
    title: str
    text: str
    due: str
    href: str
    button: str


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
        notices = _announcements(AnnouncementKind.NOTICE, now)
        return self.page(
            "my/home.html",
            title=_("首页"),
            person=person,
            greeting=_greeting(now),
            todos=sorted(
                (todo for row in applications for todo in _todos(row, lists.get(row.id), now)),
                key=lambda todo: todo.rank,
            ),
            current=[row for row in applications if row.state not in FINAL],
            closed=[row for row in applications if row.state in FINAL],
            lists=lists,
            services=services(),
            notices=notices,
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


def _todos(application: Application, whole: Checklist | None, now: datetime) -> list[ToDo]:
    name = _("%(title)s（%(number)s）", title=application.title_name, number=application.number)
    if application.state is State.AWAITING_PAYMENT:
        pay = link("PaymentView.pay", number=application.number)
        amount = f"{application.fee_fen / 100:.2f}".removesuffix(".00")
        return [
            ToDo(
                1,
                "warn",
                "qrcode",
                _("请缴评审费 %(amount)s 元", amount=amount),
                _("%(name)s 审核已通过。", name=name),
                _payment_due(application, now),
                pay or _progress(application),
                _("去缴费"),
            )
        ]
    if application.state is State.CERTIFIED and link("MyCertificatesView.mine"):
        return [
            ToDo(4, "ok", "certificate", _("职称证书已发放"), _("%(name)s 可以下载、打印电子证书。", name=name), "",
                 link("MyCertificatesView.mine"), _("打印证书"))
        ]  # fmt: skip
    if application.state is State.LAPSED:
        return [
            ToDo(1, "danger", "alert-circle", _("逾期未缴费"), wording.next_step(application), "",
                 _progress(application), _("查看进度"))
        ]  # fmt: skip
    if application.state not in EDITABLE:
        return []
    until = deadline_of(db.session, application)
    due, tasks = wording.deadline(until, now), url_for("TasksView.tasks", number=application.number)
    if application.state is State.RETURNED:
        named = [each for each in whole.sections if each.waiting and each.returned] if whole else []
        title = (
            _("材料已退回，请修改 %(count)d 处", count=len(named))
            if named
            else _("材料已退回，请修改后重新提交")
        )
        text = (
            " ".join(_("%(section)s：%(reason)s", section=_(each.section.name), reason=each.returned.reason)
                     for each in named)
            or name
        )
        return [ToDo(0, "danger", "arrow-back-up", title, text, due, tasks, _("去修改"))]
    soon = until - now <= CLOSING_SOON
    text = (
        _("%(name)s 已完成 %(done)d 项，还差 %(left)d 项。", name=name, done=whole.done, left=whole.left)
        if (whole)
        else name
    )
    ready = whole is not None and whole.complete
    return [
        ToDo(2 if soon else 3, "warn" if soon else "info", "clipboard-check" if ready else "edit",
             _("材料已填好，请提交到单位") if ready else _("继续填写职称申报"), text, due,
             url_for("CheckView.check", number=application.number) if ready else tasks,
             _("去提交") if ready else _("继续填写"))
    ]  # fmt: skip


def _payment_due(application: Application, now: datetime) -> str:
    """Until when, in words; the payments know it."""
    until = current_app.extensions["payment_due"](db.session, application)
    return wording.deadline(until, now) if until else ""


def _progress(application: Application) -> str:
    return url_for("ProgressView.progress", number=application.number)


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
