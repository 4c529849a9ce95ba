"""Starting and filling an application as its applicant would: all that its sections ask for, with the files."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications import choosing
from app.applications.models import Application, SectionDocument
from app.catalogue.models import Specialty, TitleName
from app.catalogue.queries import qualifications_for, specialties_of
from app.demo import pictures, texts
from app.demo.city import City
from app.files.services import Format, Owner, Taken, give, take
from app.review_bodies.models import Campaign

CURRENT = {"ASSOC": ("MID", "工程师"), "MID": ("ASSIST", "助理工程师")}
TEACHER = {"ASSOC": ("MID", "一级教师"), "MID": ("ASSIST", "二级教师")}
MAJORS = {"05": "土木工程", "22": "汉语言文学", "06": "农学"}
SCHOOLS = ("广西示例大学", "桂中示例学院", "南方示例理工大学")


def start(city: City, person: Person, campaign: Campaign, *, now: datetime) -> Application:
    """A draft in the campaign, with a specialty and title that it takes."""
    scope = campaign.scopes[0]
    for specialty in city.dice.sample(specialties_of(city.session, scope.series_code), k=8) * 2:
        offered = _offered(city.session, specialty, scope.level_code)
        if offered:
            break
    else:
        raise LookupError(f"no specialty of series {scope.series_code} leads to level {scope.level_code}")
    return choosing.start(
        city.session, person, campaign=campaign, specialty=specialty.code, title=offered[0].code, apply_type="NORMAL",
        pledge_version=campaign.pledge_version, now=now, address="127.0.0.1",
    )


def _offered(session: Session, specialty: Specialty, level: str) -> list[TitleName]:
    return qualifications_for(session, specialty.series_code, specialty.code, [level])


def fill(city: City, application: Application, person: Person, *, now: datetime, whole: bool = True) -> None:
    """The sections as complete documents with their files; half of them unless `whole`."""
    documents = _documents(city, application, person, now.year)
    if not whole:
        documents = {code: documents[code] for code in ("BASIC", "WORK")}
    city.session.add_all(
        SectionDocument(application_id=application.id, section=code, document=document, version=1, saved_at=now)
        for code, document in documents.items()
    )
    application.saved_at = now
    for section, row_id, kind in _files(documents, application):
        _file(city, application, person, section=section, row_id=row_id, kind=kind, now=now)
    city.session.flush()


def _documents(city: City, application: Application, person: Person, year: int) -> dict[str, dict[str, Any]]:
    series, level, dice = application.series_code, application.level_code, city.dice
    assert person.birth_date is not None
    graduated = person.birth_date.year + 22
    teacher = series == "22"
    held, title = (TEACHER if teacher else CURRENT)[level]
    unit = next(unit for unit in city.units if unit.id == application.unit_id)
    public = unit.nature_code == "PSU_FULL"
    post = "教学" if teacher else "技术推广" if series == "06" else "工程设计"
    basic = {
        "ethnic": dice.choice(("01", "08")), "political": dice.choice(("01", "13")), "work_start": f"{graduated}-08",
        "post": post, "dept": "教务处" if teacher else "技术部", "health": "GOOD",
        "social_no": None if public else f"S{person.id:08d}", "address": "柳州市示例路 1 号",
    }
    edu = {
        "id": "edu-1", "level": "BACHELOR", "degree": "4", "mode": "FT", "school": dice.choice(SCHOOLS),
        "major": MAJORS.get(series, "机械工程"), "start": f"{graduated - 4}-09", "end": f"{graduated}-07",
        "cert_no": f"DEMO{graduated}{person.id:05d}", "degree_no": f"DEMOX{graduated}{person.id:05d}",
        "degree_date": f"{graduated}-07", "is_highest": True, "is_first": True, "is_apply_basis": True,
    }
    work = [
        {"id": "work-1", "start": f"{graduated}-08", "end": f"{graduated + 4}-12", "unit": "柳州某企业（演示）",
         "post": "技术员" if not teacher else "教师", "specialty": MAJORS.get(series, "机械"), "is_pro": True},
        {"id": "work-2", "start": f"{graduated + 5}-01", "end": None, "unit": unit.name, "post": post,
         "specialty": MAJORS.get(series, "机械"), "is_pro": True},
    ]
    got = year - 6
    current = {
        "id": "title-1", "series": series, "title": title, "level": held, "specialty": MAJORS.get(series, "机械"),
        "date": f"{got}-11-30", "way": "REVIEW", "approve_org": "市职改办（演示）", "approve_no": f"演示〔{got}〕12号",
        "cert_no": f"DEMO{got}{person.id:06d}", "employ_start": f"{got + 1}-01-01", "employ_unit": unit.name,
        "is_current": True,
    }
    projects = [
        {"id": f"project-{place}", "name": name, "kind": kind, "grade": "CITY", "source": "市示例主管部门",
         "start": f"{year - 4 + place}-03", "end": f"{year - 3 + place}-06", "fund": "35.5", "role": "LEAD", "rank": 1,
         "total": 5, "status": "ACCEPTED", "duty": duty, "effect": effect, "pdf_page": "1-2"}
        for place, (name, kind, duty, effect) in enumerate(texts.PROJECTS.get(series, texts.PROJECTS["05"]))
    ]
    return {
        "BASIC": {"values": basic}, "APPLY": {"values": {"years_in_specialty": year - graduated}}, "EDU": {"rows": [edu]}, "WORK": {"rows": work}, "TITLE": {"rows": [current]},
        "PROJECT": {"rows": projects},
    }


def _files(documents: dict[str, Any], application: Application) -> list[tuple[str, str, str]]:
    """(section, row, kind) of the files that the sections ask for."""
    wanted = [("BASIC", "", "PHOTO"), ("BASIC", "", "IDCARD_F"), ("BASIC", "", "IDCARD_B")]
    if "EDU" in documents:
        wanted += [("EDU", "edu-1", "EDU"), ("EDU", "edu-1", "DEGREE"), ("EDU", "edu-1", "EDU_VERIFY")]
        wanted += [("TITLE", "title-1", "TITLE_CERT"), ("ATTACH", "", "ACHIEVE")]
        wanted += [("ATTACH", "", "LESSON")] if application.series_code == "22" else []
        if documents["BASIC"]["values"]["social_no"]:
            wanted += [("ATTACH", "", "SOCIAL"), ("ATTACH", "", "CONTRACT")]
    return wanted


PAPERS = frozenset({"ACHIEVE", "LESSON"})
NAMES = {
    "IDCARD_F": "身份证人像面", "IDCARD_B": "身份证国徽面", "EDU": "毕业证书", "DEGREE": "学位证书", "EDU_VERIFY": "学历备案表",
    "TITLE_CERT": "职称证书", "ACHIEVE": "业绩成果证明材料", "LESSON": "教案、听课记录",
    "SOCIAL": "社会保险缴费证明", "CONTRACT": "劳动合同",
}


def _file(
    city: City, application: Application, person: Person, *, section: str, row_id: str, kind: str, now: datetime
) -> None:
    give(
        city.session, _taken(city, kind, person), kind=kind,
        owner=Owner(application_id=application.id, section=section, row_id=row_id), uploaded_by_id=person.id, now=now,
    )


def _taken(city: City, kind: str, person: Person) -> Taken:
    """The judged paper, its bytes put anew for each application: nothing that is deleted is another's."""
    key = f"photo-{person.id % 12}" if kind == "PHOTO" else kind
    paper = kind in PAPERS
    name = "证件照.jpg" if kind == "PHOTO" else f"{NAMES[kind]}.{'pdf' if paper else 'jpg'}"
    if key not in city.taken:
        data = (
            pictures.portrait(person.id % 12) if kind == "PHOTO"
            else pictures.pdf(NAMES[kind], ("一、项目验收意见", "二、应用证明")) if paper
            else pictures.scan(NAMES[kind], ("姓名：某某某", "编号：DEMO"))
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
