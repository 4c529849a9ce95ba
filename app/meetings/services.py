"""What a body does with its meetings, and what the office does with their results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.applications.services import fire
from app.audit.services import record
from app.meetings import queries
from app.meetings.models import ApprovalDocument, ApprovedName, Candidate, Meeting
from app.meetings.voting import Votes, passed, quorate
from app.public_notices.models import PublicNotice
from app.public_notices.services import post_result_notice
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import Move
from app.workflow.events import Happened
from app.workflow.machine import MoveRefused
from app.workflow.states import State


class MeetingRefused(Exception):
    """Base of what a meeting cannot take; carries data, is worded at the edge."""


class AlreadyClosed(MeetingRefused):
    """The results are entered: nothing about this meeting changes any more."""


class NothingChosen(MeetingRefused):
    """No application was ticked, or none of the ticked ones can be taken now."""


class NotQuorate(MeetingRefused):
    """Too few members, or more than there are."""

    def __init__(self, present: int, expected: int) -> None:
        super().__init__(f"{present} of {expected}")
        self.present, self.expected = present, expected


class VotesDiffer(MeetingRefused):
    """The votes for one candidate are not as many as the members present."""

    def __init__(self, name: str, total: int, present: int) -> None:
        super().__init__(f"{total} of {present}")
        self.name, self.total, self.present = name, total, present


class VotesMissing(MeetingRefused):
    """These candidates have no count yet; `names` as shown."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(str(len(names)))
        self.names = names


class NumberTaken(MeetingRefused):
    """This 批准文号 is on another document already."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


class NobodyApproved(MeetingRefused):
    """Not one of the chosen could be approved; `refused` says why, by number."""

    def __init__(self, refused: Mapping[str, MoveRefused]) -> None:
        super().__init__(str(len(refused)))
        self.refused = refused


@dataclass(frozen=True)
class DocumentFacts:
    """An approval document as typed."""

    number: str
    title: str
    dated: date
    authority: str


@dataclass(frozen=True)
class Done:
    """What a verb on many applications did: the numbers that moved, and why each other one did not."""

    moved: tuple[str, ...] = ()
    refused: Mapping[str, MoveRefused] = field(default_factory=dict)


def plan(
    session: Session, actor: Actor, *, name: str, held_on: date, place: str, members_expected: int, now: datetime
) -> Meeting:
    """A new meeting of the actor's body."""
    assert actor.body_id is not None, "only a body holds meetings"
    meeting = Meeting(
        body_id=actor.body_id, name=name, held_on=held_on, place=place, members_expected=members_expected,
        created_by_id=actor.person_id, created_at=now,
    )
    session.add(meeting)
    session.flush()
    record(session, actor, "plan", "meeting", meeting.id, now=now)
    return meeting


def convene(
    session: Session, meeting: Meeting, applications: Sequence[Application], actor: Actor, *, now: datetime
) -> Sequence[Candidate]:
    """列入评审会议. Raises AlreadyClosed, NothingChosen, and the machine's refusals."""
    _lock_open(session, meeting)
    if not applications:
        raise NothingChosen()
    found = []
    for application in applications:
        fire(session, application, actor, Action.CONVENE, now=now, move=Move(meeting_id=meeting.id))
        found.append(Candidate(meeting_id=meeting.id, application_id=application.id))
    session.add_all(found)
    session.flush()
    return found


def record_votes(
    session: Session, meeting: Meeting, actor: Actor, *, present: int, votes: Mapping[int, Votes],
    notes: Mapping[int, str], now: datetime,
) -> None:
    """Writes down the members present and the counts by candidate id; a candidate without a full count waits.

    Who passed follows from the count alone. Raises AlreadyClosed, NotQuorate, VotesDiffer.
    """
    _lock_open(session, meeting)
    if not quorate(present, meeting.members_expected):
        raise NotQuorate(present, meeting.members_expected)
    meeting.members_present = present
    for candidate in queries.candidates_of(session, meeting):
        count = votes.get(candidate.id, Votes())
        if count.complete and count.total != present:
            raise VotesDiffer(candidate.application.applicant_name, count.total, present)
        whole = count if count.complete else Votes()
        candidate.agree, candidate.against, candidate.abstain = whole.agree, whole.against, whole.abstain
        candidate.passed = passed(whole, present) if whole.complete else None
        candidate.note = notes.get(candidate.id, candidate.note)
    record(session, actor, "record_votes", "meeting", meeting.id, now=now, present=present)


