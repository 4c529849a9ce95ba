"""The ways: each moves one application, or one meeting's applications, through the services as its people would have,
at the time when they would have."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from app.accounts.models import Person
from app.applications.models import Application
from app.applications.services import fire
from app.applications.submitting import submit
from app.applications.withdrawing import ask_withdrawal
from app.certificates import services as certificates
from app.certificates.models import Certificate
from app.demo import filling, texts
from app.demo.city import City
from app.demo.plan import Story
from app.gateways.payment import AlreadyPaid, PaymentNotice
from app.gateways.payment.simulated import SimulatedCashier
from app.meetings import services as meetings
from app.meetings.models import Meeting
from app.meetings.queries import candidates_of
from app.meetings.voting import Votes
from app.payments import refunding
from app.payments import services as payments
from app.payments.models import FeeOrder
from app.public_notices import services as notices
from app.public_notices.models import NoticeMethod, PublicNotice
from app.reviews import services as reviews
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import Move, ReturnItem

MEMBERS, PRESENT = 15, 13


@dataclass
class Way:
    """One application under way: its story, person, and the day (before now) on which it was submitted."""

    city: City
    story: Story
    person: Person
    submitted: float
    application: Application = field(init=False)

    @property
    def applicant(self) -> Actor:
        return self.city.actors[f"p{self.person.id}"]

    @property
    def unit(self) -> Actor:
        unit = self.city.units[self.story.unit]
        return next(actor for actor in self.city.actors.values() if actor.unit_id == unit.id)

    @property
    def district(self) -> Actor:
        return self.city.body_actor(self.city.units[self.story.unit].reports_to_id)

    @property
    def committee(self) -> Actor:
        return self.city.body_actor(self.city.campaigns[self.story.campaign].body_id)

    def day(self, after: float, hour: int = 10) -> datetime:
        """A moment `after` so many days since the submission, never in the future."""
        return self.city.ago(max(self.submitted - after, 0), hour)

    def fire(self, actor: Actor, action: Action, at: datetime, move: Move | None = None) -> None:
        fire(self.city.session, self.application, actor, action, now=at, move=move or Move())


def begin(way: Way, *, only: Collection[str] = (), without: Collection[str] = (), empty: bool = False) -> None:
    city = way.city
    campaign = city.campaigns[way.story.campaign]
    way.application = filling.start(city, way.person, campaign, now=city.ago(way.submitted + 3, 9))
    if not empty:
        filling.fill(city, way.application, way.person, now=city.ago(way.submitted + 1, 9), only=only,
                     without=without)


def hand_in(way: Way, after: float = 0) -> None:
    submit(
        way.city.session, way.application, way.applicant, version=way.application.version, now=way.day(after, 14)
    )


def recommend(way: Way, after: float) -> None:
    """The unit's opinion, complete, agreed by its group."""
    at = way.day(after, 9)
    said = reviews.OpinionText(
        text=texts.OPINION_UNIT.format(name=way.person.name), defence_at=at, defence_questions="请介绍代表性业绩中本人的工作。",
        defence_result="答辩情况良好。", group_leader="唐组长", group_members="韦一、覃二、黄三、莫四", expected=5, present=5,
        agree=5, against=0, abstain=0, signed_by="唐组长",
        assessments=[{"year": at.year - back, "grade": "OK"} for back in range(1, 4)],
    )
    reviews.save_opinion(way.city.session, way.application, way.unit, said, version=0, now=at)


def post(ways: Sequence[Way], after: float) -> PublicNotice:
    """One notice of the unit for several."""
    first = ways[0]
    at = first.day(after, 11)
    return notices.post_notice(
        first.city.session, [way.application for way in ways], first.unit, method=NoticeMethod.PLATFORM,
        posted_on=at.date(), place="单位公示栏和本平台", contact="人事部门 0772-0000000", working_days=5, paper_file=None,
        now=at,
    )


def report(way: Way, after: float) -> None:
    way.fire(way.unit, Action.REPORT, way.day(after, 15))


def pass_district(way: Way, after: float) -> None:
    """The body without authority agrees and reports on."""
    _opinion(way, way.district, texts.OPINION_DISTRICT, after)
    way.fire(way.district, Action.REPORT, way.day(after, 15))


def finish(way: Way, after: float) -> None:
    _opinion(way, way.committee, texts.OPINION_COMMITTEE, after)
    way.fire(way.committee, Action.FINISH, way.day(after, 15))


def _opinion(way: Way, actor: Actor, text: str, after: float) -> None:
    said = reviews.OpinionText(text=text.format(name=way.person.name), signed_by="审核人")
    reviews.save_opinion(way.city.session, way.application, actor, said, version=0, now=way.day(after, 9))


def order_of(way: Way) -> FeeOrder:
    return way.city.session.scalars(
        sa.select(FeeOrder).where(FeeOrder.application_id == way.application.id).order_by(FeeOrder.id.desc())
    ).first()  # type: ignore[return-value]


def pay(way: Way, after: float) -> None:
    order = order_of(way)
    if order is None:
        return
    at = way.day(after, 16)
    notice = PaymentNotice(order.number, order.amount_fen, _at_the_cashier(way, order), at)
    payments.book(way.city.session, notice, now=at)


