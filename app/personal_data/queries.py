"""The requests for deletion, and what stands against one."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from app.applications.models import Application
from app.certificates.models import Certificate, CertificateStatus
from app.personal_data.models import DeletionRequest, DeletionState
from app.workflow.actor import Actor
from app.workflow.states import FINAL, Party, State

# a draft goes with the account; what has lapsed or ended well waits for nobody
UNDER_WAY = frozenset(State) - FINAL - {State.DRAFT, State.LAPSED, State.CERTIFIED}


class NotVisible(Exception):
    """No such row for this actor; at the edge a 404, whether it exists or not."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """An applicant sees the own ones, the office and the system administrator all."""
    match actor.party:
        case Party.APPLICANT if actor.person_id is not None:
            return DeletionRequest.person_id == actor.person_id
        case Party.OFFICE | Party.STAFF:
            return sa.true()
        case _:
            return sa.false()


def get(session: Session, actor: Actor, request_id: int) -> DeletionRequest:
    """With its person; raises NotVisible."""
    query = sa.select(DeletionRequest).where(visible_to(actor), DeletionRequest.id == request_id)
    found = session.scalar(query.options(joinedload(DeletionRequest.person)))
    if found is None:
        raise NotVisible(request_id)
    return found


def open_request(session: Session, person_id: int) -> DeletionRequest | None:
    query = sa.select(DeletionRequest).where(DeletionRequest.person_id == person_id)
    return session.scalar(query.where(DeletionRequest.state == DeletionState.OPEN))


def under_way(session: Session, person_id: int) -> Sequence[Application]:
    query = sa.select(Application).where(Application.applicant_id == person_id, Application.state.in_(UNDER_WAY))
    return session.scalars(query.order_by(Application.id)).all()


def valid_certificates(session: Session, person_id: int) -> Sequence[Certificate]:
    query = sa.select(Certificate).where(Certificate.person_id == person_id)
    return session.scalars(query.where(Certificate.status == CertificateStatus.VALID).order_by(Certificate.id)).all()
