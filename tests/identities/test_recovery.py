"""A lost phone: the unit or the office proves who somebody is and gives the account a new one."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.roles import Role
from app.audit.models import AuditEntry
from app.identities.models import PhoneRecovery, RecoveryState
from app.messages.models import Message
from tests.accounts.steps import ask_code, code_in, get_code, last_text, log_in_at
from tests.factories import PASSWORD, city, csrf, id_number, log_in, make_unit, person, phone_number, post_form
from tests.statements import statements
from tests.units.papers import OTHER_USCC, jpeg

pytestmark = pytest.mark.requirement("A2")
FRESH = "Liujiang-8842"
STARTED = {"reason": "本人持身份证原件到人事科，原号码已停机", "current": PASSWORD}


@pytest.fixture
def town(session):
    return city(session)


@pytest.fixture
def lost(session, town):
    who = person(session, Role.APPLICANT, serial=11, unit_id=town.unit.id)
    session.commit()
    return who


@pytest.fixture
def clerk(client, session, town, lost):
    return log_in(client, session, person(session, Role.UNIT_ADMIN, unit_id=town.unit.id, name="韦管理"))


def upload(client, page):
    file = {"file": (io.BytesIO(jpeg()), "申请.jpg")}
    return client.post(f"{page}paper", data={"csrf_token": csrf(client, page), **file}).json


def start(client, who, **fields):
    page = f"/recoveries/new/{who.id}/"
    assert upload(client, page)["ok"]
    return post_form(client, page, **STARTED | fields)


def code_for(client, redis, session, phone, page):
    answer = ask_code(client, redis, phone, "recover", page=page)
    assert answer["ok"], answer
    code = code_in(last_text(session))
    session.rollback()
    return code


def newest(session):
    session.expire_all()
    return session.scalars(sa.select(PhoneRecovery).order_by(PhoneRecovery.id.desc())).first()


def test_the_unit_gives_a_member_a_new_phone_and_the_person_a_new_password(
    clerk, app, redis, session, town, lost
):
    inside = log_in(app.test_client(), session, lost)
    for step in ("手机丢失", "带身份证件和新手机，到本单位人事部门；没有单位的，到职改办。", "回到本页，用新手机设置新密码，再登录。"):
        assert step in app.test_client().get("/forgot/").text
    member = clerk.get(f"/unit/members/{lost.id}/").text
    assert f'href="/recoveries/new/{lost.id}/"' in member and "手机丢失，更换手机号" in member
    session.rollback()
    here = start(clerk, lost).location
    assert here == f"/recoveries/{newest(session).id}/"
    session.rollback()
    page = clerk.get(here).text
    assert "已记录。请让本人拿着新手机，接收验证码。" in page and "138****0011" in page
    assert clerk.get(f"{here}file").mimetype == "image/jpeg"
    assert "138****0011" in clerk.get("/recoveries/list/").text

    new = phone_number(12)
    code = code_for(clerk, redis, session, new, here)
    assert post_form(clerk, here, phone=new, code=code, current=PASSWORD).location == here
    page = clerk.get(here).text
    assert "手机号已更换，请本人用新手机在登录页点“忘记密码”设置新密码。" in page and 'name="code"' not in page
    assert inside.get("/account/").status_code == 302, "every session has ended"
    session.expire_all()
    assert session.get(Person, lost.id).phone == new
    told = session.scalars(sa.select(Message).where(Message.template != "CODE").order_by(Message.id)).all()
    assert [(each.template, each.phone) for each in told] == [
        ("PHONE_CHANGED", phone_number(11)), ("PHONE_RECOVERED", new),
    ]  # fmt: skip
    assert "用本手机设置新密码" in told[1].text
    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.object_id == str(lost.id))).all()
    assert [each.verb for each in entries if "recover" in each.verb] == ["start_recovery", "recover_phone"]
    assert entries[-1].detail == {"recovery": newest(session).id, "old": "138****0011", "new": "138****0012"}
    session.rollback()

    stranger = app.test_client()
    assert log_in_at(stranger, redis, "/login/", new, PASSWORD).status_code == 200, "the old password is void"
    redis.delete(*redis.scan_iter("code-wait:*"))
    code = get_code(stranger, redis, session, new, "reset")
    answer = post_form(stranger, "/forgot/", phone=new, code=code, password=FRESH, confirm=FRESH)
    assert answer.location == "/login/"
    assert log_in_at(stranger, redis, "/login/", new, FRESH).status_code == 302


def test_nothing_starts_without_reason_proof_and_password_and_only_one_at_a_time(clerk, session, lost):
    page = f"/recoveries/new/{lost.id}/"
    answer = post_form(clerk, page, **STARTED)
    assert answer.status_code == 422 and "请上传核实身份的材料。" in answer.text and STARTED["reason"] in answer.text
    for fields, sentence in (
        ({"reason": ""}, "请写明怎样核实了本人身份。"),
        ({"current": "wrong-pass-1"}, "当前密码不对，请重新输入。"),
        ({"current": ""}, "请填写当前密码。"),
    ):
        assert sentence in start(clerk, lost, **fields).text
    assert newest(session) is None
    session.rollback()
    here = start(clerk, lost).location
    assert "已有一件正在办理，请先办完或撤回，再重新申请。" in start(clerk, lost).text
    assert post_form(clerk, f"{here}cancel", page=here).location == "/recoveries/list/"
    assert newest(session).state is RecoveryState.CANCELLED
    session.rollback()
    assert start(clerk, lost).status_code == 302


def test_the_new_phone_is_proven_by_its_code_and_belongs_to_nobody_else(clerk, redis, session, lost):
    person(session, Role.APPLICANT, serial=13)
    session.commit()
    here = start(clerk, lost).location
    new = phone_number(12)
    code = code_for(clerk, redis, session, new, here)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for fields, sentence in (
        ({"code": wrong}, "短信验证码不对，请检查后重填。"),
        ({"current": "wrong-pass-1"}, "当前密码不对，请重新输入。"),
        ({"phone": phone_number(11)}, "这就是现在的手机号；本人还在用它的，请直接用“忘记密码”重设密码。"),
        ({"phone": "123"}, "请填写 11 位手机号。"),
    ):
        answer = post_form(clerk, here, **{"phone": new, "code": code, "current": PASSWORD} | fields)
        assert answer.status_code == 422 and sentence in answer.text, sentence
    code = code_for(clerk, redis, session, phone_number(13), here)
    answer = post_form(clerk, here, phone=phone_number(13), code=code, current=PASSWORD)
    assert "这个手机号已用于另一个账号，请换一个。" in answer.text
    assert newest(session).state is RecoveryState.OPEN and session.get(Person, lost.id).phone == phone_number(11)


def test_a_code_for_a_recovery_is_only_sent_to_somebody_who_is_logged_in(client, redis, session, town):
    assert ask_code(client, redis, phone_number(12), "recover")["message"] == "请从页面上获取短信验证码。"


def test_only_applicants_whom_one_looks_after_and_never_staff(clerk, app, session, town, lost):
    foreign = make_unit(session, reports_to=town.committee, uscc=OTHER_USCC, name="另一单位")
    stranger = person(session, Role.APPLICANT, serial=21, unit_id=foreign.id)
    loose = person(session, Role.APPLICANT, serial=22)
    colleague = person(session, Role.UNIT_OPERATOR, unit_id=town.unit.id)
    session.commit()
    for who in (stranger, loose, colleague):
        assert clerk.get(f"/recoveries/new/{who.id}/").status_code == 404
        assert clerk.get(f"/recoveries/new/{who.id}/paper").status_code == 404
    here = start(clerk, lost).location
    other = log_in(app.test_client(), session, person(session, Role.UNIT_ADMIN, unit_id=foreign.id))
    assert [other.get(path).status_code for path in (here, f"{here}file")] == [404, 404]
    office = log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))
    assert [office.get(f"/recoveries/new/{who.id}/").status_code for who in (loose, stranger, colleague)] == [200, 200, 404]
    people = office.get("/people/list/").text
    assert f'href="/recoveries/new/{loose.id}/"' in people and "138****0022" in people and id_number(22) not in people
    operator = log_in(app.test_client(), session, colleague)
    assert operator.get(f"/recoveries/new/{lost.id}/").status_code == 403
    assert "手机丢失，更换手机号" not in operator.get(f"/unit/members/{lost.id}/").text


@pytest.mark.parametrize("path", ["/people/list/", "/recoveries/list/?tab=all"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_lists_need_at_most_eight_statements(client, session, town, database, path):
    for serial in range(100, 125):
        person(session, Role.APPLICANT, serial=serial, unit_id=town.unit.id)
    log_in(client, session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))
    client.get(path)
    with statements(database.engine) as sent:
        assert client.get(path).status_code == 200
    assert len(sent) <= 8, sent
