"""修改姓名和证件 after a submission, from the request to the decision."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.roles import Role
from app.accounts.services import change_identity
from app.audit.models import AuditEntry
from app.files.models import StoredFile
from app.identities.models import ChangeState, IdentityChange
from app.messages.models import Channel, Message
from app.workflow.actor import Actor
from app.workflow.states import Party, State
from tests.factories import application, city, csrf, id_number, log_in, make_unit, person, post_form
from tests.statements import statements
from tests.units.papers import OTHER_USCC, jpeg, pdf, png

MINE = "/account/identity-change/"
ASKED = {"name": "梁晓燕", "id_type": "ID", "id_no": id_number(22), "reason": "在公安机关改了名"}


@pytest.fixture
def town(session):
    return city(session)


@pytest.fixture
def applicant(session, town):
    who = person(session, Role.APPLICANT, serial=11, unit_id=town.unit.id)
    application(session, town, who, state=State.UNIT_REVIEW)
    session.commit()
    return who


@pytest.fixture
def inside(client, session, applicant):
    return log_in(client, session, applicant)


@pytest.fixture
def desk(app, session, town):
    """`desk(role, **place)`: a client of a clerk there; the unit's own by default."""

    def opened(role=Role.UNIT_ADMIN, **place):
        where = place or {"unit_id": town.unit.id}
        return log_in(app.test_client(), session, person(session, role, **where))

    return opened


def upload(client, content, kind="document", name="证件.jpg"):
    file = {"file": (io.BytesIO(content), name)}
    return client.post(f"{MINE}papers/{kind}", data={"csrf_token": csrf(client, MINE), **file}).json


def ask(client, **fields):
    assert upload(client, jpeg())["ok"]
    return post_form(client, MINE, **ASKED | fields)


def newest(session):
    session.expire_all()
    return session.scalars(sa.select(IdentityChange).order_by(IdentityChange.id.desc())).first()


def texts(session, channel=Channel.SMS):
    return list(session.scalars(sa.select(Message.text).where(Message.channel == channel).order_by(Message.id)))


@pytest.mark.requirement("A15")
def test_the_unit_approves_and_the_new_name_reaches_what_is_still_open(inside, desk, session, town, applicant):
    returned = application(session, town, applicant, state=State.RETURNED, extra_granted=True)
    frozen = session.scalar(sa.select(type(returned)).where(type(returned).state == State.UNIT_REVIEW))
    session.commit()
    assert "您已提交过申报，姓名和证件号码不能自行修改。" in inside.get("/account/identity/").text
    assert MINE in inside.get("/account/identity/").text
    assert upload(inside, pdf(), "proof", "户口簿.pdf") == {
        "ok": True, "message": "已上传。", "name": "户口簿.pdf", "size": "1 KB", "url": f"{MINE}papers/proof",
    }  # fmt: skip
    assert inside.get(f"{MINE}papers/proof").mimetype == "application/pdf"
    assert ask(inside).location == MINE
    page = inside.get(MINE).text
    assert "申请已提交，审核结果会发短信告诉您。" in page and "梁小燕 改为 梁晓燕" in page and "撤回申请" in page
    assert id_number(22) not in page and 'name="id_no"' not in page
    assert texts(session, Channel.SITE) == ["梁小燕申请修改姓名或证件号码，请在“身份变更”中审核。"]
    session.rollback()

    clerk, change = desk(), newest(session)
    here = f"/identity-changes/{change.id}/"
    assert "梁晓燕" in clerk.get("/identity-changes/list/").text
    page = clerk.get(here).text
    assert "户口簿.pdf" in page and id_number(22) not in page and id_number(11) not in page
    page = post_form(clerk, f"{here}reveal", page=here).text
    assert id_number(22) in page and id_number(11) in page and "这次查看已记录。" in page
    assert clerk.get(f"{here}files/document").mimetype == "image/jpeg"
    assert inside.get(f"{here}files/proof").mimetype == "application/pdf"
    session.rollback()
    assert post_form(clerk, f"{here}approve", page=here).location == "/identity-changes/list/"

    session.expire_all()
    now = session.get(Person, applicant.id)
    assert (now.name, now.id_no, now.gender, now.birth_date.isoformat()) == ("梁晓燕", id_number(22), "2", "1988-04-28")
    assert (returned.applicant_name, frozen.applicant_name) == ("梁晓燕", "梁小燕")
    assert (change.state, change.decided_by, change.decided_by_id) == (
        ChangeState.APPROVED, town.unit.name, session.scalar(sa.select(Person.id).where(Person.kind == Party.UNIT)),
    )  # fmt: skip
    assert "您账号的姓名或证件号码已于" in texts(session)[-1]
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.verb == "approve_identity"))
    masked = {"name": "梁**", "id_type": "ID"}
    assert entry.detail == {
        "change": change.id,
        "old": masked | {"id_no": f"{id_number(11)[:6]}********{id_number(11)[-4:]}"},
        "new": masked | {"id_no": f"{id_number(22)[:6]}********{id_number(22)[-4:]}"},
    }
    session.rollback()
    assert inside.get("/account/").status_code == 302, "the person is logged out"


