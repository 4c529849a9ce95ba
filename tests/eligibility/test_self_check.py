"""资格自查: for everybody, without logging in; only the questions of the level, a clear answer, nothing stored."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.audit.models import AuditEntry
from app.catalogue.models import CodeEntry
from app.catalogue.queries import forget
from app.review_bodies.models import Campaign
from tests.factories import city, log_in, person
from tests.statements import statements
from tests.web.forms import post

pytestmark = pytest.mark.requirement("P1", "A5")
MID = "/self-check/05/MID"
BACHELOR = {
    "education": "BACHELOR", "degree": "BACHELOR_DEGREE", "skill": "-", "title": "ASSIST", "title_since": "2020-05-01",
    "hours_total": "96", "hours_pro": "66", "grade": "B", "apply_type": "NORMAL",
}  # fmt: skip


def asked(page: str) -> list[str]:
    """The names of the questions on a page, in their order."""
    form = page[page.index('id="questions"'):] if 'id="questions"' in page else ""
    return re.findall(r'<(?:input|select)[^>]* name="((?!csrf)\w+)"', form)


@pytest.fixture
def in_2026(clock):
    clock.set(datetime(2026, 11, 25, 3, tzinfo=UTC))


def test_series_and_level_are_chosen_first(client):
    page = client.get("/self-check/").text
    assert "<h1>资格自查</h1>" in page and "工程技术人员" in page and 'data-in="' in page
    assert client.get("/self-check/?series=05&level=MID").location == "/self-check/05/MID"
    for arguments, sentence in (("series=&level=", "请选择系列。"), ("series=01&level=TECH", "请选择这个系列有的级别。")):
        assert sentence in client.get(f"/self-check/?{arguments}").text
    for path in ("/self-check/99/MID", "/self-check/01/TECH", "/self-check/05/NONE"):
        assert client.get(path).status_code == 404


def test_only_what_the_rules_ask_is_asked(client):
    yearly = ["hours_total", "hours_pro", "grade", "apply_type"]
    for path, questions in (
        ("05/MID", ["education", "degree", "skill", "skill_since", "title", "title_since", *yearly]),
        ("05/TECH", ["education", "degree", "working_since", *yearly]),
        ("17/ASSOC", ["education", "degree", "title", "title_since", "exam", *yearly]),
        ("04/MID", ["title", "exam"]),
        ("08/MID", ["exam"]),
        ("26/MID", []),
    ):
        assert asked(client.get(f"/self-check/{path}").text) == questions, path


def test_a_level_without_rules_is_unclear_and_never_refused(client):
    page = client.get("/self-check/26/MID").text
    assert "暂时无法判断是否符合" in page and "不影响申报，由评委会审定" in page
    assert 'href="/login/?next=/my/apply/"' in page and "去申报" in page


@pytest.mark.usefixtures("in_2026")
def test_an_answer_says_which_rule_and_which_condition(client, session):
    met = post(client, MID, **BACHELOR).text
    for words in ("符合学历、资历等基本条件", "依据 05-MID-3（第 1 版）", "从 2020-05-01 到 2026-12-31，满 6 年", "填写的是大学本科学历、学士学位",
                  "系统按公布的条件自动核对", "去申报"):  # fmt: skip
        assert words in met, words
    assert 'value="2020-05-01"' in met and '<option selected value="BACHELOR">' in met, "the answers stay on the page"
    short = post(client, MID, **BACHELOR | {"title_since": "2024-05-01", "hours_pro": "50"}).text
    for words in ("与基本条件不符", "最接近的是 05-MID-3", "从 2024-05-01 到 2026-12-31，满 2 年", "最少的一年：共 96 学时、专业科目 50 学时"):
        assert words in short, words
    relaxed = post(client, MID, **BACHELOR | {"title_since": "2024-05-01", "apply_type": "EXC_YEARS"}).text
    assert "暂时无法判断" in relaxed and "可以放宽这一条，是否适用由评委会审定" in relaxed
    blank = post(client, MID, skill="-", apply_type="NORMAL").text
    assert "暂时无法判断" in blank and "没有填写" in blank
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0


def test_answers_of_other_kinds(client):
    exam = post(client, "/self-check/08/MID", exam="yes").text
    assert "符合学历、资历等基本条件" in exam and "不申报评审；考试合格后办理注册登记" in exam
    teacher = {"education": "BACHELOR", "degree": "-", "title": "MID", "title_since": "2015-01-01", "hours_total": "90",
               "hours_pro": "60", "grade": "A", "apply_type": "NORMAL"}  # fmt: skip
    page = post(client, "/self-check/22/ASSOC", **teacher).text
    assert "能核对的各项都符合 22-ASSOC-2（第 1 版），只有说明中的条件系统核对不了" in page
    assert "说明中的条件：城镇教师原则上须有1年以上薄弱或农村学校任教经历" in page


WRONG = [
    ({"title_since": "2099-01-01"}, "这个时间不能晚于今天"),
    ({"title_since": "去年"}, "请填写正确的日期"),
    ({"hours_total": "-1"}, "请填写 0 至 9999 的整数"),
    ({"hours_total": "很多"}, "请填写整数"),
    ({"education": "WIZARD"}, "请从列表中选择一项"),
    ({"grade": "Z"}, "请从列表中选择一项"),
]


def test_bad_answers_are_said_and_kept(client):
    for wrong, sentence in WRONG:
        answer = post(client, MID, **BACHELOR | wrong)
        assert (answer.status_code, sentence in answer.text) == (422, True), (wrong, answer.text[-6000:])
        assert 'value="66"' in answer.text and "逐项核对" not in answer.text


def test_years_count_to_the_day_of_the_running_campaign(client, session, clock):
    town = city(session, now=clock.now())
    session.get(Campaign, town.campaign.id).qualification_cutoff = date(2026, 8, 31)
    session.commit()
    assert "任职年限计算到 2026-08-31" in client.get("/self-check/05/ASSOC").text
    assert f"任职年限计算到 {clock.now().year}-12-31" in client.get(MID).text


def test_an_applicant_finds_it_in_the_menu_and_goes_on_to_apply(client, session, database):
    log_in(client, session, person(session, Role.APPLICANT))
    page = client.get("/my/").text
    assert 'href="/self-check/"' in page
    answer = post(client, MID, **BACHELOR).text
    assert 'href="/my/apply/"' in answer and "业务菜单" in answer
    with statements(database.engine) as sent:
        client.get(MID)
    rules = [each for each in sent if "catalogue_" in each]
    assert rules == [], "rules and lists are kept in memory"


def test_a_qualification_that_the_office_added_breaks_nothing(client, session):
    session.add(CodeEntry(list="qualification_token", code="CAPTAIN", name="船长"))
    session.add(CodeEntry(list="ce_requirement", code="EXTRA", name="其他学时"))
    session.commit()
    forget()
    assert "符合" in post(client, MID, **BACHELOR).text


def test_the_public_conditions_lead_to_it(client):
    assert 'href="/self-check/"' in client.get("/conditions/").text
    page = client.get("/conditions/05").text
    assert 'href="/self-check/05/SENIOR"' in page and "具备技师，取得证书后满 3 年" in page
