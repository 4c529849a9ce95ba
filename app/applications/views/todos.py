"""待办 on the home page: what the person must do or should know, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications import neighbours, queries, wording
from app.applications.checklist import Checklist
from app.applications.facts import deadline_of
from app.applications.models import Application
from app.web.theme import link
from app.workflow.actions import Action
from app.workflow.states import EDITABLE, State

CLOSING_SOON = timedelta(days=7)
NEWS = timedelta(days=14)


@dataclass(frozen=True)
class ToDo:
    """One thing to do or to know. `rank` orders: sent back, to pay, to join a unit or closing soon, news, the rest."""

    rank: int
    tone: str
    icon: str
    title: str
    text: str
    due: str
    href: str
    button: str


def of(
    session: Session, person: Person, applications: Sequence[Application], lists: Mapping[int, Checklist], now: datetime
) -> list[ToDo]:
    """Everything that waits for the person; `lists` has the checklists of applications that can be edited."""
    found = [*_unit(person), *_news(session, [row for row in applications if row.submitted_at], now)]
    for row in applications:
        if row.state in EDITABLE:
            found.append(_editable(session, row, lists.get(row.id), now))
        elif row.state in MAKERS:
            found.append(MAKERS[row.state](session, row, now))
    return sorted(found, key=lambda todo: todo.rank)


def _name(application: Application) -> str:
    return _("%(title)s（%(number)s）", title=application.title_name, number=application.number)


def _progress(application: Application) -> str:
    return url_for("ProgressView.progress", number=application.number)


def _unit(person: Person) -> Iterable[ToDo]:
    if person.unit is None and (join := link("UnitChangeView.change")):
        yield ToDo(
            2, "warn", "building", _("您还没有加入单位"),
            _("申报须由单位审核、推荐。请向单位人事部门要 16 位机构秘钥，输入后马上加入；没有加入也可以先填写。"), "",
            join, _("输入机构秘钥"),
        )  # fmt: skip


def _to_pay(session: Session, application: Application, now: datetime) -> ToDo:
    amount = f"{application.fee_fen / 100:.2f}".removesuffix(".00")
    until = neighbours.current().payment_due(session, application)
    return ToDo(
        1, "warn", "qrcode", _("请缴评审费 %(amount)s 元", amount=amount),
        _("%(name)s 审核已通过。", name=_name(application)), wording.deadline(until, now) if until else "",
        link("PaymentView.pay", number=application.number) or _progress(application), _("去缴费"),
    )  # fmt: skip


def _lapsed(session: Session, application: Application, now: datetime) -> ToDo:
    return ToDo(
        1, "danger", "alert-circle", _("逾期未缴费"), wording.next_step(application), "", _progress(application),
        _("查看进度"),
    )  # fmt: skip


def _certified(session: Session, application: Application, now: datetime) -> ToDo:
    return ToDo(
        5, "ok", "certificate", _("职称证书已发放"),
        _("%(name)s 可以下载、打印电子证书。", name=_name(application)), "",
        link("MyCertificatesView.mine") or _progress(application), _("打印证书"),
    )  # fmt: skip


MAKERS = {State.AWAITING_PAYMENT: _to_pay, State.LAPSED: _lapsed, State.CERTIFIED: _certified}


def _editable(session: Session, application: Application, whole: Checklist | None, now: datetime) -> ToDo:
    until = deadline_of(session, application)
    due, tasks = wording.deadline(until, now), url_for("TasksView.tasks", number=application.number)
    if until < now:
        return ToDo(
            4, "plain", "clock", _("申报已截止，没有提交"),
            _("%(name)s 不能再提交，填写的内容仍可查看。", name=_name(application)), due, tasks, _("查看"),
        )  # fmt: skip
    if application.state is State.RETURNED:
        return _returned(application, whole, due, tasks)
    ready = whole is not None and whole.complete
    text = (
        _("%(name)s 已完成 %(done)d 项，还差 %(left)d 项。", name=_name(application), done=whole.done, left=whole.left)
        if whole
        else _name(application)
    )
    soon = until - now <= CLOSING_SOON
    return ToDo(
        2 if soon else 4, "warn" if soon else "info", "clipboard-check" if ready else "edit",
        _("材料已填好，请提交到单位") if ready else _("继续填写职称申报"), text, due,
        url_for("CheckView.check", number=application.number) if ready else tasks,
        _("去提交") if ready else _("继续填写"),
    )  # fmt: skip


def _returned(application: Application, whole: Checklist | None, due: str, tasks: str) -> ToDo:
    waiting = [each.returned for each in whole.sections if each.waiting and each.returned] if whole else []
    granted = whole is not None and whole.returned_by is not None and whole.returned_by.action is Action.GRANT_RETURN
    if waiting:
        title = _("材料已退回，请修改 %(count)d 处", count=len(waiting))
    elif granted:
        title = _("单位已同意退还，请修改后重新提交")
    else:
        title = _("材料已退回，请修改后重新提交")
    text = wording.reasons(waiting) or _name(application)
    return ToDo(0, "danger", "arrow-back-up", title, text, due, tasks, _("去修改"))


def _news(session: Session, applications: Sequence[Application], now: datetime) -> Iterable[ToDo]:
    """Answers that came within NEWS: to a request for return or withdrawal, and to objections."""
    by_id, since = {row.id: row for row in applications}, now - NEWS
    if not by_id:
        return
    for row in queries.declined_returns(session, list(by_id), since):
        yield _answer(by_id[row.application_id], "warn", _("单位不同意退还"), row.reason)
    for asked in queries.answered_withdrawals(session, list(by_id), since):
        yield _answer(
            by_id[asked.application_id], "info" if asked.granted else "warn",
            _("评审机构同意撤回申报") if asked.granted else _("评审机构不同意撤回申报"), asked.answer,
        )  # fmt: skip
    for each in neighbours.current().objections_answered(session, list(by_id), since):
        yield _answer(
            by_id[each.application_id], "danger" if each.upheld else "info",
            _("公示期间的异议成立") if each.upheld else _("公示期间的异议不成立"),
            _("经核查，对您的异议成立，处理结果见进度。") if each.upheld else _("经核查，对您的异议不成立，申报继续办理。"),
        )  # fmt: skip


def _answer(application: Application, tone: str, title: str, text: str) -> ToDo:
    said = _("%(name)s：%(text)s", name=_name(application), text=text)
    return ToDo(3, tone, "message-2", title, said if text else _name(application), "", _progress(application), _("查看进度"))
