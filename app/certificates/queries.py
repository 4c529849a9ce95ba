"""Reading certificates: those an actor sees, those waiting to be issued, and the public look-ups."""

from __future__ import annotations

import hmac
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from app.applications import queries as applications
from app.applications.models import Application
from app.certificates.models import Certificate
from app.certificates.numbering import normal
from app.workflow.actor import Actor
from app.workflow.states import Party, State

LIST_MAX = 500


class NoSuchCertificate(Exception):
    """No such certificate for this actor."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """A person sees the own ones, a body those of applications that reached it, the office all."""
    match actor.party:
        case Party.APPLICANT if actor.person_id is not None:
            return Certificate.person_id == actor.person_id
        case Party.BODY:
            seen = sa.select(Application.id).where(applications.visible_to(actor))
            return Certificate.application_id.in_(seen)
        case Party.OFFICE:
            return sa.true()
        case _:
            return sa.false()


def get(session: Session, actor: Actor, certificate_id: int) -> Certificate:
    """Raises NoSuchCertificate."""
    found = session.scalar(sa.select(Certificate).where(visible_to(actor), Certificate.id == certificate_id))
    if found is None:
        raise NoSuchCertificate()
    return found


def of_person(session: Session, person_id: int) -> Sequence[Certificate]:
    """The newest first."""
    return session.scalars(
        sa.select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.id.desc())
    ).all()


def to_issue(session: Session, actor: Actor, numbers: Collection[str] | None = None) -> Sequence[Application]:
    """Approved applications without certificate, the oldest approval first; of `numbers` only, if given."""
    query = (
        sa.select(Application)
        .where(applications.visible_to(actor), Application.state == State.APPROVED)
        .options(joinedload(Application.unit), joinedload(Application.deciding_body))
        .order_by(Application.moved_at, Application.id)
        .limit(LIST_MAX)
    )
    if numbers is not None:
        query = query.where(Application.number.in_(list(numbers)))
    return session.scalars(query).all()


def by_number(session: Session, number: str, name: str) -> Certificate | None:
    """The certificate of this number, if the name is its holder's: the number alone answers nothing."""
    found = session.scalar(sa.select(Certificate).where(Certificate.number == normal(number)))
    same = found is not None and hmac.compare_digest(_plain(found.name).encode(), _plain(name).encode())
    return found if same else None


def by_token(session: Session, token: str) -> Certificate | None:
    """The certificate whose QR code was read."""
    return session.scalar(sa.select(Certificate).where(Certificate.token == token))


def _plain(name: str) -> str:
    """Names of minorities are written with different dots; blanks do not count."""
    return "".join(name.split()).replace("•", "·").replace("・", "·").replace("‧", "·")
