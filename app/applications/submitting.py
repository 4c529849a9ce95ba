"""完成并提交: the route, the frozen content and the move, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications import checklist, routes, snapshots
from app.applications.circumstances import load_parts
from app.applications.models import Application, RouteStep, Snapshot
from app.applications.services import fire
from app.audit.services import record
from app.review_bodies.models import ReviewBody
from app.units.models import Unit
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.states import EDITABLE


def submit(
    session: Session, application: Application, actor: Actor, *, version: int, now: datetime
) -> Snapshot:
    """Sends the application to the unit and freezes what was sent.

    `version` is the one that the page showed: of two clicks exactly one goes on. Raises Stale, NotOffered, NotHolder
    or GuardRefused (unit_set, sections_complete, marked_sections_changed, submission_open), or routes.NoWay; the
    caller rolls back.
    """
    follow_unit(session, application)
    fire(session, application, actor, Action.SUBMIT, now=now, version=version)
    # Saves need the row that fire has claimed: what is read now is what the guards have judged.
    application.submitted_sections = None  # what is frozen are the sections that it has now
    frozen = checklist.read(session, application, now=now)
    _store_route(session, application)
    return snapshots.write(session, frozen, now=now)


def follow_unit(session: Session, application: Application) -> bool:
    """A draft or returned application moves with the person; whether it did. The new unit sees nothing of it before it
    is submitted there."""
    person = session.get(Person, application.applicant_id)
    if person is None or application.state not in EDITABLE or application.unit_id == person.unit_id:
        return False
    application.unit_id, application.submitted_at = person.unit_id, None
    session.flush()
    session.expire(application, ["unit"])
    return True


def follow_unit_everywhere(session: Session, person_id: int) -> list[Application]:
    """Moves what the person still holds to the person's unit; the applications that moved."""
    held = session.scalars(
        sa.select(Application).where(Application.applicant_id == person_id, Application.state.in_(EDITABLE))
    )
    return [application for application in held if follow_unit(session, application)]


def planned_route(session: Session, application: Application) -> tuple[int, ...]:
    """The bodies that the application would pass if it were submitted now; raises routes.NoWay."""
    load_parts(session, application)
    if application.unit is None or application.unit.reports_to_id is None:
        raise routes.NoWay(0)
    tree = {row.id: row.parent_id for row in session.execute(sa.select(ReviewBody.id, ReviewBody.parent_id))}
    campaign = application.campaign
    return routes.route(tree, application.unit.reports_to_id, campaign.body_id, campaign.route)


def _store_route(session: Session, application: Application) -> None:
    """Writes the route at the first submission, and anew when the unit has changed since the last one. Otherwise it
    stays as it is: a body entrusted from outside has joined it."""
    last = next(iter(snapshots.list_of(session, application)), None)
    if application.steps and last is not None:
        unit = snapshots.open_snapshot(last).content["unit"]
        if unit is not None and unit["id"] == application.unit_id:
            return
    way = planned_route(session, application)
    if application.returned_by_body_id not in way:
        application.returned_by_body_id = None  # the new way does not lead back there
    _replace_steps(session, application, way)


def _replace_steps(session: Session, application: Application, way: Sequence[int]) -> None:
    reached = {step.body_id: step.reached_at for step in application.steps}
    session.execute(
        sa.delete(RouteStep)
        .where(RouteStep.application_id == application.id)
        .execution_options(synchronize_session=False)
    )
    for step in application.steps:
        session.expunge(step)
    session.expire(application, ["steps"])
    session.add_all(
        RouteStep(application_id=application.id, position=place, body_id=body, reached_at=reached.get(body))
        for place, body in enumerate(way, start=1)
    )
    session.flush()
    session.expire(application, ["steps"])


def change_unit(
    session: Session, person: Person, unit: Unit, actor: Actor, *, now: datetime
) -> list[Application]:
    """The person belongs to `unit` from now on, the key being the only proof; what the person still holds moves along
    and is returned. What a unit or body has keeps the unit of record."""
    before, person.unit_id, person.joined_unit_at = person.unit_id, unit.id, now
    session.flush()
    moved = follow_unit_everywhere(session, person.id)
    record(session, actor, "change_unit", "person", person.id, now=now, before=before, unit=unit.id)
    return moved
