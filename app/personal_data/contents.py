"""What is stored about an applicant, topic by topic, in words: the same for the page and for the copy to take away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session, joinedload

from app.accounts.devices import device_words
from app.accounts.models import Consent, LoginSession, Person
from app.applications.models import Application, LibraryRow
from app.applications.sections.portable import library_sections
from app.applications.wording import state_name
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_name
from app.certificates.queries import of_person
from app.certificates.wording import STATUS_NAMES as CERTIFICATE_STATES
from app.files.models import StoredFile
from app.files.wording import size_words
from app.identities.models import CHANGE_STATES, RECOVERY_STATES, IdentityChange, PhoneRecovery
from app.messages.models import Message
from app.payments.models import FeeOrder
from app.payments.wording import STATUS_NAMES as FEE_STATES
from app.web.theme import show_value

Rows = list[tuple[Any, Any]]
GENDERS = {"1": _l("男"), "2": _l("女")}
LOGINS_ON_THE_PAGE = 10


@dataclass(frozen=True)
class Topic:
    """One card of the page: rows of (label, value), each value with its own line; `none` when there are no rows."""

    title: Any
    icon: str
    rows: Rows
    none: Any = ""


def topics(session: Session, person: Person, *, full: bool) -> list[Topic]:
    """Everything by topic. `full` shows the numbers whole and every log-in; otherwise they are masked, and the last
    log-ins stand for all. The person's unit must be loaded."""
    return [Topic(title, icon, rows(session, person, full), none) for title, icon, rows, none in TOPICS]


def _registration(session: Session, person: Person, full: bool) -> Rows:
    return [
        (_("姓名"), person.name),
        (_("证件类型"), code_name(session, CodeList.ID_TYPE, person.id_type or "")),
        (_("证件号码"), person.id_no if full else person.id_no_masked),
        (_("手机号"), person.phone if full else person.phone_masked),
        (_("性别"), GENDERS.get(person.gender or "", "")),
        (_("出生日期"), person.birth_date),
        (_("注册时间"), person.created_at),
        (_("所在单位"), person.unit.name if person.unit else _("没有加入单位")),
        (_("加入单位的时间"), person.joined_unit_at),
    ]


def _consents(session: Session, person: Person, full: bool) -> Rows:
    given = session.scalars(sa.select(Consent).where(Consent.person_id == person.id).order_by(Consent.id))
    rows: Rows = [
        (
            _("个人信息处理说明，第 %(version)s 版", version=each.version),
            _("%(time)s 同意", time=show_value(each.given_at))
            + (_("，%(time)s 撤回", time=show_value(each.withdrawn_at)) if each.withdrawn_at else ""),
        )
        for each in given
    ]
    pledges = session.scalars(_own(person))
    return rows + [
        (
            _("评审承诺书（%(number)s），第 %(version)s 版", number=row.number, version=row.pledge_version),
            _("%(time)s 同意", time=show_value(row.pledge_at)),
        )
        for row in pledges
    ]


def _own(person: Person) -> Any:
    return sa.select(Application).where(Application.applicant_id == person.id).order_by(Application.id)


def _applications(session: Session, person: Person, full: bool) -> Rows:
    counted = {
        number: (count, size)
        for number, count, size in session.execute(
            sa.select(StoredFile.application_id, sa.func.count(), sa.func.sum(StoredFile.size))
            .where(StoredFile.application_id.in_(_own(person).with_only_columns(Application.id).order_by(None)))
            .group_by(StoredFile.application_id)
        )
    }
    rows: Rows = []
    for row in session.scalars(_own(person).options(joinedload(Application.unit))):
        count, size = counted.get(row.id, (0, 0))
        said = _("%(title)s，%(year)s 年，%(state)s", title=row.title_name, year=row.year, state=state_name(row))
        files = _("文件 %(count)s 个，共 %(size)s", count=count, size=size_words(size)) if count else _("没有文件")
        rows.append((row.number, _("%(said)s；%(files)s", said=said, files=files)))
    return rows


def _library(session: Session, person: Person, full: bool) -> Rows:
    counted = dict(
        session.execute(
            sa.select(LibraryRow.section, sa.func.count())
            .where(LibraryRow.person_id == person.id, LibraryRow.deleted_at.is_(None))
            .group_by(LibraryRow.section)
        ).all()
    )
    return [
        (_(section.name), _("%(n)s 条", n=counted[section.code])) for section in library_sections() if section.code in counted
    ]


def _certificates(session: Session, person: Person, full: bool) -> Rows:
    return [
        (row.number, _("%(title)s，%(date)s 取得，%(state)s", title=row.title_name, date=row.obtained_on,
                       state=CERTIFICATE_STATES[row.status]))
        for row in of_person(session, person.id)
    ]  # fmt: skip


def _fees(session: Session, person: Person, full: bool) -> Rows:
    mine = _own(person).with_only_columns(Application.id).order_by(None)
    orders = session.scalars(sa.select(FeeOrder).where(FeeOrder.application_id.in_(mine)).order_by(FeeOrder.id))
    return [
        (row.number, _("%(yuan)s 元，%(state)s", yuan=row.yuan, state=FEE_STATES[row.status]))
        for row in orders
    ]


def _requests(session: Session, person: Person, full: bool) -> Rows:
    changes = session.scalars(sa.select(IdentityChange).where(IdentityChange.person_id == person.id))
    recoveries = session.scalars(sa.select(PhoneRecovery).where(PhoneRecovery.person_id == person.id))
    return [
        *((show_value(row.asked_at), _("修改姓名和证件：%(state)s", state=_(CHANGE_STATES[row.state][0]))) for row in changes),
        *(
            (show_value(row.started_at), _("手机找回：%(state)s", state=_(RECOVERY_STATES[row.state][0])))
            for row in recoveries
        ),
    ]


def _messages(session: Session, person: Person, full: bool) -> Rows:
    counted = sa.select(sa.func.count(Message.id)).where(Message.person_id == person.id)
    count = session.scalar(counted) or 0
    return [(_("站内消息和短信"), _("%(count)s 条", count=count))] if count else []


def _logins(session: Session, person: Person, full: bool) -> Rows:
    query = sa.select(LoginSession).where(LoginSession.person_id == person.id).order_by(LoginSession.id.desc())
    found = session.scalars(query if full else query.limit(LOGINS_ON_THE_PAGE))
    return [(show_value(row.created_at), f"{device_words(row.agent)}　{row.address}") for row in found]


TOPICS: Sequence[tuple[Any, str, Callable[[Session, Person, bool], Rows], Any]] = (
    (_l("注册信息"), "user", _registration, ""),
    (_l("同意记录"), "signature", _consents, _l("没有记录")),
    (_l("申报"), "file-certificate", _applications, _l("没有申报")),
    (_l("我的资料库"), "folder-open", _library, _l("没有存入内容")),
    (_l("证书"), "award", _certificates, _l("没有证书")),
    (_l("缴费"), "cash", _fees, _l("没有缴费记录")),
    (_l("身份变更和手机找回"), "id", _requests, _l("没有申请过")),
    (_l("消息"), "mail", _messages, _l("没有消息")),
    (_l("登录记录"), "clock", _logins, ""),
)
