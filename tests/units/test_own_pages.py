"""An approved unit's pages: key, data and seal, people, operators; and nothing of another unit."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from PIL import Image
from werkzeug.security import check_password_hash

from app.accounts.models import Person
from app.accounts.roles import Role
from app.audit.models import AuditEntry
from app.files.models import StoredFile
from app.units.keys import grouped, key_digest
from app.units.models import Unit
from app.units.seal import NoSealSeen, clean_seal
from tests.factories import PASSWORD, application, city, csrf, id_number, log_in, make_unit, person, post_form
from tests.units.papers import OTHER_USCC, jpeg, png, stamp


@pytest.fixture
def town(session):
    return city(session)


@pytest.fixture
def admin(client, session, town):
    return log_in(client, session, person(session, Role.UNIT_ADMIN, unit_id=town.unit.id, name="韦管理"))


@pytest.fixture
def statements(app):
    """A list that grows with every statement."""
    from app.extensions import db

    seen: list[str] = []

    def note(connection, cursor, statement, *rest):
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


@pytest.mark.requirement("U10")
def test_a_new_key_ends_the_old_one_and_members_stay(admin, session, town):
    member = person(session, Role.APPLICANT, unit_id=town.unit.id)
    session.commit()
    assert "还没有单位秘钥" in admin.get("/unit/key/").text
    post_form(admin, "/unit/key/generate", page="/unit/key/")
    session.expire_all()
    first = session.get(Unit, town.unit.id).key
    assert len(first) == 16
    assert grouped(first) in admin.get("/unit/key/").text
    qr = admin.get("/unit/key/qr.svg")
    assert qr.mimetype == "image/svg+xml" and qr.data.startswith(b"<svg")
    post_form(admin, "/unit/key/generate", page="/unit/key/")
    session.expire_all()
    unit = session.get(Unit, town.unit.id)
    assert unit.key != first and unit.key_digest == key_digest(unit.key) != key_digest(first)
    assert session.get(Person, member.id).unit_id == unit.id
    entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "generate_key")).all()
    assert [(entry.object_id, entry.detail) for entry in entries] == [(str(unit.id), {})] * 2


@pytest.mark.requirement("U8")
def test_people_are_masked_until_asked_for_and_the_look_is_recorded(admin, session, town):
    who = person(session, Role.APPLICANT, unit_id=town.unit.id, serial=7, name="梁小燕")
    application(session, town, who)
    sent = person(session, Role.APPLICANT, unit_id=town.unit.id, serial=8, name="黄大山")
    from app.workflow.states import State

    application(session, town, sent, state=State.UNIT_REVIEW)
    session.commit()
    listed = admin.get("/unit/members/list/").text
    assert "138****0007" in listed and "13800000007" not in listed and id_number(7) not in listed
    assert listed.count(">未申报</span>") == 1 and "1 件" in listed
    waiting = admin.get("/unit/members/undeclared/list/").text
    assert "梁小燕" in waiting and "黄大山" not in waiting
    page = f"/unit/members/{who.id}/"
    assert f'href="{page}"' in listed
    assert "13800000007" not in admin.get(page).text
    full = post_form(admin, f"{page}reveal", page=page)
    assert "13800000007" in full.text and id_number(7) in full.text
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.verb == "reveal"))
    assert (entry.object_id, entry.detail) == (str(who.id), {"fields": ["phone", "id_no"]})
    assert admin.get(f"{page}reveal").status_code == 405


@pytest.mark.requirement("U8")
def test_who_left_is_removed_by_post_only(admin, session, town):
    who = person(session, Role.APPLICANT, unit_id=town.unit.id)
    session.commit()
    page = f"/unit/members/{who.id}/"
    assert admin.get(f"{page}remove").status_code == 405
    assert post_form(admin, f"{page}remove", page=page).status_code == 302
    session.expire_all()
    assert session.get(Person, who.id).unit_id is None
    assert admin.get(page).status_code == 404


def test_nothing_of_another_unit_can_be_reached(admin, session, town):
    other = make_unit(session, reports_to=town.district, name="另一家单位", uscc=OTHER_USCC)
    stranger = person(session, Role.APPLICANT, unit_id=other.id, name="外人甲")
    operator = person(session, Role.UNIT_OPERATOR, unit_id=other.id, name="外人乙")
    session.commit()
    token = csrf(admin, "/unit/key/")
    assert "外人甲" not in admin.get("/unit/members/list/?psize_UnitMembersGrid=100").text
    assert admin.get(f"/unit/members/{stranger.id}/").status_code == 404
    for path in (
        f"/unit/members/{stranger.id}/reveal", f"/unit/members/{stranger.id}/remove",
        f"/unit/operators/{operator.id}/disable", f"/unit/operators/{stranger.id}/disable",
    ):  # fmt: skip
        assert admin.post(path, data={"csrf_token": token}).status_code == 404, path
    assert admin.get(f"/units/{other.id}/files/abc").status_code == 404
    assert admin.get(f"/units/{other.id}/").status_code == 403
    assert admin.get("/units/list/").status_code == 403
    assert admin.get("/unit/members/99999999999999999999/").status_code == 404


@pytest.mark.requirement("U9")
def test_contact_and_level_change_but_name_and_code_do_not(admin, session, town):
    before = (town.unit.name, town.unit.uscc)
    page = admin.get("/unit/info/").text
    assert "单位更名、换证或调整上级，请持证明联系职改办办理" in page
    answer = post_form(
        admin, "/unit/info/", contact_name="莫新人", contact_phone="13900009999", level="COUNTY", nature="SOE",
        name="别的名字", uscc=OTHER_USCC,
    )  # fmt: skip
    assert answer.status_code == 302
    session.expire_all()
    unit = session.get(Unit, town.unit.id)
    assert (unit.name, unit.uscc) == before
    assert (unit.contact_name, unit.contact_phone_masked, unit.level_code) == ("莫新人", "139****9999", "COUNTY")
    refused = post_form(admin, "/unit/info/", contact_name="莫新人", contact_phone="123", level="COUNTY", nature="SOE")
    assert refused.status_code == 422 and "请填写 11 位手机号，如 13800138000。" in refused.text


@pytest.mark.requirement("U9")
def test_a_photo_of_a_stamp_becomes_a_transparent_seal(admin, session, town):
    def send(data, name="章.jpg"):
        token = csrf(admin, "/unit/info/")
        return admin.post(
            "/unit/info/seal", data={"csrf_token": token, "file": (io.BytesIO(data), name)}, follow_redirects=True
        )

    assert "照片里没有找到红色印章" in send(jpeg()).text
    assert "公章图片须为 JPG，不超过 1 MB，请另存为 JPG 后再选。" in send(png(), "章.png").text
    assert "公章图片已保存，电子签章由它生成。" in send(stamp()).text
    session.expire_all()
    row = session.get(StoredFile, session.get(Unit, town.unit.id).seal_file_id)
    assert (row.kind, row.media_type, row.unit_id) == ("seal", "image/png", town.unit.id)
    picture = Image.open(io.BytesIO(admin.get("/unit/info/seal.png").data))
    assert picture.mode == "RGBA" and picture.width == picture.height
    assert picture.getpixel((0, 0))[3] == 0 and picture.getpixel((picture.width // 2, 8))[3] == 255


def test_black_print_is_no_seal():
    with pytest.raises(NoSealSeen):
        clean_seal(jpeg("black"))


@pytest.mark.requirement("U2")
def test_the_administrator_adds_an_operator_and_turns_the_account_off(app, admin, session, town):
    typed = {"name": "覃经办", "phone": "13700001111", "login_name": "qinjb01", "password": PASSWORD, "repeated": PASSWORD}
    assert post_form(admin, "/unit/operators/", **typed).status_code == 302
    again = post_form(admin, "/unit/operators/", **typed)
    assert again.status_code == 422 and "这个登录名已有人使用" in again.text and 'value="覃经办"' in again.text
    operator = session.scalar(sa.select(Person).where(Person.name == "覃经办"))
    theirs = log_in(app.test_client(), session, operator)
    assert theirs.get("/unit/key/").status_code == 200
    assert theirs.get("/unit/operators/").status_code == 403
    page = "/unit/operators/"
    assert post_form(admin, f"{page}{operator.id}/disable", page=page).status_code == 302
    assert theirs.get("/unit/key/").status_code == 302
    me = session.scalar(sa.select(Person).where(Person.name == "韦管理"))
    mine = admin.post(f"{page}{me.id}/disable", data={"csrf_token": csrf(admin, page)}, follow_redirects=True)
    assert "不能停用自己的账号" in mine.text


@pytest.mark.requirement("U2")
def test_the_administrator_gives_an_operator_of_the_own_unit_a_new_password(app, admin, session, town):
    page = "/unit/operators/"
    operator = person(session, Role.UNIT_OPERATOR, unit_id=town.unit.id, name="覃经办")
    other = make_unit(session, reports_to=town.district, name="另一家单位", uscc=OTHER_USCC)
    stranger = person(session, Role.UNIT_OPERATOR, unit_id=other.id, name="外人乙")
    operator.failed_logins = 5
    session.commit()
    theirs = log_in(app.test_client(), session, operator)
    token = csrf(admin, page)

    shown = admin.post(f"{page}{operator.id}/password", data={"csrf_token": token})
    password = re.search(r"[a-z]{4}-\d{4}-[a-z]{4}-\d{4}", shown.text).group()
    assert "覃经办的新密码" in shown.text and "新密码只在这里显示一次" in shown.text
    assert shown.headers["Cache-Control"] == "no-store" and password not in admin.get(page).text
    session.expire_all()
    assert check_password_hash(session.get(User, operator.user_id).password, password) and operator.failed_logins == 0
    assert theirs.get("/unit/key/").status_code == 302
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.verb == "reset_password"))
    assert (entry.object_id, password in str(entry.detail)) == (str(operator.id), False)

    me = session.scalar(sa.select(Person).where(Person.name == "韦管理"))
    mine = admin.post(f"{page}{me.id}/password", data={"csrf_token": token}, follow_redirects=True)
    assert "自己的密码请在「修改密码」里修改。" in mine.text
    assert admin.post(f"{page}{stranger.id}/password", data={"csrf_token": token}).status_code == 404


@pytest.mark.requirement("U3")
def test_key_data_phone_and_password_are_at_the_top_right(admin):
    page = admin.get("/unit/key/").text
    menu = page[page.index('class="top__r"') : page.index("</header>")]
    for word, href in (("单位秘钥", "/unit/key/"), ("单位信息", "/unit/info/"), ("更换手机", "/account/phone/"),
                       ("修改密码", "/account/password/")):  # fmt: skip
        assert f'href="{href}"' in menu and word in menu


def test_the_grids_ask_no_more_for_thirty_rows_than_for_one(app, admin, session, town, statements):
    office = log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))

    def count(who, path):
        who.get(path)
        statements.clear()
        assert who.get(path).status_code == 200
        return len(statements)

    person(session, Role.APPLICANT, unit_id=town.unit.id, serial=500)
    session.commit()
    one = count(admin, "/unit/members/list/"), count(office, "/units/list/?tab=all")
    for serial in range(30):
        person(session, Role.APPLICANT, unit_id=town.unit.id, serial=600 + serial)
        make_unit(session, reports_to=town.district, uscc=f"U{serial:017d}", name=f"单位{serial}")
    session.commit()
    assert count(admin, "/unit/members/undeclared/list/") <= 8
    many = count(admin, "/unit/members/list/"), count(office, "/units/list/?tab=all")
    assert many == one
    assert max(many) <= 8
