"""Posting notices, taking and answering objections, and ending entries. Nothing here commits."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications.models import Application
from app.applications.sections.registry import BY_CODE
from app.applications.services import fire
from app.audit.services import record
from app.catalogue.queries import workday_overrides
from app.catalogue.workdays import add_working_days
from app.days import beijing_day
from app.files.models import StoredFile
from app.messages.services import tell
from app.public_notices.models import (
    NoticeEntry,
    NoticeKind,
    NoticeMethod,
    Objection,
    ObjectionStatus,
    PublicNotice,
)
from app.public_notices.shown import shown_rows
from app.review_bodies.models import Campaign, ReviewBody
from app.units.models import Unit
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import Move
from app.workflow.events import Event, Happened
from app.workflow.states import Holder, Party, State

MAX_DAYS = 60
OLDEST_PAPER_DAYS = 365
OBJECTION_MIN, OBJECTION_MAX, ANSWER_MAX = 10, 2000, 1000


class NoticeRefused(Exception):
    """Base of the reasons why a notice is not posted; carries data, is worded at the edge."""


class NothingChosen(NoticeRefused):
    """No application was named."""


class NotInHand(NoticeRefused):
    """Some applications are not (or no longer) with this office in the right state."""


class AlreadyPosted(NoticeRefused):
    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(len(names))
        self.names = tuple(names)


class TooFewDays(NoticeRefused):
    """`least` working days are prescribed by the campaigns; at most MAX_DAYS are taken."""

    def __init__(self, least: int) -> None:
        super().__init__(least)
        self.least = least


class WrongDay(NoticeRefused):
    """Posted in the future, too long ago, or before the return that ended the last notice; `earliest` is allowed."""

    def __init__(self, earliest: date) -> None:
        super().__init__(earliest)
        self.earliest = earliest


class PaperMissing(NoticeRefused):
    """A notice on paper needs a photo or scan of the posted sheet."""


class NoticeOver(NoticeRefused):
    """The notice is closed, or no longer names this person: objections go to the unit directly."""


class AlreadyAnswered(NoticeRefused):
    """Somebody else answered the objection first."""


def post_notice(
    session: Session,
    applications: Sequence[Application],
    actor: Actor,
    *,
    method: NoticeMethod,
    posted_on: date,
    place: str,
    contact: str,
    working_days: int,
    paper_file: StoredFile | None,
    now: datetime,
) -> PublicNotice:
    """The unit's 公示 of applications that it has under review, one notice for all of them.

    On the platform it is posted today, whatever `posted_on` says; on paper on `posted_on`, with the picture of the
    sheet. Raises NoticeRefused in one of its kinds.
    """
    _take(session, applications, actor, State.UNIT_REVIEW)
    _refuse_posted(session, applications, NoticeKind.UNIT)
    campaigns = session.scalars(
        sa.select(Campaign).where(Campaign.id.in_({each.campaign_id for each in applications}))
    ).all()
    least = max(campaign.notice_days for campaign in campaigns)
    if not least <= working_days <= MAX_DAYS:
        raise TooFewDays(least)
    today = beijing_day(now)
    if method is NoticeMethod.PAPER:
        _check_paper(session, applications, posted_on, paper_file, today)
    unit = session.get_one(Unit, actor.unit_id)
    notice = _post(
        session, applications, actor, kind=NoticeKind.UNIT, method=method, unit_id=unit.id, body_id=None,
        title=f"{unit.name}{max(each.year for each in applications)}年职称申报人员公示",
        posted_on=posted_on if method is NoticeMethod.PAPER else today, place=place, contact=contact,
        working_days=working_days, paper_file=paper_file if method is NoticeMethod.PAPER else None, now=now,
    )
    _tell_applicants(session, applications, notice, "PUBLICITY", now)
    return notice


def post_result_notice(
    session: Session,
    applications: Sequence[Application],
    actor: Actor,
    *,
    working_days: int,
    contact: str,
    place: str = "",
    now: datetime,
) -> PublicNotice:
    """The body's 评审结果公示 of applications that passed, on the platform from today; the caller fires PUBLISH for each
    in the same transaction (before or after). Raises NoticeRefused in one of its kinds."""
    _take(session, applications, actor, State.PASSED, State.PUBLICISED)
    _refuse_posted(session, applications, NoticeKind.RESULT)
    if not 1 <= working_days <= MAX_DAYS:
        raise TooFewDays(1)
    body = session.get_one(ReviewBody, actor.body_id)
    notice = _post(
        session, applications, actor, kind=NoticeKind.RESULT, method=NoticeMethod.PLATFORM, unit_id=None,
        body_id=body.id, title=f"{body.name}{max(each.year for each in applications)}年评审结果公示",
        posted_on=beijing_day(now), place=place, contact=contact, working_days=working_days, paper_file=None, now=now,
    )
    _tell_applicants(session, applications, notice, "RESULT", now)
    return notice


def _take(session: Session, applications: Sequence[Application], actor: Actor, *states: State) -> None:
    """Locks the rows for this transaction, if they are with the actor; raises NothingChosen or NotInHand."""
    if not applications:
        raise NothingChosen()
    if actor.party is Party.UNIT and actor.unit_id is not None:
        mine = sa.and_(Application.unit_id == actor.unit_id, Application.holder == Holder.UNIT)
    elif actor.body_id is not None:
        mine = sa.and_(Application.holder_body_id == actor.body_id, Application.holder == Holder.BODY)
    else:
        raise NotInHand()
    taken = session.execute(
        sa.update(Application)
        .where(Application.id.in_([each.id for each in applications]), Application.state.in_(states), mine)
        .values(version=Application.version)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != len({each.id for each in applications}):
        raise NotInHand()


def _refuse_posted(session: Session, applications: Sequence[Application], kind: NoticeKind) -> None:
    posted = set(
        session.scalars(
            sa.select(NoticeEntry.application_id)
            .join(PublicNotice, PublicNotice.id == NoticeEntry.notice_id)
            .where(
                NoticeEntry.application_id.in_([each.id for each in applications]),
                NoticeEntry.ended_at.is_(None),
                PublicNotice.kind == kind,
            )
        )
    )
    if posted:
        raise AlreadyPosted([each.applicant_name for each in applications if each.id in posted])


def _check_paper(
    session: Session, applications: Sequence[Application], posted_on: date, paper_file: StoredFile | None, today: date
) -> None:
    if paper_file is None:
        raise PaperMissing()
    ended = session.scalar(
        sa.select(sa.func.max(NoticeEntry.ended_at)).where(
            NoticeEntry.application_id.in_([each.id for each in applications])
        )
    )
    # what was posted before a return showed other material
    earliest = max(
        date.fromordinal(today.toordinal() - OLDEST_PAPER_DAYS), beijing_day(ended) if ended else date.min
    )
    if not earliest <= posted_on <= today:
        raise WrongDay(earliest)


def _post(
    session: Session, applications: Sequence[Application], actor: Actor, *, kind: NoticeKind, method: NoticeMethod,
    unit_id: int | None, body_id: int | None, title: str, posted_on: date, place: str, contact: str,
    working_days: int, paper_file: StoredFile | None, now: datetime,
) -> PublicNotice:
    shown = shown_rows(session, applications, today=posted_on)
    notice = PublicNotice(
        token=secrets.token_urlsafe(18), kind=kind, method=method, unit_id=unit_id, body_id=body_id, title=title[:200],
        place=place[:200], contact=contact[:200], posted_on=posted_on,
        closes_on=add_working_days(posted_on, working_days, workday_overrides(session)), working_days=working_days,
        paper_file_id=paper_file.id if paper_file else None, created_by_id=actor.person_id, created_at=now,
        entries=[NoticeEntry(application_id=each.id, shown=shown[each.id]) for each in applications],
    )
    session.add(notice)
    session.flush()
    record(
        session, actor, "post_notice", "public_notice", notice.id, now=now, kind=kind.value, method=method.value,
        applications=[each.id for each in applications],
    )
    return notice


def _tell_applicants(
    session: Session, applications: Sequence[Application], notice: PublicNotice, template: str, now: datetime
) -> None:
    titles = {each.applicant_id: (each.id, each.title_name) for each in applications}
    for person in session.scalars(sa.select(Person).where(Person.id.in_(titles))):
        application_id, title = titles[person.id]
        tell(
            session, person, template=template, now=now, application_id=application_id, title=title,
            start=notice.posted_on.isoformat(), end=notice.closes_on.isoformat(),
        )


def raise_objection(session: Session, entry: NoticeEntry, *, text: str, contact: str, now: datetime) -> Objection:
    """Takes anybody's word against an entry of a running notice; raises NoticeOver."""
    if entry.ended_at is not None or beijing_day(now) > entry.notice.closes_on:
        raise NoticeOver()
    objection = Objection(
        entry_id=entry.id, text=text[:OBJECTION_MAX], contact=contact or None, status=ObjectionStatus.OPEN, created_at=now
    )
    session.add(objection)
    session.flush()
    record(session, None, "object", "public_notice_entry", entry.id, now=now)
    return objection


