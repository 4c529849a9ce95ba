"""A doctor and a teacher, each on a phone, from 开始申报 to 提交申报; the engineer's way is the whole journey's."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications.models import Application
from app.applications.views import apply
from app.workflow.states import State
from tests.factories import city, log_in, person
from tests.journeys.filling import fill
from tests.journeys.people import Stage, shot


@dataclass(frozen=True)
class Case:
    career: str
    series: str
    specialty: str
    title: str
    rows: tuple[str, ...]  # the rows in the list, as they are recognised


CASES = [
    pytest.param("sqlite", Case(
        "cardiology", "04", "心血管内科", "副主任医师",
        ("急性前壁心肌梗死　危重　抢救主持　2024-04-11",
         "2025年　门诊人次 3190　手术/操作例数 131"),
    ), id="health"),
    pytest.param("postgresql", Case(
        "mathematics", "22", "数学", "高级教师",
        ("2024-2025-1　数学　八年级（3）班　总课时 225", "班主任　2022级（3）班　2022-09 至今"),
    ), id="teaching"),
]  # fmt: skip
SECTIONS = {"cardiology": ("CASE", "MEDWORK"), "mathematics": ("TEACH", "CLASSTEACHER")}


@pytest.mark.parametrize(("database", "case"), CASES, indirect=["database"])
@pytest.mark.requirement("A6", "A7", "A10", "P2")
def test_an_application_is_filled_in_and_submitted_on_a_phone(
    case, app, client, session, browser, live_server, redis, run_jobs, monkeypatch
):
    monkeypatch.setattr(apply, "READING_SECONDS", 0)
    town = city(session, series=case.series)
    town.unit.nature_code = "PSU_FULL"
    who = person(session, Role.APPLICANT, unit_id=town.unit.id)
    log_in(client, session, who)
    stage = Stage(app, browser, live_server, redis, run_jobs, 390)
    applicant = stage.visitor()
    applicant.page.context.add_cookies(
        [{"name": "session", "value": client.get_cookie("session").value, "url": live_server}]
    )
    number = start(applicant, case)
    fill(applicant, number, case.career)
    for code, row in zip(SECTIONS[case.career], case.rows, strict=True):
        applicant.open(f"/my/{number}/{code}/")
        applicant.sees(row)
        shot(applicant, f"14-{code}")
    applicant.open(f"/my/{number}/check/")
    shot(applicant, "14-check")
    applicant.page.locator("input[name=promise]").check()
    applicant.press("完成并提交")
    applicant.reads(f"已提交到{town.unit.name}")
    session.expire_all()
    row = session.scalars(sa.select(Application)).one()
    assert (row.number, row.state) == (number, State.UNIT_REVIEW)
    assert stage.complaints == []


def start(applicant, case) -> str:
    applicant.open("/my/")
    applicant.follow("开始申报")
    applicant.tick("我已阅读评审须知")
    applicant.press("下一步")
    applicant.tick("我作出以上承诺")
    applicant.press("确认承诺")
    applicant.reads("选择评审会、专业和资格")
    applicant.choose("专业", case.specialty)
    applicant.choose("拟评资格", case.title)
    applicant.press("生成申报清单")
    applicant.reads(f"{case.title} · {case.specialty}")
    return applicant.page.locator(".eyebrow .num").inner_text()
