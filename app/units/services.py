"""A unit registers, tries again after a refusal, and is approved or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.accounts import places, sessions
from app.accounts.creating import HASH_METHOD, create_account
from app.accounts.models import Person
from app.accounts.phones import mask_phone
from app.accounts.places import Place
from app.accounts.roles import Role
from app.audit.services import record
from app.files.services import Owner, Taken, give
from app.messages.services import send_sms
from app.review_bodies.models import ReviewBody
from app.units import queries
from app.units.models import Unit, UnitStatus
from app.workflow.actor import Actor

PAPERS = ("certificate", "pledge")  # 单位注册证件扫描件, 承诺书


@dataclass(frozen=True)
class UnitDetails:
    """What a unit says of itself; codes of the catalogue, `uscc` normalised and checked."""

    name: str
    uscc: str
    division_code: str
    level_code: str
    nature_code: str
    contact_name: str
    contact_phone: str


@dataclass(frozen=True)
class NewAccount:
    login_name: str
    password: str


class UnitExists(Exception):
    """The code belongs to a registered unit already; `unit` has a contact to ask."""

    def __init__(self, unit: Unit) -> None:
        super().__init__(unit.id)
        self.unit = unit


class LoginNameTaken(Exception):
    """Somebody else logs in with this name."""


class PapersMissing(Exception):
    """`kinds` of PAPERS were not uploaded."""

    def __init__(self, kinds: list[str]) -> None:
        super().__init__(", ".join(kinds))
        self.kinds = kinds


class AlreadyDecided(Exception):
    """Somebody has approved or refused the unit in the meantime."""


def check_free(session: Session, uscc: str, login_name: str = "", *, own: Unit | None = None) -> None:
    """Raises UnitExists or LoginNameTaken; `own` is the unit that may have the code."""
    holder = queries.by_uscc(session, uscc)
    if holder is not None and holder is not own:
        raise UnitExists(holder)
    if login_name and session.scalar(sa.select(User.id).where(sa.func.lower(User.username) == login_name.lower())):
        raise LoginNameTaken


def register(
    session: Session,
    *,
    details: UnitDetails,
    account: NewAccount,
    papers: Mapping[str, Taken],
    now: datetime,
    place: Place | None = None,
    hash_method: str = HASH_METHOD,
) -> Unit:
    """A unit that waits for approval, with its first account (单位管理员), to whom the `place` is a usual one. Raises
    UnitExists, LoginNameTaken, PapersMissing; two at once: IntegrityError at flush, after which `check_free` says which."""
    check_free(session, details.uscc, account.login_name)
    _require(papers, PAPERS)
    unit = Unit(status=UnitStatus.PENDING, created_at=now)
    _describe(unit, details)
    session.add(unit)
    session.flush()
    person = create_account(
        session,
        name=details.contact_name,
        password=account.password,
        roles=[Role.UNIT_ADMIN],
        login_name=account.login_name,
        phone=details.contact_phone,
        unit_id=unit.id,
        now=now,
        hash_method=hash_method,
    )
    if place is not None:
        places.learn(session, person, place, now=datetime.now(UTC))  # the machine's time, as with sessions
    _file(session, unit, papers, uploaded_by_id=person.id, now=now)
    record(session, None, "register", "unit", unit.id, now=now, address=place.address if place else "")
    return unit


def resubmit(
    session: Session, unit: Unit, actor: Actor, *, details: UnitDetails, papers: Mapping[str, Taken], now: datetime
) -> None:
    """A refused unit corrects its data and waits again; papers that are not given stay. Raises UnitExists,
    AlreadyDecided (not refused)."""
    check_free(session, details.uscc, own=unit)
    _decide(session, unit, UnitStatus.REFUSED, UnitStatus.PENDING)
    _describe(unit, details)
    _file(session, unit, papers, uploaded_by_id=actor.person_id, now=now)
    record(session, actor, "resubmit", "unit", unit.id, now=now)


def approve(session: Session, unit: Unit, actor: Actor, *, reports_to: ReviewBody, now: datetime) -> None:
    """The unit may work from now on and reports to `reports_to`. Raises AlreadyDecided."""
    _decide(
        session, unit, UnitStatus.PENDING, UnitStatus.APPROVED, reports_to_id=reports_to.id, refusal_reason="",
        decided_at=now, decided_by_id=actor.person_id,
    )  # fmt: skip
    record(session, actor, "approve", "unit", unit.id, now=now, body=reports_to.id)
    _tell(session, unit, "UNIT_APPROVED", now)


def refuse(session: Session, unit: Unit, actor: Actor, *, reason: str, now: datetime) -> None:
    """The unit reads the reason and may try again. Raises AlreadyDecided."""
    _decide(
        session, unit, UnitStatus.PENDING, UnitStatus.REFUSED, refusal_reason=reason, decided_at=now,
        decided_by_id=actor.person_id,
    )  # fmt: skip
    record(session, actor, "refuse", "unit", unit.id, now=now)
    _tell(session, unit, "UNIT_DENIED", now, reason=reason)


def amend(
    session: Session, unit: Unit, actor: Actor, *, name: str, uscc: str, reports_to: ReviewBody, now: datetime
) -> None:
    """The office corrects what a unit cannot change itself: its name and code, and where it reports. Applications under
    way keep their route. Raises UnitExists."""
    check_free(session, uscc, own=unit)
    changed = [
        field
        for field, old, new in (
            ("name", unit.name, name), ("uscc", unit.uscc, uscc), ("reports_to", unit.reports_to_id, reports_to.id),
        )
        if old != new
    ]  # fmt: skip
    unit.name, unit.uscc, unit.reports_to_id = name, uscc, reports_to.id
    record(session, actor, "amend", "unit", unit.id, now=now, fields=changed)


def replace_admin(
    session: Session, unit: Unit, actor: Actor, *, name: str, phone: str, account: NewAccount, now: datetime,
    hash_method: str = HASH_METHOD,
) -> Person:  # fmt: skip
    """A new 单位管理员 in place of those who left: their accounts are turned off and logged out; operators stay. Raises
    LoginNameTaken."""
    check_free(session, "", account.login_name)
    earlier = [
        person
        for person in queries.operators(session, unit.id)
        if person.user.active and Role.UNIT_ADMIN.value in {role.name for role in person.user.roles}
    ]
    for person in earlier:
        person.user.active = False
        # sessions keep the machine's time, not the business clock's
        sessions.end_all(session, person, reason="roles", now=datetime.now(UTC))
    fresh = create_account(
        session, name=name, password=account.password, roles=[Role.UNIT_ADMIN], login_name=account.login_name,
        phone=phone, unit_id=unit.id, now=now, hash_method=hash_method,
    )  # fmt: skip
    record(
        session, actor, "replace_admin", "unit", unit.id, now=now, to=fresh.id, off=[person.id for person in earlier]
    )
    return fresh


def _require(papers: Mapping[str, Taken], kinds: tuple[str, ...]) -> None:
    missing = [kind for kind in kinds if kind not in papers]
    if missing:
        raise PapersMissing(missing)


def _describe(unit: Unit, details: UnitDetails) -> None:
    unit.name, unit.uscc = details.name, details.uscc
    unit.division_code, unit.level_code, unit.nature_code = (
        details.division_code, details.level_code, details.nature_code,
    )  # fmt: skip
    unit.contact_name = details.contact_name
    unit.contact_phone, unit.contact_phone_masked = details.contact_phone, mask_phone(details.contact_phone)


def _file(
    session: Session, unit: Unit, papers: Mapping[str, Taken], *, uploaded_by_id: int | None, now: datetime
) -> None:
    replaced = queries.files_of(session, unit)
    for kind in PAPERS:
        if kind not in papers:
            continue
        row = give(
            session, papers[kind], kind=kind, owner=Owner(unit_id=unit.id), uploaded_by_id=uploaded_by_id, now=now
        )
        if kind in replaced:
            replaced[kind].replaced_at = now
        if kind == "certificate":
            unit.certificate_file_id = row.id
        else:
            unit.pledge_file_id = row.id


def _decide(session: Session, unit: Unit, old: UnitStatus, new: UnitStatus, **values: object) -> None:
    """Only one of two who decide at once gets through."""
    done = session.execute(
        sa.update(Unit).where(Unit.id == unit.id, Unit.status == old).values(status=new, **values)
    )
    if done.rowcount != 1:
        raise AlreadyDecided(unit.id)
    session.refresh(unit, ["status", "reports_to_id", "refusal_reason", "decided_at"])


def _tell(session: Session, unit: Unit, template: str, now: datetime, **values: object) -> None:
    if not unit.contact_phone:
        return
    admin = session.scalar(sa.select(Person.id).where(Person.unit_id == unit.id, Person.kind == "unit").limit(1))
    send_sms(
        session, template=template, phone=unit.contact_phone, now=now, person_id=admin, unit=unit.name, **values
    )
