"""An applicant of a small city who fills in an application through the pages."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import pikepdf
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.accounts.roles import Role
from app.applications.models import Application
from tests.applications.sections.complete import SUMMARY_TEXT
from tests.factories import City, city, log_in, person

WORK_ROW = "a00000000001"


def jpeg(width: int = 300, height: int = 420, noise: bool = False) -> bytes:
    picture = (
        Image.effect_noise((width, height), 100).convert("RGB")
        if noise
        else Image.new("RGB", (width, height))
    )
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95)
    return out.getvalue()


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 30)).save(out, "PNG")
    return out.getvalue()


def pdf(pages: int = 3, password: str = "") -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    for _ in range(pages):
        document.add_blank_page()
    document.save(out, encryption=pikepdf.Encryption(owner="o", user=password) if password else False)
    return out.getvalue()


@dataclass
class Desk:
    """The applicant with a logged-in client."""

    client: FlaskClient
    session: Session
    town: City
    who: Person
    number: str = ""
    csrf: str = ""

    def page(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.text[-2000:])
        return answer.text

    def token(self, path: str) -> str:
        """The token of the session, read once from a page with a form."""
        if self.csrf:
            return self.csrf
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.page(path))
        assert found, f"no form on {path}"
        self.csrf = found.group(1)
        return self.csrf

    def post(self, path: str, *, form: str = "", follow: bool = True, **fields: Any) -> Any:
        """Posts `fields` with the token of the page `form` (or of `path` itself)."""
        fields["csrf_token"] = self.token(form or path)
        answer = self.client.post(path, data=fields)
        return self.client.get(answer.location) if follow and answer.status_code == 302 else answer

    def upload(self, path: str, content: bytes, name: str = "x.jpg", json: bool = True) -> Any:
        data = {"csrf_token": self.token("/my/unit/"), "file": (io.BytesIO(content), name)}
        headers = {"Accept": "application/json"} if json else {}
        return self.client.post(path, data=data, headers=headers, content_type="multipart/form-data")

    @property
    def row(self) -> Application:
        self.session.expire_all()
        found = self.session.scalar(sa.select(Application).where(Application.number == self.number))
        assert found is not None
        return found

    def at(self, *parts: str) -> str:
        return "/my/" + "/".join((self.number, *parts)) + "/"

    def start(self) -> str:
        from app.applications.views import apply

        apply.READING_SECONDS, before = 0, apply.READING_SECONDS
        try:
            self.post("/my/apply/", read="1")
        finally:
            apply.READING_SECONDS = before
        self.post("/my/apply/pledge/", agree="1")
        campaign = self.town.campaign.id
        answer = self.post(
            "/my/apply/choose/", follow=False, campaign=campaign, specialty=f"{campaign}-{SPECIALTY}", title=TITLE,
            apply_type="NORMAL",
        )  # fmt: skip
        assert answer.status_code == 302, answer.text
        self.number = answer.location.rstrip("/").rsplit("/", 1)[-1]
        return self.number

    def fill(self) -> None:
        """Everything that the sections of an engineer ask for."""
        self.post(self.at("BASIC"), **prefixed(BASIC))
        self.post(self.at("APPLY"), **prefixed(APPLY))
        for code in ("photo", "id_front", "id_back"):
            assert self.upload(self.at("BASIC", "files", code), jpeg()).json["ok"]
        for section, values, files in (
            ("EDU", EDU, ("file", "degree_file", "verify_file")), ("WORK", WORK, ()), ("TITLE", TITLE_ROW, ("file",)),
            ("CE", CE, ("file",)), ("ASSESS", ASSESS, ()), ("PROJECT", PROJECT, ()),
        ):  # fmt: skip
            where = self.at(section, "rows", WORK_ROW)
            self.post(where, **prefixed(values))
            for code in files:
                answer = self.upload(self.at(section, "rows", WORK_ROW, "files", code), jpeg())
                assert answer.json["ok"], answer.json
        self.post(self.at("SUMMARY"), **prefixed({"text": SUMMARY_TEXT}))
        for code in ("achieve", "social", "contract"):
            assert self.upload(self.at("ATTACH", "files", code), pdf(8), "业绩.pdf").json["ok"]

    def submit(self) -> Any:
        return self.post(self.at("submit"), form=self.at("check"), promise="1", version=self.row.version)


def prefixed(values: dict[str, Any]) -> dict[str, Any]:
    return {f"f-{key}": value for key, value in values.items()}


SPECIALTY, TITLE = "050101", "05-039"
BASIC = {"ethnic": "08", "political": "13", "work_start": "201207", "post": "设计", "social_no": "4502001234"}
APPLY = {"years_in_specialty": "14"}
EDU = {
    "level": "BACHELOR", "degree": "408", "mode": "FT", "school": "广西大学", "major": "机械工程", "start": "2008-09",
    "end": "2012-06", "cert_no": "105931201205001234", "degree_no": "1059342012001234", "is_highest": "1",
    "is_apply_basis": "1",
}  # fmt: skip
WORK = {"start": "2012-07", "unit": "柳州某厂", "post": "工程师", "specialty": "设计", "is_pro": "1"}
TITLE_ROW = {
    "series": "05", "title": "工程师", "level": "MID", "specialty": "机械", "date": "2018-11-30", "way": "REVIEW",
    "approve_org": "柳州市职改办", "cert_no": "4502201805001", "is_current": "1",
}  # fmt: skip
PROJECT = {
    "name": "电池包轻量化", "kind": "PRODUCT", "grade": "UNIT", "source": "柳州某厂", "start": "2020-03", "role": "LEAD",
    "rank": "1", "total": "5", "status": "CLOSED", "duty": "方案设计", "effect": "减重12%", "pdf_page": "3-5,8",
}  # fmt: skip

CE = {"year": "2025", "public_hours": "30", "pro_hours": "62.5", "result": "1"}
ASSESS = {"year": "2025", "grade": "B", "unit": "柳州某厂"}


@pytest.fixture
def desk(client: FlaskClient, session: Session) -> Desk:
    town = city(session)
    who = person(session, Role.APPLICANT, unit_id=town.unit.id)
    session.commit()
    log_in(client, session, who)
    return Desk(client, session, town, who)


@pytest.fixture
def started(desk: Desk) -> Desk:
    desk.start()
    return desk


@pytest.fixture
def filled(started: Desk) -> Desk:
    started.fill()
    return started
