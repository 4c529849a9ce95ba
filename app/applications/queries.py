"""Reading applications. Every read starts from `visible_to`: there is no other way to a row."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement

from app.applications.models import Application, HistoryRow, ReturnedSection, RouteStep, WithdrawalRequest
from app.review_bodies.models import Campaign
from app.workflow.actor import Actor
from app.workflow.states import Party, State


class NotVisible(Exception):
    """No such application for this actor; at the edge a 404, whether it exists or not."""


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The condition under which `actor` sees an application; false for whoever has no part in applications.

    A person sees the own ones. A unit sees what was ever submitted to it; a body what has reached it; the office all
    that was ever submitted. A draft is nobody's but the applicant's.
    """
    match actor.party:
        case Party.APPLICANT if actor.person_id is not None:
            return Application.applicant_id == actor.person_id
        case Party.UNIT if actor.unit_id is not None:
            return sa.and_(Application.unit_id == actor.unit_id, Application.submitted_at.is_not(None))
        case Party.BODY if actor.body_id is not None:
            return Application.id.in_(
                sa.select(RouteStep.application_id).where(
                    RouteStep.body_id == actor.body_id, RouteStep.reached_at.is_not(None)
                )
            )
        case Party.OFFICE:
            return Application.submitted_at.is_not(None)
        case _:
            return sa.false()


def of_person(session: Session, person_id: int) -> list[Application]:
    """The person's own applications, newest first, with unit, campaign and holder loaded."""
    return list(
        session.scalars(
            sa.select(Application)
            .where(Application.applicant_id == person_id)
            .options(
                joinedload(Application.campaign).joinedload(Campaign.body),
                joinedload(Application.unit),
                joinedload(Application.applicant),
                joinedload(Application.holder_body),
                joinedload(Application.deciding_body),
            )
            .order_by(Application.id.desc())
        )
    )


def history(session: Session, application: Application) -> list[HistoryRow]:
    """Every move, oldest first."""
    return list(
        session.scalars(
            sa.select(HistoryRow)
            .where(HistoryRow.application_id == application.id)
            .order_by(HistoryRow.version)
        )
    )


def open_return(session: Session, application: Application) -> tuple[HistoryRow | None, list[ReturnedSection]]:
    """The move that sent a returned application back, with the sections it named (none named: all are open);
    (None, []) for an application that is not returned now."""
    if application.state is not State.RETURNED:
        return None, []
    found = session.execute(
        sa.select(HistoryRow, ReturnedSection)
        .outerjoin(ReturnedSection, ReturnedSection.history_id == HistoryRow.id)
        .where(HistoryRow.application_id == application.id, HistoryRow.to_state == State.RETURNED)
        .order_by(HistoryRow.version.desc(), ReturnedSection.id)
        .execution_options(populate_existing=True)
    ).all()
    if not found:
        return None, []
    move = found[0][0]
    return move, [named for row, named in found if row is move and named is not None]


def withdrawals(session: Session, application: Application) -> list[WithdrawalRequest]:
    """Every request to withdraw the application, oldest first."""
    return list(
        session.scalars(
            sa.select(WithdrawalRequest)
            .where(WithdrawalRequest.application_id == application.id)
            .order_by(WithdrawalRequest.id)
        )
    )


def open_withdrawal(session: Session, application: Application) -> WithdrawalRequest | None:
    """The request to withdraw that waits for its answer."""
    return session.scalar(
        sa.select(WithdrawalRequest).where(
            WithdrawalRequest.application_id == application.id, WithdrawalRequest.answered_at.is_(None)
        )
    )


def withdrawal_asked() -> ColumnElement[bool]:
    """The condition on Application that a request to withdraw it waits for its answer."""
    return (
        sa.select(WithdrawalRequest.id)
        .where(WithdrawalRequest.application_id == Application.id, WithdrawalRequest.answered_at.is_(None))
        .exists()
    )


def business_of(body_id: int) -> ColumnElement[bool]:
    """The condition on Application that it is this body's business now: as holder, or because it decided and the
    applicant has still to pay (workflow.machine says the same of one case)."""
    return sa.or_(
        Application.holder_body_id == body_id,
        sa.and_(Application.state == State.AWAITING_PAYMENT, Application.deciding_body_id == body_id),
    )


def get(session: Session, actor: Actor, number: str) -> Application:
    """The visible application of that number with campaign, unit and holder loaded; raises NotVisible."""
    found = session.scalar(
        sa.select(Application)
        .where(visible_to(actor), Application.number == number)
        .options(
            joinedload(Application.campaign).joinedload(Campaign.body),
            joinedload(Application.unit),
            joinedload(Application.applicant),
            joinedload(Application.holder_body),
            joinedload(Application.deciding_body),
        )
    )
    if found is None:
        raise NotVisible(number)
    return found
