"""A city with one application at the unit, staff who log in, and answers for the facts of packages not tested here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.applications import dossier, facts
from app.applications.models import Application
from app.review_bodies.models import BodyPower
from app.workflow.actor import Actor
from app.workflow.facts import Fact
from app.workflow.states import Party, State
from tests.factories import City, application, city, log_in, notice, person, unit_opinion


def authority(question: facts.Question) -> bool:
    row = question.application
    found = question.session.scalar(
        sa.select(BodyPower.id).where(
            BodyPower.body_id == row.holder_body_id, BodyPower.series_code == row.series_code,
            BodyPower.level_code == row.level_code,
        )
    )
    return found is not None


@pytest.fixture(autouse=True)
def answered(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facts that no package answers yet, and an empty dossier where it is not written yet."""
    missing: dict[Fact, Any] = {fact: lambda question: True for fact in facts.unanswered()}
    if Fact.REVIEW_AUTHORITY in missing:
        missing[Fact.REVIEW_AUTHORITY] = authority
    monkeypatch.setattr(facts, "_providers", facts._providers | missing)
    if not hasattr(dossier, "read"):
        monkeypatch.setattr(dossier, "read", stub_dossier, raising=False)


def stub_dossier(session: Session, row: Application, **_: Any) -> dossier.Dossier:
    values = (dossier.DossierValue("school", "毕业院校", "新大学", before="旧大学"),)
    return dossier.Dossier(
        row.number, (dossier.DossierSection("BASIC", "基本信息", 1), dossier.DossierSection("EDU", "学历学位", 2, values, changed=True)),
    )


@dataclass
class Story:
    """Everybody who has a part, with one application under review at the unit."""

    session: Session
    town: City
    applicant: Any
    row: Application
    app: Flask

    def actor(self, party: Party) -> Actor:
        bodies = {Party.BODY: self.town.district.id, Party.OFFICE: self.town.office.id}
        return Actor(
            party=party, person_id=self.applicant.id, name="单位" if party is Party.UNIT else "机构",
            unit_id=self.town.unit.id if party is Party.UNIT else None, body_id=bodies.get(party),
        )

    def client(self, role: Role, **values: Any) -> Any:
        if role in (Role.UNIT_OPERATOR, Role.UNIT_ADMIN):
            values = {"unit_id": self.town.unit.id} | values
        if role in (Role.BODY_REVIEWER, Role.BODY_ADMIN):
            values = {"body_id": self.town.district.id} | values
        if role is Role.OFFICE_ADMIN:
            values = {"body_id": self.town.office.id} | values
        who = person(self.session, role, name="韦经办", **values)
        return log_in(self.app.test_client(), self.session, who)

    def ready(self, today: date) -> None:
        """Opinion written and notice over: only 上报 is left."""
        unit_opinion(self.session, self.row)
        notice(self.session, self.row, posted_on=today - timedelta(days=20), closes_on=today - timedelta(days=5))
        self.session.commit()

    def state(self) -> State:
        self.session.rollback()
        self.session.expire_all()
        return self.row.state


@pytest.fixture
def story(app: Flask, session: Session) -> Story:
    town = city(session)
    applicant = person(session, Role.APPLICANT, serial=21)
    row = application(session, town, applicant, state=State.UNIT_REVIEW)
    session.commit()
    return Story(session, town, applicant, row, app)
