"""Changing the tree, powers and campaigns, and making the accounts of bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.accounts.creating import HASH_METHOD, create_account
from app.accounts.models import Person
from app.accounts.roles import PARTY_OF, Role
from app.audit.services import record
from app.review_bodies.models import BodyPower, Campaign, CampaignScope, ReviewBody
from app.workflow.actor import Actor
from app.workflow.states import Party

Pair = tuple[str, str]  # (series code, level code)


class Circle(Exception):
    """The body would stand below itself."""


class SecondRoot(Exception):
    """Only the office stands at the top of the tree."""


class WindowsDisagree(Exception):
    """`problem`: closes_before_opens | unit_before_close | not_later (an extension must move the end back)."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class OutsidePowers(Exception):
    """The body has no review authority over these pairs of series and level."""

    def __init__(self, pairs: Iterable[Pair]) -> None:
        self.pairs = sorted(pairs)
        super().__init__(str(self.pairs))


class NotYours(Exception):
    """This account, role or body is not the actor's to give."""


class LoginNameTaken(Exception):
    """Somebody logs in with this name already."""


def check_place(session: Session, body: ReviewBody) -> None:
    """Raises SecondRoot for a second body without parent, Circle for a body below itself."""
    parents: dict[int, int | None] = dict(session.execute(sa.select(ReviewBody.id, ReviewBody.parent_id)).all())
    roots = {key for key, parent in parents.items() if parent is None and key != body.id}
    if body.parent_id is None:
        if roots:
            raise SecondRoot()
        return
    above: int | None = body.parent_id
    passed: set[int] = set()
    while above is not None and above not in passed:
        if above == body.id:
            raise Circle()
        passed.add(above)
        above = parents.get(above)


def set_powers(session: Session, body: ReviewBody, pairs: set[Pair], actor: Actor, *, now: datetime) -> None:
    """Makes `pairs` the review authority of the body (powers loaded)."""
    held = {(power.series_code, power.level_code): power for power in body.powers}
    for pair in held.keys() - pairs:
        body.powers.remove(held[pair])
    body.powers.extend(BodyPower(series_code=series, level_code=level) for series, level in sorted(pairs - held.keys()))
    session.flush()
    record(
        session, actor, "set_powers", "review_body", body.id, now=now,
        added=sorted(map("/".join, pairs - held.keys())), removed=sorted(map("/".join, held.keys() - pairs)),
    )


def check_windows(campaign: Campaign) -> None:
    """Raises WindowsDisagree."""
    if campaign.closes_at <= campaign.opens_at:
        raise WindowsDisagree("closes_before_opens")
    if campaign.unit_closes_at < campaign.closes_at:
        raise WindowsDisagree("unit_before_close")


def next_pledge_version(campaign: Campaign, pledge_before: str | None) -> None:
    """Raises the version of the pledge when its text changed: what somebody confirmed stays recognisable."""
    if pledge_before is not None and campaign.pledge != pledge_before:
        campaign.pledge_version = str(int(campaign.pledge_version or "1") + 1)


def set_scopes(
    session: Session, campaign: Campaign, fees: Mapping[Pair, int], actor: Actor, *, now: datetime
) -> None:
    """What the campaign takes, and the fee in fen for each; raises OutsidePowers. Fees already fixed in applications
    stay as they are."""
    powers = {(power.series_code, power.level_code) for power in campaign.body.powers}
    held = {(scope.series_code, scope.level_code): scope for scope in campaign.scopes}
    if foreign := fees.keys() - powers - held.keys():
        raise OutsidePowers(foreign)
    for pair in held.keys() - fees.keys():
        campaign.scopes.remove(held[pair])
    for pair, fee in fees.items():
        if pair in held:
            held[pair].fee_fen = fee
        else:
            campaign.scopes.append(CampaignScope(series_code=pair[0], level_code=pair[1], fee_fen=fee))
    session.flush()
    record(
        session, actor, "set_scopes", "campaign", campaign.id, now=now,
        fees={"/".join(pair): fee for pair, fee in sorted(fees.items())},
    )


def extend(
    session: Session, campaign: Campaign, actor: Actor, *, closes_at: datetime, unit_closes_at: datetime, now: datetime
) -> None:
    """Moves the ends of the campaign later; raises WindowsDisagree."""
    if closes_at < campaign.closes_at or unit_closes_at < campaign.unit_closes_at:
        raise WindowsDisagree("not_later")
    before = campaign.closes_at, campaign.unit_closes_at
    campaign.closes_at, campaign.unit_closes_at = closes_at, unit_closes_at
    check_windows(campaign)
    record(
        session, actor, "extend", "campaign", campaign.id, now=now,
        before=[each.isoformat() for each in before], after=[closes_at.isoformat(), unit_closes_at.isoformat()],
    )


def roles_to_give(actor: Actor) -> list[Role]:
    """Which roles the actor may give to a new account of a body: the office any of them, a body its reviewers."""
    match actor.party:
        case Party.OFFICE:
            return [Role.BODY_REVIEWER, Role.BODY_ADMIN, Role.OFFICE_ADMIN]
        case Party.BODY:
            return [Role.BODY_REVIEWER]
        case _:
            return []


def create_staff(
    session: Session, actor: Actor, *, login_name: str, name: str, phone: str, role: Role, body: ReviewBody,
    password: str, now: datetime, hash_method: str = HASH_METHOD,
) -> Person:
    """An account of a body; the office's accounts belong to the root body and no other does. Raises NotYours or
    LoginNameTaken."""
    if role not in roles_to_give(actor) or (actor.party is Party.BODY and body.id != actor.body_id):
        raise NotYours()
    if (PARTY_OF[role] is Party.OFFICE) != (body.parent_id is None):
        raise NotYours()
    if session.scalar(sa.select(User.id).where(User.username == login_name)) is not None:
        raise LoginNameTaken(login_name)
    person = create_account(
        session, name=name, password=password, roles=[role], now=now, login_name=login_name, phone=phone or None,
        body_id=body.id, hash_method=hash_method,
    )
    record(session, actor, "create_account", "person", person.id, now=now, role=role.value, body=body.id)
    return person