def _at_the_cashier(way: Way, order: FeeOrder) -> str:
    """Pays there too, so that the payment can be refunded; the transaction's id."""
    cashier = way.city.gateways.payment
    if not isinstance(cashier, SimulatedCashier):
        return f"DEMO{order.number}"
    soon = cashier.clock() + payments.CODE_LIFE
    with suppress(AlreadyPaid):  # by a city that was made before, of which the cashier still knows
        cashier.create_order(order.number, order.amount_fen, way.application.title_name, soon, "")
        cashier.pay(order.number)
    return cashier.query(order.number).transaction_id or ""


def ask_to_withdraw(way: Way, after: float) -> None:
    ask_withdrawal(
        way.city.session, way.application, way.applicant, reason=texts.WITHDRAW, version=way.application.version,
        now=way.day(after, 11),
    )


def withdraw(way: Way, after: float) -> None:
    """The committee agrees; the order that was due is closed."""
    at = way.day(after, 15)
    way.fire(way.committee, Action.WITHDRAW, at, Move(reason=texts.WITHDRAWN))
    refunding.close(way.city.session, order_of(way), way.city.gateways.payment, now=at)


def give_back(way: Way, actor: Actor, after: float) -> None:
    """退回个人, naming two sections."""
    items = (ReturnItem("EDU", texts.RETURN_EDU, "R03"), ReturnItem("PROJECT", texts.RETURN_PROJECT, "R11"))
    way.fire(actor, Action.RETURN_TO_APPLICANT, way.day(after, 16), Move(reason=texts.RETURN_EDU, items=items))


def to_committee(way: Way) -> None:
    """The usual way from the draft to the committee's desk; its notice is the unit's own for this one."""
    begin(way)
    hand_in(way)
    recommend(way, 1)
    post([way], 2)
    report(way, 20)
    pass_district(way, 22)


def to_ready(way: Way) -> None:
    to_committee(way)
    finish(way, 25)
    pay(way, 26)


def meet(ways: Sequence[Way], name: str, held: float, *, failing: frozenset[str] = frozenset()) -> Meeting:
    """Convenes the ways in one meeting, `held` days before now; closes it with votes unless it is still to come."""
    first = ways[0]
    city = first.city
    planned = city.ago(max(held, 0) + 3)
    meeting = meetings.plan(
        city.session, first.committee, name=name, held_on=(city.now - timedelta(days=held)).date(), place="市示例会议中心",
        members_expected=MEMBERS, now=planned,
    )
    meetings.convene(city.session, meeting, [way.application for way in ways], first.committee, now=planned)
    if held >= 0:
        votes = {}
        by_application = {way.application.id: way for way in ways}
        for candidate in candidates_of(city.session, meeting):
            lost = by_application[candidate.application_id].story.goal in failing
            votes[candidate.id] = Votes(5, 7, 1) if lost else Votes(12, 1, 0)
        at = city.ago(held, 16)
        meetings.record_votes(
            city.session, meeting, first.committee, present=PRESENT, votes=votes, notes={}, now=at
        )
        meetings.close(city.session, meeting, first.committee, now=at)
    return meeting


def publish(meeting: Meeting, way: Way, ago: float) -> PublicNotice:
    city = way.city
    return meetings.publish(
        city.session, meeting, way.committee, place="本平台", contact="评委会办公室 0772-0000000", working_days=5,
        now=city.ago(ago, 9),
    )


def approve(ways: Sequence[Way], number: str, ago: float) -> None:
    city = ways[0].city
    at = city.ago(ago, 10)
    document = meetings.DocumentFacts(number, "关于公布职称评审结果的通知（演示）", at.date(), "市职改办（演示）")
    meetings.approve(
        city.session, [way.application for way in ways], city.actors["demo-office"], document=document, now=at
    )


def issue(ways: Sequence[Way], ago: float) -> None:
    city = ways[0].city
    for way in ways:
        certificates.issue(city.session, way.application, city.actors["demo-office"], now=city.ago(ago, 10))


def revoke(way: Way, ago: float) -> None:
    city = way.city
    certificate = city.session.scalars(
        sa.select(Certificate).where(Certificate.application_id == way.application.id)
    ).one()
    certificates.revoke(
        city.session, certificate, city.actors["demo-office"], reason=texts.REVOKED, now=city.ago(ago, 10)
    )


def object_to(notice: PublicNotice, way: Way, ago: float, *, upheld: bool | None) -> None:
    """Somebody's word against an entry; None leaves it open."""
    city = way.city
    entry = next(entry for entry in notice.entries if entry.application_id == way.application.id)
    objection = notices.raise_objection(
        city.session, entry, text=texts.OBJECTION, contact="演示群众", now=city.ago(ago, 10)
    )
    if upheld is not None:
        notices.answer_objection(
            city.session, objection, entry, way.committee, upheld=upheld,
            answer=texts.UPHELD if upheld else texts.DISMISSED, now=city.ago(ago - 1, 10),
        )