def answer_objection(
    session: Session, objection: Objection, entry: NoticeEntry, actor: Actor, *, upheld: bool, answer: str, now: datetime
) -> None:
    """Dismisses or upholds an objection, once. One upheld against a result ends that application (异议成立); against the
    unit's notice it closes 上报 until the unit has returned or declined the application.

    Raises AlreadyAnswered, or what `fire` raises.
    """
    status = ObjectionStatus.UPHELD if upheld else ObjectionStatus.DISMISSED
    answered = session.execute(
        sa.update(Objection)
        .where(Objection.id == objection.id, Objection.status == ObjectionStatus.OPEN)
        .values(status=status, answer=answer[:ANSWER_MAX], answered_by_id=actor.person_id, answered_at=now)
    )
    if answered.rowcount != 1:
        raise AlreadyAnswered()
    record(session, actor, "answer_objection", "objection", objection.id, now=now, status=status.value)
    if upheld and entry.notice.kind is NoticeKind.RESULT:
        application = session.get_one(Application, entry.application_id)
        fire(session, application, actor, Action.UPHOLD_OBJECTION, now=now, move=Move(reason=answer))


def end_entries(session: Session, happened: Happened) -> None:
    """A return to the applicant ends the notice that runs. One that is over stays valid if only sections were named that
    change nothing of substance; a return to the unit never comes here."""
    substantive = happened.event is not Event.RETURNED or any(
        item.section not in BY_CODE or BY_CODE[item.section].substantive for item in happened.move.items
    )
    today = beijing_day(happened.at)
    for entry in session.scalars(
        sa.select(NoticeEntry).where(
            NoticeEntry.application_id == happened.application.id, NoticeEntry.ended_at.is_(None)
        )
    ):
        if substantive or entry.notice.closes_on >= today:
            entry.ended_at = happened.at
    session.flush()
