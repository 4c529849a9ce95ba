"""`make`: the city and every application of the plan, in one transaction. Idempotent: a city that stands is left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app.accounts.models import Person
from app.demo import journeys as j
from app.demo import requests, texts
from app.demo.city import PASSWORD, City, actor_of, build, stands
from app.demo.journeys import Way
from app.demo.plan import BEFORE, GOALS, Story, stories
from app.gateways.opening import Gateways
from app.messages.models import Channel, Message, MessageStatus
from app.workflow.actions import Action
from app.workflow.case import Move

# what is filled in by somebody who has just begun, and what is left by somebody who is almost done
BEGUN = frozenset({"BASIC", "WORK"})
ALMOST_LEFT = frozenset({"TEACH", "CASE", "SUMMARY"})
FRESH, MIDDLE, OLD, LAST_YEAR = 2.0, 40.0, 110.0, 450.0


def make(session: Session, gateways: Gateways, *, now: datetime, hash_method: str) -> bool:
    """Whether the city was made; False if it stood already. Commits nothing: the caller does, once."""
    if stands(session):
        return False
    city = City(session, gateways, now, generate_password_hash(PASSWORD, method=hash_method))
    build(city)
    _tell_stories(city)
    requests.ask(city)
    _deliver_all(session)
    session.flush()
    return True


def _tell_stories(city: City) -> None:
    told, before = stories(GOALS), stories(BEFORE)
    ways = [_way(city, story, city.people[place]) for place, story in enumerate(told)]
    # last year's: those who do not apply now, then engineers from the end of the list, who apply again
    again = [way.person for way in reversed(ways) if way.story.campaign.startswith("eng")]
    earlier = [
        _way(city, story, person, LAST_YEAR)
        for story, person in zip(before, [*city.people[len(told):], *again], strict=False)
    ]
    for way in earlier:
        LAST_YEARS[way.story.goal](way)
    _last_year(earlier)
    for way in ways:
        WAYS[way.story.goal](way)
    _meetings_of_this_year(ways)


def _way(city: City, story: Story, person: Person, submitted: float | None = None) -> Way:
    unit = city.units[story.unit]
    if person.unit_id is None:
        person.unit_id, person.joined_unit_at = unit.id, person.created_at
    else:  # who applies again stays with the unit
        story = Story(story.goal, story.campaign, next(
            place for place, each in enumerate(city.units) if each.id == person.unit_id
        ))
    city.actors[f"p{person.id}"] = actor_of(person, person.name)
    return Way(city, story, person, SUBMITTED.get(story.goal, MIDDLE) if submitted is None else submitted)


# days since the submission; everything else was submitted MIDDLE days ago
SUBMITTED = {
    "draft": FRESH, "almost": FRESH, "empty": FRESH, "cancelled": FRESH, "unit_review": FRESH, "returned": 6.0, "unit_notice_running": 4.0,
    "unit_notice_over": 24.0, "return_requested": 3.0, "declined": 8.0, "at_district": 22.0, "at_committee": 26.0,
    "awaiting_payment": 26.0, "returned_by_body": 27.0, "returned_to_unit": 24.0, "rejected": 30.0, "waived": 30.0,
    "withdrawn": 30.0, "withdrawal_asked": 26.0,
    "certified": OLD, "approved": OLD, "revoked": OLD, "publicised_over": OLD, "upheld": OLD, "failed": OLD,
    "publicised": 60.0, "objected": 60.0, "passed": 60.0, "lapsed": 60.0,
}  # fmt: skip


def _draft(way: Way) -> None:
    j.begin(way, only=BEGUN)


def _almost(way: Way) -> None:
    j.begin(way, without=ALMOST_LEFT)


def _empty(way: Way) -> None:
    j.begin(way, empty=True)


def _cancelled(way: Way) -> None:
    j.begin(way, only=BEGUN)
    way.fire(way.applicant, Action.CANCEL, way.day(0))


def _unit_review(way: Way) -> None:
    j.begin(way)
    j.hand_in(way)


def _returned(way: Way) -> None:
    _unit_review(way)
    j.give_back(way, way.unit, 2)


def _notice_running(way: Way) -> None:
    _unit_review(way)
    j.recommend(way, 1)
    j.post([way], 2)


def _return_requested(way: Way) -> None:
    _unit_review(way)
    way.fire(way.applicant, Action.REQUEST_RETURN, way.day(1), Move(reason=texts.REQUEST_RETURN))


def _declined(way: Way) -> None:
    _unit_review(way)
    way.fire(way.unit, Action.DECLINE, way.day(3), Move(reason=texts.DECLINE))


def _at_district(way: Way) -> None:
    _notice_running(way)
    j.report(way, 20)


def _returned_to_unit(way: Way) -> None:
    _at_district(way)
    way.fire(way.district, Action.RETURN_TO_UNIT, way.day(22), Move(reason=texts.RETURN_TO_UNIT))


def _returned_by_body(way: Way) -> None:
    j.to_committee(way)
    j.give_back(way, way.committee, 24)


def _rejected(way: Way) -> None:
    j.to_committee(way)
    way.fire(way.committee, Action.REJECT, way.day(25), Move(reason=texts.REJECT))


def _awaiting_payment(way: Way) -> None:
    j.to_committee(way)
    j.finish(way, 24)


def _lapsed(way: Way) -> None:
    from app.payments import services as payments

    _awaiting_payment(way)
    order = j.order_of(way)
    payments.lapse(way.city.session, order, now=order.due_at + timedelta(seconds=1))


def _withdrawn(way: Way) -> None:
    _awaiting_payment(way)
    j.ask_to_withdraw(way, 25)
    j.withdraw(way, 26)


def _withdrawal_asked(way: Way) -> None:
    j.to_committee(way)
    j.ask_to_withdraw(way, 25)


def _waived(way: Way) -> None:
    from app.payments import services as payments

    _awaiting_payment(way)
    payments.waive(way.city.session, j.order_of(way), way.committee, reason=texts.WAIVED, now=way.day(27))


WAYS: Mapping[str, Callable[[Way], None]] = {
    "draft": _draft, "almost": _almost, "empty": _empty, "cancelled": _cancelled, "unit_review": _unit_review, "returned": _returned,
    "unit_notice_running": _notice_running, "unit_notice_over": _notice_running, "return_requested": _return_requested,
    "declined": _declined, "at_district": _at_district, "returned_to_unit": _returned_to_unit,
    "at_committee": j.to_committee, "returned_by_body": _returned_by_body, "rejected": _rejected,
    "awaiting_payment": _awaiting_payment, "lapsed": _lapsed, "waived": _waived, "ready": j.to_ready, "free": j.to_ready,
    "in_meeting": j.to_ready, "passed": j.to_ready, "failed": j.to_ready, "publicised": j.to_ready,
    "objected": j.to_ready, "upheld": j.to_ready, "publicised_over": j.to_ready, "approved": j.to_ready,
    "certified": j.to_ready, "revoked": j.to_ready, "withdrawn": _withdrawn, "withdrawal_asked": _withdrawal_asked,
}  # fmt: skip
LAST_YEARS: Mapping[str, Callable[[Way], None]] = {
    "certified": j.to_ready, "failed": j.to_ready, "declined": _declined, "rejected": _rejected,
}


def _of(ways: list[Way], *goals: str) -> list[Way]:
    return [way for way in ways if way.story.goal in goals]


def _last_year(ways: list[Way]) -> None:
    passed, failed = _of(ways, "certified"), _of(ways, "failed")
    j.meet(failed, "上年度评审会（演示）", 400, failing=frozenset({"failed"}))
    meeting = j.meet(passed, "上年度中级评审会（演示）", 395)
    j.publish(meeting, passed[0], 390)
    j.approve(passed, "演示职改〔上年〕1号", 370)
    j.issue(passed, 365)


def _meetings_of_this_year(ways: list[Way]) -> None:
    old = _of(ways, "certified", "approved", "revoked", "publicised_over", "upheld", "failed")
    meeting = j.meet(old, "第一次评审会（演示）", 75, failing=frozenset({"failed"}))
    notice = j.publish(meeting, old[0], 72)
    j.object_to(notice, _of(old, "upheld")[0], 70, upheld=True)
    j.approve(_of(old, "certified", "approved", "revoked"), "演示职改〔本年〕1号", 50)
    j.issue(_of(old, "certified", "revoked"), 45)
    j.revoke(_of(old, "revoked")[0], 10)
    running = _of(ways, "publicised", "objected")
    notice = j.publish(j.meet(running, "第二次评审会（演示）", 6), running[0], 2)
    j.object_to(notice, _of(running, "objected")[0], 1, upheld=None)
    j.object_to(notice, _of(running, "publicised")[0], 2, upheld=False)
    j.meet(_of(ways, "passed"), "第三次评审会（演示）", 1)
    j.meet(_of(ways, "in_meeting"), "第四次评审会（演示）", -5)


def _deliver_all(session: Session) -> None:
    """What was said to people on the way was sent then; no queue has to work off a year of messages now."""
    session.flush()
    session.execute(
        sa.update(Message)
        .where(Message.channel == Channel.SMS, Message.status == MessageStatus.WAITING)
        .values(status=MessageStatus.SENT, sent_at=Message.created_at, tries=1, provider_id="demo")
    )
    session.info.pop("jobs", None)
