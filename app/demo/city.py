"""Bodies, campaigns, units and accounts of the invented city."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session

from app.accounts import places
from app.accounts.creating import create_account
from app.accounts.identity import check_digit
from app.accounts.models import Person
from app.accounts.roles import Role
from app.accounts.services import CONSENT_VERSION, give_consent
from app.announcements.models import Announcement, AnnouncementKind
from app.days import BEIJING
from app.demo import pictures, texts
from app.files.services import Format, Taken, take
from app.gateways.opening import Gateways
from app.review_bodies.models import BodyPower, Campaign, CampaignScope, ReviewBody
from app.units import belonging
from app.units import services as units
from app.units.models import Unit
from app.workflow.actor import Actor
from app.workflow.states import Party

DATA = Path(__file__).resolve().parent.parent / "data" / "demo"
PASSWORD = "Demo-2026"  # noqa: S105  # printed on the pages of the demonstration, which production refuses
SEED = 450_200
CHEAP = "pbkdf2:sha256:1"  # replaced at once by the one hash of PASSWORD
NOWHERE = "450299"  # no county has this code: the invented numbers are nobody's
COMMITTEES = ("LZ-ENG-ASSOC", "LZ-ENG-MID", "LZ-EDU-ASSOC", "LZ-EDU-MID", "LZ-AGR-MID", "GX-HLTH-HIGH")
OFFICE_CODE = "DEMO-OFFICE"
HERE = ("127.0.0.1", "::1")  # whoever tries the city on the machine that serves it is at a usual place


@dataclass
class City:
    """What the journeys need, by its key."""

    session: Session
    gateways: Gateways
    now: datetime
    password_hash: str  # one for everybody: hashing is meant to be slow
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    bodies: dict[str, ReviewBody] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    units: list[Unit] = field(default_factory=list)
    actors: dict[str, Actor] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    taken: dict[str, Taken] = field(default_factory=dict)

    def ago(self, days: float, hour: int = 10) -> datetime:
        """A moment of the working day, `days` before now."""
        day = (self.now - timedelta(days=days)).astimezone(BEIJING)
        return min(day.replace(hour=hour, minute=self.dice.randrange(60), second=0, microsecond=0), self.now)

    def account(self, key: str, role: Role, name: str, **values: Any) -> Person:
        """A login `key` of staff with its actor, the demonstration's password and no costly hashing."""
        place = values.get("body_id") or values.get("unit_id")
        person = create_account(
            self.session, name=name, password=PASSWORD, roles=[role], login_name=key, now=self.ago(200),
            hash_method=CHEAP, **{"phone": f"138000020{len(self.actors):02d}", **values},
        )
        self.open_here(person)
        office = {body.id: body.name for body in self.bodies.values()}.get(values.get("body_id"), "")
        self.actors[key] = actor_of(person, office if place else "")
        return person

    def body_actor(self, body_id: int | None) -> Actor:
        """Somebody who acts for the body."""
        return next(actor for actor in self.actors.values() if actor.body_id == body_id and body_id is not None)

    def open_here(self, person: Person) -> None:
        """An account of staff with the password of all, and no SMS code for visitors of this machine."""
        self.set_password(person)
        for address in HERE:
            places.trust_network(self.session, person, address, now=self.now)

    def set_password(self, person: Person) -> None:
        self.session.execute(sa.update(User).where(User.id == person.user_id).values(password=self.password_hash))


def actor_of(person: Person, name: str) -> Actor:
    """The actor that the edge would build for this account."""
    return Actor(
        party=person.kind,
        person_id=person.id,
        unit_id=person.unit_id if person.kind is Party.UNIT else None,
        body_id=person.body_id if person.kind in (Party.BODY, Party.OFFICE) else None,
        name=name,
        address="127.0.0.1",
    )


def stands(session: Session) -> bool:
    """Whether the city was made already."""
    return session.scalar(sa.select(ReviewBody.id).where(ReviewBody.code == OFFICE_CODE)) is not None


def build(city: City) -> None:
    """Everything before the first application."""
    _bodies(city)
    _campaigns(city)
    _staff(city)
    _units(city)
    _people(city)
    _announcements(city)


def _rows(name: str) -> Iterable[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((DATA / name).read_text(encoding="utf-8"))))


