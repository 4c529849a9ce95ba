"""A small city for tests: an office, bodies above each other, a campaign, a unit, and people who log in."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.accounts import places, sessions
from app.accounts.creating import create_account
from app.accounts.identity import check_digit
from app.accounts.models import Person
from app.accounts.roles import Role
from app.applications.models import Application, RouteStep
from app.payments.models import FeeOrder
from app.payments.services import open_order
from app.public_notices.models import NoticeEntry, NoticeKind, NoticeMethod, PublicNotice
from app.review_bodies.models import BodyPower, Campaign, CampaignScope, ReviewBody
from app.reviews.models import Conclusion, Opinion
from app.units.models import Unit, UnitStatus
from app.workflow.states import Holder, Party, State

PASSWORD = "Passw0rd-2026"
FAST_HASH = "pbkdf2:sha256:1000"
# Of whom no test says which; whole hundreds and what is below are for those that do.
SERIALS = cycle(each for each in range(101, 1000) if each % 100)


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def id_number(serial: int = 1, born: str = "19880428", division: str = "450202") -> str:
    first17 = f"{division}{born}{serial:03d}"
    return first17 + check_digit(first17)


def phone_number(serial: int = 1) -> str:
    return f"138{serial:08d}"


@dataclass
class City:
    """office ← district (no authority) ← unit; the campaign belongs to `committee`, a child of the office with authority
    over one series (05), level ASSOC. The route of an application is district, committee."""

    office: ReviewBody
    district: ReviewBody
    committee: ReviewBody
    campaign: Campaign
    unit: Unit


def city(session: Session, *, fee_fen: int = 48000, now: datetime | None = None, series: str = "05") -> City:
    now = now or datetime.now(UTC)
    office = ReviewBody(
        code="OFFICE", name="柳州市职改办", approves_units=True, approves_identities=True,
        approves_results=True, owns_catalogues=True,
    )
    session.add(office)
    session.flush()
    district = ReviewBody(code="LZ-CZ", name="城中区职改办", parent_id=office.id)
    committee = ReviewBody(
        code="LZ-ENG-ASSOC", name="工程系列柳州市副高级评委会", parent_id=office.id,
        powers=[BodyPower(series_code=series, level_code="ASSOC")],
    )
    session.add_all([district, committee])
    session.flush()
    campaign = Campaign(
        body_id=committee.id, year=now.year, name="工程系列副高级评审", opens_at=now - timedelta(days=10),
        closes_at=now + timedelta(days=30), unit_closes_at=now + timedelta(days=45),
        instructions="请如实填报。", pledge="本人承诺所填内容真实。",
        scopes=[CampaignScope(series_code=series, level_code="ASSOC", fee_fen=fee_fen)],
    )
    unit = make_unit(session, reports_to=district, now=now)
    session.add(campaign)
    session.flush()
    return City(office, district, committee, campaign, unit)


def make_unit(
    session: Session, *, reports_to: ReviewBody, now: datetime | None = None, name: str = "柳州示例建筑工程有限公司",
    uscc: str = "91450200MA5NXXXX1A", **values: Any,
) -> Unit:
    unit = Unit(
        name=name, uscc=uscc, division_code="450202", level_code="ENT", nature_code="PRIV", contact_name="韦一",
        status=UnitStatus.APPROVED, reports_to_id=reports_to.id, created_at=now or datetime.now(UTC), **values,
    )
    session.add(unit)
    session.flush()
    return unit


def person(session: Session, role: Role, *, serial: int | None = None, name: str = "梁小燕", **values: Any) -> Person:
    """An account with `role`; an applicant gets a phone and an ID number made from `serial`. To staff this machine is a usual
    place."""
    serial = serial if serial is not None else next(SERIALS)
    if role is Role.APPLICANT:
        values = {"phone": phone_number(serial), "id_type": "ID", "id_no": id_number(serial % 1000)} | values
    else:
        values = {"login_name": f"user{serial}-{secrets.token_hex(3)}"} | values
    made = create_account(
        session, name=name, password=PASSWORD, roles=[role], now=datetime.now(UTC), hash_method=FAST_HASH, **values
    )
    if role is not Role.APPLICANT:
        places.trust_network(session, made, "127.0.0.1", now=datetime.now(UTC))
    return made


def log_in(client: FlaskClient, session: Session, who: Person) -> FlaskClient:
    """Opens a session for `who` as the login page would, without its page; commits."""
    window = "person" if who.kind is Party.APPLICANT else "org"
    token = sessions.open_session(
        session, who, window=window, address="127.0.0.1", agent="test", now=datetime.now(UTC)
    )
    session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def application(
    session: Session, town: City, applicant: Person, *, state: State = State.DRAFT, now: datetime | None = None,
    **values: Any,
) -> Application:
    """An application put into `state` directly, with its route where it has one: for tests that start in the middle."""
    now = now or datetime.now(UTC)
    holder, body = holder_of(state, town)
    submitted = None if state is State.DRAFT else now
    row = Application(
        **{
            "number": f"LZ{secrets.token_hex(6)}", "year": now.year, "applicant_id": applicant.id,
            "applicant_name": applicant.name, "unit_id": town.unit.id, "campaign_id": town.campaign.id,
            "series_code": "05", "specialty_code": "050101", "level_code": "ASSOC", "title_code": "05-039",
            "title_name": "高级工程师", "state": state, "holder": holder,
            "holder_body_id": body.id if body else None, "fee_fen": 48000, "pledge_version": "1",
            "pledge_digest": "0" * 64, "pledge_at": now, "created_at": now, "submitted_at": submitted, "moved_at": now,
        }
        | values
    )
    session.add(row)
    session.flush()
    if submitted:
        beyond_unit = state not in (State.UNIT_REVIEW, State.RETURNED, State.DECLINED, State.CANCELLED)
        at_committee = beyond_unit and state is not State.BODY_REVIEW or body is town.committee
        session.add_all(
            [
                RouteStep(application_id=row.id, position=1, body_id=town.district.id,
                          reached_at=now if beyond_unit else None),
                RouteStep(application_id=row.id, position=2, body_id=town.committee.id,
                          reached_at=now if at_committee else None),
            ]
        )
        if at_committee and state is not State.BODY_REVIEW:
            row.deciding_body_id = town.committee.id
        session.flush()
    return row


def holder_of(state: State, town: City) -> tuple[Holder, ReviewBody | None]:
    match state:
        case State.DRAFT | State.RETURNED | State.AWAITING_PAYMENT:
            return Holder.APPLICANT, None
        case State.UNIT_REVIEW:
            return Holder.UNIT, None
        case State.BODY_REVIEW:
            return Holder.BODY, town.district
        case State.READY | State.IN_MEETING | State.PASSED | State.PUBLICISED:
            return Holder.BODY, town.committee
        case State.APPROVED:
            return Holder.OFFICE, None
        case _:
            return Holder.NOBODY, None


def csrf(client: FlaskClient, path: str) -> str:
    """The token of the form on the page at `path`."""
    page = client.get(path, follow_redirects=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found, f"no form at {path} ({page.status_code})"
    return found[1]


def post_form(client: FlaskClient, path: str, *, page: str = "", **fields: Any) -> Any:
    """Posts `fields` to `path` with the token of the form on `page` (where it is not `path` itself)."""
    return client.post(path, data={"csrf_token": csrf(client, page or path)} | fields)


def fee_order(session: Session, row: Application, *, now: datetime | None = None) -> FeeOrder:
    """The open order of an application that awaits payment."""
    order = open_order(session, row, now=now or datetime.now(UTC))
    assert order is not None
    return order


def unit_opinion(session: Session, application: Application, **values: Any) -> Opinion:
    """A complete 单位推荐意见 that recommends."""
    opinion = Opinion(
        **{
            "application_id": application.id, "party": Party.UNIT, "unit_id": application.unit_id,
            "conclusion": Conclusion.AGREE, "text": "材料真实、完整，经公示无异议，同意推荐申报高级工程师。",
            "group_leader": "陆某", "group_members": "陆某、黄某、韦某、覃某、蒙某", "expected": 5, "present": 5,
            "agree": 5, "against": 0, "abstain": 0, "assessments": [{"year": 2025, "grade": "B"}],
            "signed_by": "陆某", "complete": True, "saved_at": datetime.now(UTC),
        }
        | values
    )
    session.add(opinion)
    session.flush()
    return opinion


def body_opinion(session: Session, application: Application, body: ReviewBody, **values: Any) -> Opinion:
    """A complete opinion of a body that agrees."""
    return unit_opinion(
        session, application,
        **{"party": Party.BODY, "unit_id": None, "body_id": body.id, "text": "材料完整，符合条件，同意上报评审。",
           "expected": None, "present": None, "agree": None, "against": None, "abstain": None} | values,
    )


def notice(session: Session, application: Application, *, posted_on: date, closes_on: date, **values: Any) -> PublicNotice:
    """The unit's notice of one application."""
    posted = PublicNotice(
        **{
            "token": secrets.token_urlsafe(12), "kind": NoticeKind.UNIT, "method": NoticeMethod.PLATFORM,
            "unit_id": application.unit_id, "title": "职称申报人员公示", "place": "公告栏", "contact": "人事科 0772-1234567",
            "posted_on": posted_on, "closes_on": closes_on, "working_days": 5, "created_at": datetime.now(UTC),
            "entries": [NoticeEntry(
                application_id=application.id,
                shown=dict.fromkeys(
                    ("sex", "born", "started_work", "education", "present_title", "appointed", "practice",
                     "apply_type", "assessments", "further_education", "achievements", "publications", "unit"), "",
                ) | {"name": application.applicant_name, "applied_for": application.title_name},
            )],
        }
        | values
    )
    session.add(posted)
    session.flush()
    return posted