def close(session: Session, meeting: Meeting, actor: Actor, *, now: datetime) -> Sequence[Candidate]:
    """Ends the meeting: each candidate's result is recorded on the application. Raises AlreadyClosed, NothingChosen,
    VotesMissing, and the machine's refusals."""
    _lock_open(session, meeting)
    found = queries.candidates_of(session, meeting)
    if not found:
        raise NothingChosen()
    waiting = tuple(each.application.applicant_name for each in found if each.passed is None)
    if waiting:
        raise VotesMissing(waiting)
    meeting.closed_at = now
    session.flush()
    for candidate in found:
        move = Move(passed=candidate.passed, meeting_id=meeting.id)
        fire(session, candidate.application, actor, Action.RECORD_RESULT, now=now, move=move)
    return found


def publish(
    session: Session, meeting: Meeting, actor: Actor, *, place: str, contact: str, working_days: int, now: datetime
) -> PublicNotice:
    """评审结果公示 of everybody in the meeting who passed and is not on a notice yet. Raises NothingChosen, the
    notice's own refusals, and the machine's."""
    found = [
        each.application
        for each in queries.candidates_of(session, meeting)
        if each.application.state is State.PASSED
    ]
    if not found:
        raise NothingChosen()
    notice = post_result_notice(
        session, found, actor, working_days=working_days, contact=contact, place=place, now=now
    )
    for application in found:
        fire(session, application, actor, Action.PUBLISH, now=now)
    return notice


def approve(
    session: Session, applications: Sequence[Application], actor: Actor, *, document: DocumentFacts, now: datetime
) -> tuple[ApprovalDocument, Done]:
    """One approval document that names the applications, and the approval of each; who cannot be approved is not named
    on it. Raises NumberTaken, NothingChosen, NobodyApproved."""
    if not applications:
        raise NothingChosen()
    taken = sa.select(ApprovalDocument.id).where(ApprovalDocument.number == document.number)
    if session.scalar(taken) is not None:
        raise NumberTaken(document.number)
    paper = ApprovalDocument(
        number=document.number, title=document.title, dated=document.dated, authority=document.authority,
        created_by_id=actor.person_id, created_at=now,
    )
    session.add(paper)
    session.flush()
    moved: list[str] = []
    refused: dict[str, MoveRefused] = {}
    for application in applications:
        number = application.number
        try:
            with session.begin_nested():
                session.add(ApprovedName(document_id=paper.id, application_id=application.id))
                session.flush()
                fire(session, application, actor, Action.APPROVE, now=now)
            moved.append(application.number)
        except MoveRefused as error:
            session.expire(application)  # it was read inside the savepoint that is undone
            refused[number] = error
    if not moved:
        raise NobodyApproved(refused)
    record(session, actor, "approve", "approval_document", paper.id, now=now, names=len(moved))
    return paper, Done(tuple(moved), refused)


def leave_meeting(session: Session, happened: Happened) -> None:
    """Reaction to a withdrawal: the meeting that is still to come no longer votes about the application."""
    still_open = sa.select(Meeting.id).where(Meeting.closed_at.is_(None))
    session.execute(
        sa.delete(Candidate)
        .where(Candidate.application_id == happened.application.id, Candidate.meeting_id.in_(still_open))
        .execution_options(synchronize_session="fetch")
    )


def _lock_open(session: Session, meeting: Meeting) -> None:
    """Takes the meeting's row until the transaction ends; raises AlreadyClosed."""
    session.flush()
    taken = session.execute(
        sa.update(Meeting)
        .where(Meeting.id == meeting.id, Meeting.closed_at.is_(None))
        .values(members_present=Meeting.members_present)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        raise AlreadyClosed()
