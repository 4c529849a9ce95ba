"""Starting and filling an application as its applicant would: every section that it has, with the files that it wants."""

from __future__ import annotations

import io
from collections.abc import Collection
from datetime import datetime
from typing import Any

from app.accounts.models import Person
from app.applications import checklist, choosing
from app.applications.models import Application, SectionDocument
from app.applications.sections import attach
from app.applications.sections.declaration import Attachment
from app.applications.sections.problems import ProblemCode
from app.catalogue.queries import qualifications_for
from app.demo import pictures
from app.demo.careers import Career, careers
from app.demo.city import City
from app.files.services import Format, Owner, Taken, give, take
from app.review_bodies.models import Campaign

SCHOOLS = ("广西示例大学", "桂中示例学院", "南方示例理工大学")
YEARS_IN_POST = 5  # full years since the present title: 继续教育 and 年度考核 of each
PAGES = {"ACHIEVE": 4}


def start(city: City, person: Person, campaign: Campaign, *, now: datetime) -> Application:
    """A draft in the campaign, with a specialty and title that it takes, and that an invented career leads to."""
    scope, career = city.dice.choice(
        [
            (scope, each)
            for scope in campaign.scopes
            for each in careers(scope.series_code)
            if scope.level_code in each.held
        ]
    )
    specialty = career.specialties[0]
    offered = qualifications_for(city.session, scope.series_code, specialty, [scope.level_code])
    return choosing.start(
        city.session, person, campaign=campaign, specialty=specialty, title=offered[0].code, apply_type="NORMAL",
        pledge_version=campaign.pledge_version, now=now, address="127.0.0.1",
    )


def fill(
    city: City, application: Application, person: Person, *, now: datetime, only: Collection[str] = (),
    without: Collection[str] = (),
) -> None:
    """The sections as complete documents with their files: `only` some, or all `without` some."""
    documents = {
        code: document
        for code, document in _documents(city, application, person, now.year).items()
        if (not only or code in only) and code not in without
    }
    if "REP" in documents:  # what is left out cannot be referred to
        documents["REP"]["rows"] = [row for row in documents["REP"]["rows"] if row["ref"].split(":")[0] in documents]
    city.session.add_all(
        SectionDocument(application_id=application.id, section=code, document=document, version=1, saved_at=now)
        for code, document in documents.items()
    )
    application.saved_at = now
    city.session.flush()
    _upload_what_is_missing(city, application, person, documents, now)


def _documents(city: City, application: Application, person: Person, year: int) -> dict[str, dict[str, Any]]:
    dice = city.dice
    assert person.birth_date is not None
    graduated = person.birth_date.year + 22
    career = _career(application)
    level, title = career.held[application.level_code]
    unit = next(unit for unit in city.units if unit.id == application.unit_id)
    public = unit.nature_code == "PSU_FULL"
    got = year - 1 - YEARS_IN_POST
    in_post = range(year - YEARS_IN_POST, year)
    basic = {
        "ethnic": dice.choice(("01", "08")), "political": dice.choice(("01", "13")), "work_start": f"{graduated}-08",
        "post": career.post, "dept": career.dept, "health": "GOOD",
        "social_no": None if public else f"S{person.id:08d}", "address": "柳州市示例路 1 号",
    }
    edu = {
        "id": "edu-1", "level": "BACHELOR", "degree": career.degree, "mode": "FT", "school": dice.choice(SCHOOLS),
        "major": career.major, "start": f"{graduated - 4}-09", "end": f"{graduated}-07",
        "cert_no": f"DEMO{graduated}{person.id:05d}", "degree_no": f"DEMOX{graduated}{person.id:05d}",
        "degree_date": f"{graduated}-07", "is_highest": True, "is_first": True, "is_apply_basis": True,
    }
    work = [
        {"id": "work-1", "start": f"{graduated}-08", "end": f"{graduated + 4}-12", "unit": career.first_unit,
         "post": career.first_post, "specialty": career.specialty, "is_pro": True},
        {"id": "work-2", "start": f"{graduated + 5}-01", "end": None, "unit": unit.name, "dept": career.dept, "post": title,
         "specialty": career.specialty, "is_pro": True},
    ]
    current = {
        "id": "title-1", "series": career.series, "title": title, "level": level, "specialty": career.specialty,
        "date": f"{got}-11-30", "way": "REVIEW", "approve_org": "市职改办（演示）", "approve_no": f"演示〔{got}〕12号",
        "cert_no": f"DEMO{got}{person.id:06d}", "employ_start": f"{got + 1}-01-01", "employ_unit": unit.name,
        "is_current": True,
    }
    further = [
        {"id": f"ce-{each}", "year": each, "public_hours": "30", "pro_hours": hours, "total": str(30 + int(hours)),
         "cert_no": f"DEMOJX{each}{person.id:05d}", "result": True}
        for each, hours in zip(in_post, dice.choices(("60", "62", "66", "72"), k=YEARS_IN_POST), strict=True)
    ]
    assessments = [
        {"id": f"assess-{each}", "year": each, "grade": grade, "unit": unit.name}
        for each, grade in zip(in_post, dice.choices("BBBA", k=YEARS_IN_POST), strict=True)
    ]
    own = {code: {"rows": career.rows(code, year=year, graduated=graduated)} for code in career.sections}
    return {
        "BASIC": {"values": basic}, "APPLY": {"values": {"years_in_specialty": year - graduated}},
        "EDU": {"rows": [edu]}, "WORK": {"rows": work}, "TITLE": {"rows": [current]},
        "CE": {"rows": further}, "ASSESS": {"rows": assessments}, "SUMMARY": {"values": {"text": "\n\n".join(career.summary)}},
        attach.CODE: {"values": {}},
    } | own


def _career(application: Application) -> Career:
    return next(
        each for each in careers(application.series_code) if application.specialty_code in each.specialties
    )


def _upload_what_is_missing(
    city: City, application: Application, person: Person, documents: Collection[str], now: datetime
) -> None:
    """A file wherever the checklist asks for one, and the merged PDF where a row names its pages."""
    whole = checklist.read(city.session, application, now=now)
    for each in whole.missing:
        if each.problem.code is ProblemCode.FILE_MISSING and each.section in documents:
            place = whole.section(each.section).section.attachment(each.place or "")
            give(
                city.session, _taken(city, place, person), kind=place.kind,
                owner=Owner(application_id=application.id, section=each.section, row_id=each.row_id or ""),
                uploaded_by_id=person.id, now=now,
            )
    city.session.flush()


def _taken(city: City, place: Attachment, person: Person) -> Taken:
    """The judged paper, its bytes put anew for each application: nothing that is deleted is another's."""
    key = f"photo-{person.id % 12}" if place.kind == "PHOTO" else place.kind
    paper = "jpg" not in place.formats
    name = f"{place.label.replace('/', '、')}.{'pdf' if paper else 'jpg'}"
    if key not in city.taken:
        data = (
            pictures.portrait(person.id % 12) if place.kind == "PHOTO"
            else pictures.pdf(place.label, ("材料说明", "证明内容", "盖章"), PAGES.get(place.kind, 2)) if paper
            else pictures.scan(place.label, ("姓名：某某某", "编号：DEMO"))
        )
        city.taken[key] = take(
            city.gateways.storage, city.gateways.scanner, io.BytesIO(data), name=name,
            formats=(Format.JPG, Format.PDF),
        )
        return city.taken[key]
    first = city.taken[key]
    with city.gateways.storage.open(first.storage_key) as stream:
        stored = city.gateways.storage.put(stream, first.size)
    return Taken(stored.key, name, first.media_type, stored.size, first.pages, stored.sha256)