@pytest.mark.requirement("A15")
def test_a_refusal_says_why_and_the_person_asks_again(inside, desk, session, town, applicant):
    ask(inside)
    office, change = desk(Role.OFFICE_ADMIN, body_id=town.office.id), newest(session)
    here = f"/identity-changes/{change.id}/"
    session.rollback()
    answer = post_form(office, f"{here}refuse", page=here, reason="  ")
    assert answer.status_code == 422 and "请写明原因，本人才知道要补充什么。" in answer.text
    assert post_form(office, f"{here}refuse", page=here, reason="证件照片看不清").status_code == 302
    assert texts(session)[-1] == "您修改姓名或证件号码的申请未通过，原因：证件照片看不清。可补充材料后重新申请。"
    session.rollback()
    page = inside.get(MINE).text
    assert "原因：证件照片看不清" in page and "柳州市职改办" in page and 'name="id_no"' in page
    token = csrf(office, "/account/password/")
    late = office.post(f"{here}approve", data={"csrf_token": token}, follow_redirects=True).text
    assert "这件申请刚刚已由他人办理，下面是最新的结果。" in late
    assert newest(session).state is ChangeState.REFUSED and session.get(Person, applicant.id).name == "梁小燕"


@pytest.mark.requirement("A15")
def test_the_person_takes_the_request_back(inside, session, applicant):
    ask(inside)
    assert post_form(inside, f"{MINE}withdraw", page=MINE).location == MINE
    assert "申请已撤回，姓名和证件号码没有变动。" in inside.get(MINE).text
    assert newest(session).state is ChangeState.WITHDRAWN
    session.rollback()
    token = csrf(inside, MINE)
    assert inside.post(f"{MINE}withdraw", data={"csrf_token": token}).status_code == 404
    assert ask(inside).status_code == 302


@pytest.mark.requirement("A15")
def test_what_is_refused_says_why_and_keeps_what_was_typed(inside, session, applicant):
    person(session, Role.APPLICANT, serial=33)
    session.commit()
    answer = post_form(inside, MINE, **ASKED)
    assert answer.status_code == 422 and "请上传身份证件（正反面）。" in answer.text and 'value="梁晓燕"' in answer.text
    for content, sentence in (
        (png(), "请上传 JPG 或 PDF；您选的文件实际是 PNG，改名不改变格式，请另存后再选。"),
        (b"\xff\xd8\xff" + bytes(1_048_577), "文件超过 1 MB，请压缩或降低扫描分辨率后再选。"),
    ):
        assert upload(inside, content)["message"] == sentence
    assert upload(inside, jpeg())["ok"]
    for fields, sentence in (
        ({"name": "梁小燕", "id_no": ""}, "姓名和证件号码与现在登记的一样，没有需要修改的。"),
        ({"id_no": id_number(33)}, "该证件号码已用于另一个账号，不能修改"),
        ({"id_no": "123"}, "证件号码的位数或格式不对"),
        ({"reason": ""}, "请写明修改的原因，单位或职改办据此核实。"),
        ({"reason": "长" * 501}, "原因不超过 500 字，请写短些。"),
        ({"id_type": "PASSPORT", "id_no": ""}, "换了证件类型，请填写新的证件号码。"),
    ):
        answer = post_form(inside, MINE, **ASKED | fields)
        assert answer.status_code == 422 and sentence in answer.text, sentence
    assert newest(session) is None and session.scalar(sa.select(sa.func.count(StoredFile.id))) == 0
    session.rollback()
    assert post_form(inside, MINE, **ASKED).status_code == 302
    assert ask(inside, name="梁燕").location == MINE  # from a second tab
    assert "已有一件正在办理，请先办完或撤回，再重新申请。" in inside.get(MINE).text


