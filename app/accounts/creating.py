"""Making accounts: a person with a FAB user and its roles, for whoever may make one (registration, the office, demo)."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app.accounts.models import Person
from app.accounts.phones import id_digest, mask_id, mask_phone, phone_digest
from app.accounts.roles import PARTY_OF, Role, check_together

HASH_METHOD = "scrypt"


def create_account(
    session: Session,
    *,
    name: str,
    password: str,
    roles: list[Role],
    now: datetime,
    login_name: str | None = None,
    phone: str | None = None,
    id_type: str | None = None,
    id_no: str | None = None,
    unit_id: int | None = None,
    body_id: int | None = None,
    hash_method: str = HASH_METHOD,
) -> Person:
    """A person with the roles' party, in the caller's transaction. Staff give a `login_name`; an applicant's user name is
    made up, because user names are shown in FAB's grids. Raises RolesExclude; the database refuses a taken phone, ID
    number or login name (IntegrityError at flush)."""
    check_together([role.value for role in roles])
    opaque = secrets.token_hex(8)
    user = User(
        username=login_name or f"p{opaque}",
        first_name=name[1:] or name,
        last_name=name[:1] if len(name) > 1 else "",
        email=f"{opaque}@account.invalid",
        active=True,
        password=generate_password_hash(password, method=hash_method),
        roles=list(session.scalars(sa.select(RoleRow).where(RoleRow.name.in_([role.value for role in roles])))),
    )
    session.add(user)
    session.flush()
    person = Person(user_id=user.id, kind=PARTY_OF[roles[0]], name=name, unit_id=unit_id, body_id=body_id, created_at=now)
    if phone:
        set_phone(person, phone)
    if id_no and id_type:
        set_identity(person, id_type, id_no)
    if unit_id:
        person.joined_unit_at = now
    session.add(person)
    session.flush()
    return person


def set_phone(person: Person, phone: str) -> None:
    """Sealed, findable and masked, always together."""
    person.phone, person.phone_digest, person.phone_masked = phone, phone_digest(phone), mask_phone(phone)


def set_identity(person: Person, id_type: str, id_no: str) -> None:
    """The document's number in its three forms, and what follows from it (birth date and sex, where it tells)."""
    from app.accounts.identity import facts_of_number

    person.id_type, person.id_no = id_type, id_no
    person.id_no_digest, person.id_no_masked = id_digest(id_type, id_no), mask_id(id_no)
    facts = facts_of_number(id_type, id_no)
    if facts is not None:
        person.birth_date, person.gender = facts.birth_date, facts.gender