def _bodies(city: City) -> None:
    office = ReviewBody(
        code=OFFICE_CODE, name="市职改办（演示）", division_code="450200", approves_units=True, approves_identities=True,
        approves_results=True, owns_catalogues=True, phone="0772-0000000",
    )
    city.session.add(office)
    city.session.flush()
    city.bodies["office"] = office
    for key, name, division in (
        ("chengzhong", "城中区职改办（演示）", "450202"), ("yufeng", "鱼峰区职改办（演示）", "450203"),
        ("liunan", "柳南区职改办（演示）", "450204"), ("housing", "市住房城乡建设主管部门（演示）", "4502SZ"),
    ):
        city.bodies[key] = ReviewBody(
            code=f"DEMO-{key.upper()}", name=name, parent_id=office.id, division_code=division,
        )
    for row in _rows("committee_sample.csv"):
        if row["code"] in COMMITTEES:
            city.bodies[row["code"]] = ReviewBody(
                code=row["code"], name=f"{row['name']}（演示）", parent_id=office.id, division_code=row["region"],
                powers=[
                    BodyPower(series_code=row["series_code"], level_code=level) for level in row["level"].split("|")
                ],
            )
    city.session.add_all(city.bodies.values())
    city.session.flush()


# key, committee, years back, opened and closes in days before now (negative: ahead), fee from the file, defence
CAMPAIGNS: tuple[tuple[str, str, int, int, int, bool, bool], ...] = (
    ("eng-assoc", "LZ-ENG-ASSOC", 0, 150, -45, True, False),
    ("eng-mid", "LZ-ENG-MID", 0, 150, -3, True, False),
    ("edu-assoc", "LZ-EDU-ASSOC", 0, 150, -60, True, True),
    ("edu-mid", "LZ-EDU-MID", 0, 150, -30, False, False),
    ("agr-mid", "LZ-AGR-MID", 0, 150, 20, True, False),
    ("hlth-assoc", "GX-HLTH-HIGH", 0, 150, -40, True, False),
    ("eng-assoc-before", "LZ-ENG-ASSOC", 1, 520, 400, True, False),
    ("eng-mid-before", "LZ-ENG-MID", 1, 520, 400, True, False),
)


def _campaigns(city: City) -> None:
    fees = {row["level_code"]: int(row["amount_fen"]) for row in _rows("demo_fee.csv")}
    year = city.now.astimezone(BEIJING).year
    for key, committee, back, opened, closes, charged, defence in CAMPAIGNS:
        body = city.bodies[committee]
        power = next(row for row in _rows("committee_sample.csv") if row["code"] == committee)
        closes_at = (city.now - timedelta(days=closes)).astimezone(BEIJING).replace(
            hour=18, minute=0, second=0, microsecond=0
        )
        city.campaigns[key] = Campaign(
            body_id=body.id, year=year - back, name=f"{year - back}年度评审（演示）",
            opens_at=(city.now - timedelta(days=opened)).astimezone(BEIJING).replace(
                hour=9, minute=0, second=0, microsecond=0
            ),
            closes_at=closes_at, unit_closes_at=closes_at + timedelta(days=20), instructions=texts.INSTRUCTIONS,
            pledge=texts.PLEDGE, defence_required=defence,
            scopes=[
                CampaignScope(
                    series_code=power["series_code"], level_code=level, fee_fen=fees[level] if charged else 0
                )
                for level in power["level"].split("|")
            ],
        )
    city.session.add_all(city.campaigns.values())
    city.session.flush()


def _staff(city: City) -> None:
    bodies = city.bodies
    city.account("demo-office", Role.OFFICE_ADMIN, "唐主任", body_id=bodies["office"].id)
    for key, body in (("demo-district", "chengzhong"), ("demo-yufeng", "yufeng"), ("demo-liunan", "liunan"),
                      ("demo-housing", "housing")):
        city.account(key, Role.BODY_REVIEWER, f"{'何冯贾邓'[len(city.actors) % 4]}审核", body_id=bodies[body].id)
    city.account("demo-committee", Role.BODY_REVIEWER, "龙审核", body_id=bodies["LZ-ENG-ASSOC"].id)
    city.account("demo-committee-admin", Role.BODY_ADMIN, "甘管理", body_id=bodies["LZ-ENG-ASSOC"].id)
    for code in COMMITTEES[1:]:
        city.account(f"demo-{code.lower()}", Role.BODY_ADMIN, "评委会管理员", body_id=bodies[code].id)
    city.account("demo-system", Role.SYSTEM_ADMIN, "系统管理员")
    city.account("demo-security", Role.SECURITY_ADMIN, "安全管理员")
    city.account("demo-audit", Role.AUDIT_ADMIN, "审计管理员")


