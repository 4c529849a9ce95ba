"""单位注册 as a story: what is typed and uploaded survives every refusal; the office decides; the unit waits."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.accounts import captcha
from app.accounts.models import Person
from app.accounts.roles import Role
from app.audit.models import AuditEntry
from app.files.models import StoredFile
from app.messages.models import Message
from app.units.models import Unit, UnitStatus
from app.units.pending import sweep
from tests.accounts.steps import log_in_at
from tests.factories import PASSWORD, city, csrf, log_in, make_unit, person, post_form
from tests.units.papers import OTHER_USCC, USCC, jpeg, pdf, png

PAGE = "/register/unit/"
TYPED = {
    "uscc": "9145 0200-ma5n123453", "name": "柳州市第一测试设计院", "division": "450202", "level": "COUNTY",
    "nature": "SOE", "contact_name": "覃小红", "contact_phone": "139 0000 1234", "login_name": "lzsjy2026",
    "password": PASSWORD, "repeated": PASSWORD,
}  # fmt: skip


def upload(client, kind, data, name="scan.jpg", base=PAGE):
    token = csrf(client, base if base == PAGE else base + "edit/")
    return client.post(f"{base}files/{kind}", data={"csrf_token": token, "file": (io.BytesIO(data), name)})


def upload_both(client):
    assert upload(client, "certificate", jpeg()).json["ok"] is True
    assert upload(client, "pledge", pdf(), "承诺书.pdf").json["ok"] is True


def send(client, redis, **changes):
    token = csrf(client, PAGE)
    with client.session_transaction() as cookie:
        answer = captcha.issue(redis, cookie["browser"])
    return client.post(PAGE, data={"csrf_token": token, **TYPED, "captcha": answer, **changes})


@pytest.fixture
def town(session):
    made = city(session)
    made.district.division_code = "450202"
    session.commit()
    return made


def registered(client, redis, session):
    upload_both(client)
    assert send(client, redis).status_code == 302
    session.expire_all()
    return session.scalar(sa.select(Unit).where(Unit.uscc == USCC))


@pytest.mark.requirement("U1")
def test_a_unit_registers_with_its_papers_and_waits(client, redis, session):
    unit = registered(client, redis, session)
    assert (unit.name, unit.status, unit.division_code) == ("柳州市第一测试设计院", UnitStatus.PENDING, "450202")
    assert (unit.contact_phone, unit.contact_phone_masked) == ("13900001234", "139****1234")
    admin = session.scalar(sa.select(Person).where(Person.unit_id == unit.id))
    assert admin.kind.value == "unit"
    files = {file.kind: file for file in session.scalars(sa.select(StoredFile))}
    assert (files["certificate"].media_type, files["pledge"].media_type) == ("image/jpeg", "application/pdf")
    assert files["pledge"].pages == 1 and files["pledge"].name == "承诺书.pdf"
    # claimed files are nobody's prey
    assert redis.zcard("unit-uploads:waiting") == 0


@pytest.mark.requirement("U1")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"captcha": "----"}, "验证码不对，已换一张，请看图重新填写。"),
        ({"uscc": "91450200MA5N123454"}, "统一社会信用代码的校验位不符，有一位写错了，请对照证书检查。"),
        ({"uscc": "9145020"}, "统一社会信用代码是 18 位，请对照营业执照或法人证书检查位数。"),
        ({"repeated": "Other-2026x"}, "两次填写的密码不一致，请重新填写。"),
        ({"login_name": "设计院"}, "登录名为 4–32 位字母或数字，不含空格和汉字，请重新填写。"),
        ({"contact_phone": "12345"}, "请填写 11 位手机号，如 13800138000。"),
        ({"division": "999999"}, "请从列表中选择。"),
        ({"password": "short1", "repeated": "short1"}, "密码至少 8 位，请加长。"),
    ],
)
def test_a_refused_form_keeps_what_was_typed_and_uploaded(client, redis, session, changes, sentence):
    upload_both(client)
    answer = send(client, redis, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="柳州市第一测试设计院"' in answer.text
    assert "scan.jpg" in answer.text and "承诺书.pdf" in answer.text
    assert PASSWORD not in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 0


@pytest.mark.requirement("U1")
def test_missing_papers_are_named(client, redis):
    answer = send(client, redis)
    assert answer.status_code == 422
    assert "请上传单位注册证件扫描件。" in answer.text and "请上传承诺书（盖章扫描件）。" in answer.text


@pytest.mark.requirement("U1")
def test_a_renamed_png_is_refused_with_its_true_format(client):
    answer = upload(client, "certificate", png(), "scan.jpg")
    assert answer.status_code == 422
    assert answer.json["message"] == "请上传 JPG 或 PDF；您选的文件实际是 PNG，改名不改变格式，请另存后再选。"
    assert client.get("/register/unit/files/certificate").status_code == 404


def test_another_browser_sees_no_upload_of_mine(app, client):
    upload_both(client)
    assert client.get("/register/unit/files/pledge").mimetype == "application/pdf"
    stranger = app.test_client()
    stranger.get(PAGE)
    assert stranger.get("/register/unit/files/pledge").status_code == 404
    assert stranger.get("/register/unit/files/secret").status_code == 404


def test_uploads_that_nobody_claims_are_deleted(app, client, redis):
    upload_both(client)
    storage = app.extensions["gateways"].storage
    assert sweep(redis, storage) == 0
    assert sweep(redis, storage, now=4e9) == 2
    assert client.get("/register/unit/files/pledge").status_code == 404
    assert "承诺书.pdf" not in client.get(PAGE).text


@pytest.mark.requirement("U1")
def test_a_second_registration_is_led_to_the_unit_without_naming_anybody(app, client, redis, session):
    registered(client, redis, session)
    other = app.test_client()
    upload_both(other)
    answer = send(other, redis, login_name="another1")
    assert answer.status_code == 422
    assert "该单位已注册，请联系本单位管理员（覃**，139****1234）" in answer.text
    assert "覃小红" not in answer.text.replace('value="覃小红"', "")
    assert session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 1


@pytest.mark.requirement("U1")
def test_a_taken_login_name_is_refused_in_either_case(app, client, redis, session):
    registered(client, redis, session)
    other = app.test_client()
    upload_both(other)
    answer = send(other, redis, uscc=OTHER_USCC, login_name="LZSJY2026")
    assert "这个登录名已有人使用，请换一个，如加上单位简称的拼音。" in answer.text
    assert answer.status_code == 422


def test_pressing_twice_registers_once(client, redis, session):
    unit = registered(client, redis, session)
    assert send(client, redis).status_code == 422
    assert session.scalars(sa.select(Unit.id)).all() == [unit.id]


@pytest.mark.requirement("U1")
def test_a_waiting_unit_sees_only_its_registration(app, client, redis, session):
    unit = registered(client, redis, session)
    admin = session.scalar(sa.select(Person).where(Person.unit_id == unit.id))
    log_in(client, session, admin)
    page = client.get("/unit/registration/")
    assert page.status_code == 200 and "审核中" in page.text and "139****1234" in page.text
    for path in ("/unit/key/", "/unit/info/", "/unit/members/list/", "/unit/operators/"):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (302, "/unit/registration/"), path
    token = csrf(app.test_client(), PAGE)
    assert client.post("/unit/key/generate", data={"csrf_token": token}).status_code in (400, 403)
    session.expire_all()
    assert session.get(Unit, unit.id).key is None
    assert client.get("/unit/registration/files/certificate").mimetype == "image/jpeg"
    assert client.get(f"/units/{unit.id}/files/x").status_code == 302


@pytest.mark.requirement("U1")
def test_the_office_approves_with_the_proposed_body(app, client, redis, session, town):
    unit = registered(client, redis, session)
    office = log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))
    listed = office.get("/units/list/").text
    assert "柳州市第一测试设计院" in listed and "柳州示例建筑工程有限公司" not in listed
    assert f'href="/units/{unit.id}/"' in listed
    page = office.get(f"/units/{unit.id}/").text
    assert f'<option selected value="{town.district.id}">' in page
    for href in re.findall(rf"/units/{unit.id}/files/\w+", page):
        file = office.get(href)
        assert file.status_code == 200 and file.headers["X-Content-Type-Options"] == "nosniff"
        assert file.headers["Cache-Control"] == "no-store"
    answer = post_form(office, f"/units/{unit.id}/approve", page=f"/units/{unit.id}/", body=town.district.id)
    assert answer.status_code == 302
    session.expire_all()
    unit = session.get(Unit, unit.id)
    assert (unit.status, unit.reports_to_id) == (UnitStatus.APPROVED, town.district.id)
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.verb == "approve"))
    assert (entry.object_kind, entry.object_id, entry.detail) == ("unit", str(unit.id), {"body": town.district.id})
    waiting = session.scalars(sa.select(Message)).one()
    assert (waiting.phone, waiting.text) == (
        "13900001234", "柳州市第一测试设计院注册已通过审核，请登录平台生成单位秘钥。",
    )  # fmt: skip
    admin = session.scalar(sa.select(Person).where(Person.unit_id == unit.id))
    log_in(client, session, admin)
    assert client.get("/unit/key/").status_code == 200


@pytest.mark.requirement("U1")
def test_a_refused_unit_reads_the_reason_and_tries_again(app, client, redis, session, town):
    unit = registered(client, redis, session)
    office = log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))
    page = f"/units/{unit.id}/"
    empty = post_form(office, f"{page}refuse", page=page, reason=" ")
    assert empty.status_code == 422 and "请写明原因，单位才知道要改什么。" in empty.text
    post_form(office, f"{page}refuse", page=page, reason="承诺书没有盖章")
    session.expire_all()
    assert session.get(Unit, unit.id).status is UnitStatus.REFUSED
    assert "承诺书没有盖章" in session.scalars(sa.select(Message.text)).one()
    admin = session.scalar(sa.select(Person).where(Person.unit_id == unit.id))
    log_in(client, session, admin)
    assert "承诺书没有盖章" in client.get("/unit/registration/").text
    upload(client, "pledge", jpeg("pink"), "新承诺书.jpg", "/unit/registration/")
    typed = {key: TYPED[key] for key in TYPED if key not in ("login_name", "password", "repeated")}
    answer = post_form(client, "/unit/registration/edit/", **{**typed, "name": "柳州市第二测试设计院"})
    assert answer.status_code == 302
    session.expire_all()
    unit = session.get(Unit, unit.id)
    assert (unit.status, unit.name) == (UnitStatus.PENDING, "柳州市第二测试设计院")
    assert session.get(StoredFile, unit.pledge_file_id).name == "新承诺书.jpg"
    assert session.get(StoredFile, unit.certificate_file_id).name == "scan.jpg"


def test_two_who_decide_at_once_decide_once(app, client, redis, session, town):
    unit = registered(client, redis, session)
    office = log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))
    page = f"/units/{unit.id}/"
    token = csrf(office, page)
    office.post(f"{page}refuse", data={"csrf_token": token, "reason": "重复"})
    late = office.post(f"{page}approve", data={"csrf_token": token, "body": town.office.id}, follow_redirects=True)
    assert "这个单位刚刚已由他人审核，下面是最新的结果。" in late.text
    session.expire_all()
    assert session.get(Unit, unit.id).status is UnitStatus.REFUSED


@pytest.mark.requirement("U1")
def test_a_body_sees_the_units_of_its_division_only_if_it_approves_units(app, client, redis, session, town):
    unit = registered(client, redis, session)
    clerk = log_in(app.test_client(), session, person(session, Role.BODY_ADMIN, body_id=town.district.id))
    assert clerk.get(f"/units/{unit.id}/").status_code == 404
    town.district.approves_units = True
    session.commit()
    assert clerk.get(f"/units/{unit.id}/").status_code == 200
    assert "柳州市第一测试设计院" in clerk.get("/units/list/").text
    assert "柳州示例建筑工程有限公司" in clerk.get("/units/list/?tab=approved").text
    other = make_unit(session, reports_to=town.committee, name="外区单位", uscc=OTHER_USCC)
    other.division_code = "450203"
    session.commit()
    assert clerk.get(f"/units/{other.id}/").status_code == 404


@pytest.mark.requirement("U2")
def test_the_office_renames_a_unit_and_its_people_stay(app, session, town):
    member = person(session, Role.APPLICANT, unit_id=town.unit.id)
    office = log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))
    page = f"/units/{town.unit.id}/"
    answer = post_form(office, f"{page}amend", page=page, name="柳州示例建工集团有限公司", uscc=USCC, body=town.office.id)
    assert answer.status_code == 302
    session.expire_all()
    unit = session.get(Unit, town.unit.id)
    assert (unit.name, unit.uscc, unit.reports_to_id) == ("柳州示例建工集团有限公司", USCC, town.office.id)
    assert session.get(Person, member.id).unit_id == unit.id


@pytest.mark.requirement("U2")
def test_the_office_replaces_an_administrator_who_left(app, client, session, town):
    old = person(session, Role.UNIT_ADMIN, unit_id=town.unit.id, name="老管理")
    clerk = person(session, Role.UNIT_OPERATOR, unit_id=town.unit.id, name="老经办")
    left = log_in(client, session, old)
    assert left.get("/unit/key/").status_code == 200
    office = log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))
    page = f"/units/{town.unit.id}/administrator"
    typed = {"name": "新管理", "phone": "13600001111", "login_name": "newadmin", "password": PASSWORD}
    refused = post_form(office, page, **typed, repeated="x")
    assert refused.status_code == 422 and 'value="新管理"' in refused.text
    assert post_form(office, page, **typed, repeated=PASSWORD).status_code == 302
    assert left.get("/unit/key/").status_code == 302
    session.expire_all()
    fresh = session.scalar(sa.select(Person).where(Person.name == "新管理"))
    assert (fresh.unit_id, session.get(User, fresh.user_id).roles[0].name) == (town.unit.id, Role.UNIT_ADMIN.value)
    assert session.get(User, clerk.user_id).active is True
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.verb == "replace_admin"))
    assert entry.detail == {"to": fresh.id, "off": [old.id]}


@pytest.mark.requirement("U1", "U2")
def test_a_waiting_unit_logs_in_at_the_unit_window_from_the_browser_that_registered_it(app, client, redis, session):
    registered(client, redis, session)
    token = csrf(client, "/org/login/")
    with client.session_transaction() as cookie:
        answer = captcha.issue(redis, cookie["browser"])
    typed = {"csrf_token": token, "username": "lzsjy2026", "password": PASSWORD, "captcha": answer}
    page = client.post("/org/login/", data=typed, follow_redirects=True)
    assert page.request.path == "/unit/registration/"
    assert "审核中" in page.text
    assert log_in_at(app.test_client(), redis, "/org/login/", "lzsjy2026", PASSWORD).location == "/org/login/place/"