@pytest.mark.requirement("A15")
def test_a_number_registered_meanwhile_is_refused_at_the_approval(inside, desk, session):
    ask(inside)
    person(session, Role.APPLICANT, serial=22, phone="13900000022")
    session.commit()
    clerk, here = desk(), f"/identity-changes/{newest(session).id}/"
    session.rollback()
    answer = post_form(clerk, f"{here}approve", page=here)
    assert answer.location == here and "该证件号码已用于另一个账号" in clerk.get(here).text
    assert newest(session).state is ChangeState.OPEN


@pytest.mark.requirement("A15")
def test_only_whoever_looks_after_the_person_sees_the_request(inside, app, desk, session, town, applicant):
    ask(inside)
    here = f"/identity-changes/{newest(session).id}/"
    foreign = make_unit(session, reports_to=town.committee, uscc=OTHER_USCC, name="另一单位")
    other = person(session, Role.APPLICANT, serial=44)
    session.commit()
    for role, place, sees in (
        (Role.UNIT_ADMIN, {"unit_id": foreign.id}, 404),
        (Role.BODY_ADMIN, {"body_id": town.district.id}, 404),
        (Role.OFFICE_ADMIN, {"body_id": town.office.id}, 200),
        (Role.UNIT_OPERATOR, {"unit_id": town.unit.id}, 403),
        (Role.SYSTEM_ADMIN, {}, 403),
    ):
        clerk = desk(role, **place) if place else log_in(app.test_client(), session, person(session, role))
        for path in (here, f"{here}files/document"):
            assert clerk.get(path).status_code == sees, (role, path)
    assert log_in(app.test_client(), session, other).get(f"{here}files/document").status_code == 404
    town.district.approves_identities = True
    session.commit()
    body = desk(Role.BODY_ADMIN, body_id=town.district.id)
    assert body.get(here).status_code == 200 and "身份变更" in body.get("/body/").text


def test_nobody_decides_about_the_own_name(inside, app, session, town, applicant):
    ask(inside)
    same = person(session, Role.UNIT_ADMIN, unit_id=town.unit.id, phone=applicant.phone)
    clerk, here = log_in(app.test_client(), session, same), f"/identity-changes/{newest(session).id}/"
    session.rollback()
    assert post_form(clerk, f"{here}approve", page=here).location == here
    assert "不能办理本人的申请，请由职改办或另一位管理员办理。" in clerk.get(here).text


def test_who_has_submitted_nothing_is_led_to_the_free_change(client, app, session, town):
    who = person(session, Role.APPLICANT, serial=11)
    log_in(client, session, who)
    other = log_in(app.test_client(), session, who)
    assert client.get(MINE).location == "/account/identity/"
    answer = post_form(client, "/account/identity/", name="韦小明", id_type="ID", id_no=id_number(21))
    assert answer.location == "/account/"
    assert other.get("/account/").status_code == 302
    assert "姓名和证件信息已修改，其他设备上的登录已退出。" in client.get("/account/").text
    assert "您账号的姓名或证件号码已于" in texts(session)[-1]


def test_saving_the_same_name_and_number_ends_nothing(session, town):
    who = person(session, Role.APPLICANT, serial=11)
    actor = Actor(Party.APPLICANT, person_id=who.id)
    change_identity(
        session, who, actor, name=who.name, id_type="ID", id_no=id_number(11), keep="", now=who.created_at
    )
    assert who.generation == 1 and texts(session) == []


@pytest.mark.parametrize("rows", [1, 25])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_grid_needs_at_most_eight_statements(desk, session, town, database, rows):
    paper = {"public_id": "", "storage_key": "x", "kind": "x", "name": "x", "media_type": "x", "size": 1, "sha256": "x"}
    for number in range(rows):
        who = person(session, Role.APPLICANT, serial=100 + number, unit_id=town.unit.id)
        file = StoredFile(**paper | {"public_id": str(number)}, person_id=who.id, uploaded_at=who.created_at)
        session.add(file)
        session.flush()
        session.add(
            IdentityChange(
                person_id=who.id, name="甲", id_type="ID", id_no="x", id_no_masked="x", old_name="乙", reason="x",
                document_file_id=file.id, asked_at=who.created_at,
            )  # fmt: skip
        )
    clerk = desk()
    clerk.get("/identity-changes/list/")
    with statements(database.engine) as sent:
        assert clerk.get("/identity-changes/list/").text.count("<tr") >= rows
    assert len(sent) <= 8, sent