# name, code, division, level, nature, reports to, login name
UNITS: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("柳州示例建筑设计有限公司（演示）", "91450200MADEM0001", "450202", "ENT", "PRIV", "chengzhong", "demo-unit"),
    ("柳州示例汽车零部件有限公司（演示）", "91450200MADEM0002", "450203", "ENT", "SOE", "yufeng", "demo-unit-yf"),
    ("柳州市示例第一中学（演示）", "12450200MADEM0003", "450202", "CITY", "PSU_FULL", "chengzhong", "demo-school"),
    ("柳南区示例小学（演示）", "12450204MADEM0004", "450204", "COUNTY", "PSU_FULL", "liunan", "demo-primary"),
    ("柳州示例市政工程有限公司（演示）", "91450200MADEM0005", "4502SZ", "ENT", "SOE", "housing", "demo-works"),
    ("柳南区示例农业技术推广站（演示）", "12450204MADEM0006", "450204", "COUNTY", "PSU_FULL", "liunan", "demo-farm"),
    ("柳州市示例人民医院（演示）", "12450200MADEM0010", "450202", "CITY", "PSU_FULL", "chengzhong", "demo-hospital"),
    ("柳州示例检测技术有限公司（演示）", "91450200MADEM0007", "450203", "ENT", "PRIV", "", "demo-pending"),
    ("鱼峰区示例职业培训学校（演示）", "52450203MADEM0008", "450203", "OTHER", "PNE", "", "demo-pending2"),
    ("柳州示例环保科技有限公司（演示）", "91450200MADEM0009", "450204", "ENT", "PRIV", "refused", "demo-refused"),
)
USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc(first17: str) -> str:
    """With the check character of GB 32100."""
    total = sum(USCC_CHARACTERS.index(ch) * pow(3, place, 31) for place, ch in enumerate(first17))
    return first17 + USCC_CHARACTERS[(31 - total % 31) % 31]


def _taken(city: City, title: str, *lines: str) -> Taken:
    picture = io.BytesIO(pictures.scan(title, lines))
    gateways = city.gateways
    return take(gateways.storage, gateways.scanner, picture, name=f"{title}.jpg", formats=(Format.JPG,))


def _units(city: City) -> None:
    office = city.actors["demo-office"]
    for place, (name, code, division, level, nature, reports_to, login) in enumerate(UNITS):
        made = city.ago(170 - place * 2)
        details = units.UnitDetails(
            name, uscc(code.replace("O", "0")), division, level, nature, f"{texts.SURNAMES[place]}经办",
            f"138000010{place:02d}",
        )
        unit = units.register(
            city.session, details=details, account=units.NewAccount(login, PASSWORD),
            papers={
                "certificate": _taken(city, "单位注册证件", name, details.uscc),
                "pledge": _taken(city, "承诺书", name, "本单位承诺所报材料真实"),
            },
            now=made if reports_to else city.ago(place - 6), hash_method=CHEAP,
        )
        admin = city.session.scalars(sa.select(Person).where(Person.unit_id == unit.id)).one()
        city.open_here(admin)
        city.actors[login] = actor_of(admin, name)
        if reports_to == "refused":
            units.refuse(city.session, unit, office, reason=texts.REFUSED_UNIT, now=city.ago(2))
        elif reports_to:
            units.approve(
                city.session, unit, office, reports_to=city.bodies[reports_to], now=made + timedelta(days=1)
            )
            belonging.generate_key(city.session, unit, city.actors[login], now=made + timedelta(days=1, hours=1))
            city.units.append(unit)
    first = city.units[0]
    city.account("demo-unit2", Role.UNIT_OPERATOR, "石经办", unit_id=first.id, phone="13800001099")


PEOPLE = 69


def _people(city: City) -> None:
    """Applicants with phones from 13800000001 on, spread over the units as the plan of journeys needs them."""
    names = [f"{surname}{given}" for surname in texts.SURNAMES for given in texts.GIVEN]
    city.dice.shuffle(names)
    for serial in range(1, PEOPLE + 1):
        born = f"{city.dice.randrange(1978, 1993)}{city.dice.randrange(1, 13):02d}{city.dice.randrange(1, 29):02d}"
        first17 = f"{NOWHERE}{born}{serial:03d}"
        person = create_account(
            city.session, name=names[serial], password=PASSWORD, roles=[Role.APPLICANT], now=city.ago(165),
            phone=f"138{serial:08d}", id_type="ID", id_no=first17 + check_digit(first17), hash_method=CHEAP,
        )
        give_consent(city.session, person, CONSENT_VERSION, at=person.created_at)
        city.people.append(person)
    city.session.flush()
    ids = [person.user_id for person in city.people]
    city.session.execute(sa.update(User).where(User.id.in_(ids)).values(password=city.password_hash))


def _announcements(city: City) -> None:
    for days, (title, body, pinned) in enumerate(texts.NOTICES):
        moment = city.ago(120 - days * 25)
        city.session.add(
            Announcement(kind=AnnouncementKind.NOTICE, title=title, body=body, pinned=pinned, published_at=moment,
                         created_at=moment)
        )
    for series, level, title, body in texts.CONDITIONS:
        moment = city.ago(150)
        city.session.add(
            Announcement(kind=AnnouncementKind.CONDITIONS, title=title, body=body, series_code=series,
                         level_code=level, published_at=moment, created_at=moment)
        )
    city.session.flush()
