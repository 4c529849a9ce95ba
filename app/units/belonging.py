"""What an approved unit does about itself: its key, its data and seal, the people and operators who belong to it."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts import administration, sessions
from app.accounts.creating import HASH_METHOD, create_account
from app.accounts.models import Person
from app.accounts.passwords import fresh_password
from app.accounts.phones import mask_phone
from app.accounts.roles import Role
from app.audit.services import record
from app.files.services import Owner, Taken, give
from app.units import queries
from app.units.keys import key_digest, new_key
from app.units.models import Unit
from app.units.services import check_free
from app.workflow.actor import Actor


class OwnAccount(Exception):
    """Nobody turns the own account off: somebody must be left who can log in."""


def generate_key(session: Session, unit: Unit, actor: Actor, *, now: datetime) -> str:
    """A new key for the unit: the old one stops working at once, members stay. Returns it."""
    fresh = new_key()
    unit.key, unit.key_digest, unit.key_generated_at = fresh, key_digest(fresh), now
    record(session, actor, "generate_key", "unit", unit.id, now=now)
    return fresh


def change_contact(
    session: Session, unit: Unit, actor: Actor, *, contact_name: str, contact_phone: str, level_code: str,
    nature_code: str, now: datetime,
) -> None:  # fmt: skip
    """What a unit may change itself; name and code go through the office. An empty `contact_phone` keeps the old one."""
    unit.contact_name, unit.level_code, unit.nature_code = contact_name, level_code, nature_code
    if contact_phone:
        unit.contact_phone, unit.contact_phone_masked = contact_phone, mask_phone(contact_phone)
    record(session, actor, "change_contact", "unit", unit.id, now=now, phone_changed=bool(contact_phone))


def set_seal(session: Session, unit: Unit, actor: Actor, *, picture: Taken, now: datetime) -> None:
    """The picture of the seal (a cleaned PNG) that the unit's PDFs carry from now on; the old one is kept for those that
    were made with it."""
    earlier = queries.files_of(session, unit).get("seal")
    row = give(
        session, picture, kind="seal", owner=Owner(unit_id=unit.id), uploaded_by_id=actor.person_id, now=now
    )
    if earlier is not None:
        earlier.replaced_at = now
    unit.seal_file_id = row.id
    record(session, actor, "set_seal", "unit", unit.id, now=now, file=row.id)


def reveal(session: Session, person: Person, actor: Actor, *, now: datetime) -> tuple[str, str]:
    """(phone, ID number) in full, and the look is recorded."""
    record(session, actor, "reveal", "person", person.id, now=now, fields=["phone", "id_no"])
    return person.phone or "", person.id_no or ""


def remove_member(session: Session, person: Person, actor: Actor, *, now: datetime) -> None:
    """The person belongs to no unit any more; what was submitted stays where it is."""
    unit_id, person.unit_id, person.joined_unit_at = person.unit_id, None, None
    record(session, actor, "remove_member", "person", person.id, now=now, unit=unit_id)


def add_operator(
    session: Session, unit: Unit, actor: Actor, *, name: str, login_name: str, phone: str, password: str,
    now: datetime, hash_method: str = HASH_METHOD,
) -> Person:  # fmt: skip
    """A further 经办人 of the unit. Raises LoginNameTaken."""
    check_free(session, "", login_name)
    person = create_account(
        session, name=name, password=password, roles=[Role.UNIT_OPERATOR], login_name=login_name, phone=phone,
        unit_id=unit.id, now=now, hash_method=hash_method,
    )  # fmt: skip
    record(session, actor, "add_operator", "person", person.id, now=now, unit=unit.id)
    return person


def switch_operator(session: Session, person: Person, actor: Actor, *, active: bool, now: datetime) -> None:
    """Turns the account of an operator off (its sessions end at once) or on again. Raises OwnAccount."""
    if person.id == actor.person_id:
        raise OwnAccount
    person.user.active = active
    if not active:
        # sessions keep the machine's time, not the business clock's
        sessions.end_all(session, person, reason="roles", now=datetime.now(UTC))
    record(session, actor, "enable_operator" if active else "disable_operator", "person", person.id, now=now)


def reset_password(
    session: Session, person: Person, actor: Actor, *, now: datetime, hash_method: str = HASH_METHOD
) -> str:
    """A generated password for an operator's account, returned to be shown once: ends its sessions, lifts a lock, tells its
    phone. Raises OwnAccount: the own password is changed with the old one."""
    if person.id == actor.person_id:
        raise OwnAccount
    password = fresh_password()
    administration.reset_password(
        session, person, actor, password=password, hash_method=hash_method, now=now, machine_now=datetime.now(UTC)
    )
    return password


def own_unit(session: Session, actor: Actor) -> Unit | None:
    """The actor's approved unit, with the body it reports to."""
    if actor.unit_id is None:
        return None
    return session.scalar(sa.select(Unit).where(queries.visible_to(actor)).options(sa.orm.joinedload(Unit.reports_to)))
