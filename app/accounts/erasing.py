"""What goes when an applicant's account ends: name, numbers, unit, password. The row stays, because archives and the
audit log name its id."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.accounts import sessions
from app.accounts.creating import HASH_METHOD
from app.accounts.models import Person
from app.accounts.services import close_password
from app.words import N_

NOBODY = N_("已注销")


def erase(session: Session, person: Person, *, hash_method: str = HASH_METHOD) -> None:
    """The account is nobody's any more and cannot be opened; phone and document are free for a new one."""
    close_password(session, person, hash_method=hash_method)
    session.execute(
        sa.update(User).where(User.id == person.user_id).values(first_name=NOBODY, last_name="", active=False)
    )
    person.name = NOBODY
    person.phone = person.phone_digest = person.id_no = person.id_no_digest = person.id_type = None
    person.phone_masked = person.id_no_masked = ""
    person.gender = person.birth_date = person.unit_id = person.joined_unit_at = None
    # sessions keep the machine's time, not the business clock's
    sessions.end_all(session, person, reason="closed", now=datetime.now(UTC))
    session.flush()
