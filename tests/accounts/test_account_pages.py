import re

import pytest
import sqlalchemy as sa

from app.accounts.models import LoginSession, Person
from app.messages.models import Message
from app.workflow.states import State
from tests.accounts.steps import (
    GOOD,
    agree,
    ask_code,
    code_in,
    filled,
    get_code,
    last_text,
    log_in_at,
)
from tests.factories import (
    PASSWORD,
    Role,
    application,
    city,
    csrf,
    id_number,
    log_in,
    person,
    phone_number,
    post_form,
)

NEW = "Liujiang-8842"


@pytest.fixture
def applicant(session):
    made = person(session, Role.APPLICANT, serial=11)
    session.commit()
    return made


@pytest.fixture
def inside(client, session, applicant):
    return log_in(client, session, applicant)


def code_for(client, redis, session, phone):
    answer = ask_code(client, redis, phone, "phone", page="/account/phone/")
    assert answer["ok"], answer
    code = code_in(last_text(session))
    session.rollback()
    return code


def open_reasons(session):
    session.expire_all()
    return sorted(str(reason) for reason in session.scalars(sa.select(LoginSession.end_reason)))


@pytest.mark.parametrize("path", ["/account/", "/account/password/", "/account/phone/", "/account/identity/"])
def test_a_stranger_is_led_to_the_login_and_back(client, path):
    assert client.get(path).location == f"/login/?next={path}"


def test_the_profile_shows_masked_data_and_the_log_ins(inside, session, applicant):
    page = inside.get("/account/").text
    assert applicant.id_no_masked in page and "138****0011" in page and "居民身份证" in page
    assert applicant.id_no not in page and applicant.phone not in page
    assert "当前登录" in page and "127.0.0.1" in page


def test_staff_have_the_page_without_name_and_number_to_change(client, session):
    town = city(session)
    clerk = person(session, Role.UNIT_OPERATOR, login_name="gongsi-01", unit_id=town.unit.id)
    log_in(client, session, clerk)
    page = client.get("/account/").text
    assert "gongsi-01" in page and town.unit.name in page and "/account/identity/" not in page
    assert client.get("/account/identity/").status_code == 403


def test_a_clerk_changes_the_password_after_one_that_was_wrong(client, redis, session):
    town = city(session)
    clerk = person(session, Role.UNIT_OPERATOR, login_name="gongsi-01", unit_id=town.unit.id)
    log_in(client, session, clerk)
    given = {"current": "wrong-pass-1", "password": NEW, "confirm": NEW}
    assert "当前密码不对，请重新输入。" in post_form(client, "/account/password/", **given).text
    assert (
        "不能包含手机号或登录名"
        in post_form(
            client, "/account/password/", **given | {"password": "gongsi-01x", "confirm": "gongsi-01x"}
        ).text
    )
    assert post_form(client, "/account/password/", **given | {"current": PASSWORD}).location == "/account/"
    assert log_in_at(client, redis, "/org/login/", "gongsi-01", NEW).status_code == 302


# -- 修改密码 ------------------------------------------------------------------------------------------------


@pytest.mark.requirement("A15")
def test_a_new_password_ends_the_other_sessions_and_tells_the_phone(inside, app, redis, session, applicant):
    other = log_in(app.test_client(), session, applicant)
    answer = post_form(inside, "/account/password/", current=PASSWORD, password=NEW, confirm=NEW)
    assert answer.location == "/account/"
    assert other.get("/account/").status_code == 302
    assert "密码已修改，其他设备上的登录已退出。" in inside.get("/account/").text
    assert open_reasons(session) == ["None", "password"]
    message = session.scalar(sa.select(Message))
    assert (message.template, message.phone) == ("PASSWORD_CHANGED", applicant.phone)
    assert "密码已于" in message.text
    session.rollback()
    fresh = app.test_client()
    assert log_in_at(fresh, redis, "/login/", phone_number(11), PASSWORD).status_code == 200
    assert log_in_at(fresh, redis, "/login/", phone_number(11), NEW).status_code == 302


@pytest.mark.requirement("A15")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"current": "wrong-pass-1"}, "当前密码不对，请重新输入。"),
        ({"current": ""}, "请填写当前密码。"),
        ({"password": "Lv-7", "confirm": "Lv-7"}, "密码至少 8 位，请加长。"),
        ({"password": "x13800000011", "confirm": "x13800000011"}, "密码不能包含手机号或登录名，请换一个。"),
        ({"confirm": "other-pass-1"}, "两次输入的密码不一致，请重新输入。"),
    ],
)
def test_a_refused_password_changes_nothing(inside, session, fields, sentence):
    given = {"current": PASSWORD, "password": NEW, "confirm": NEW} | fields
    answer = post_form(inside, "/account/password/", **given)
    assert answer.status_code == 200 and sentence in answer.text and NEW not in answer.text
    assert open_reasons(session) == ["None"]


def test_a_borrowed_session_cannot_guess_the_current_password(inside):
    given = {"current": "wrong-pass-1", "password": NEW, "confirm": NEW}
    for _ in range(5):
        assert "当前密码不对" in post_form(inside, "/account/password/", **given).text
    answer = post_form(inside, "/account/password/", **given | {"current": PASSWORD})
    assert "密码输错次数过多，请 15 分钟后再试。" in answer.text


# -- 更换手机号 ----------------------------------------------------------------------------------------------


@pytest.mark.requirement("A15")
def test_a_new_phone_is_proven_by_a_code_and_the_old_one_is_told(inside, app, redis, session, applicant):
    new = phone_number(12)
    code = code_for(inside, redis, session, new)
    other = log_in(app.test_client(), session, applicant)
    answer = post_form(inside, "/account/phone/", current=PASSWORD, phone=new, code=code)
    assert answer.location == "/account/"
    assert "138****0012" in inside.get("/account/").text
    assert other.get("/account/").status_code == 302
    session.expire_all()
    message = session.scalar(sa.select(Message).where(Message.template == "PHONE_CHANGED"))
    assert message.phone == phone_number(11) and "138****0012" in message.text and new not in message.text
    session.rollback()
    assert log_in_at(app.test_client(), redis, "/login/", new, PASSWORD).status_code == 302
    assert log_in_at(app.test_client(), redis, "/login/", phone_number(11), PASSWORD).status_code == 200


@pytest.mark.requirement("A15")
def test_a_phone_is_not_changed_without_password_and_code(inside, redis, session, applicant):
    new = phone_number(12)
    code = code_for(inside, redis, session, new)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for fields, sentence in [
        ({"current": "wrong-pass-1"}, "当前密码不对，请重新输入。"),
        ({"code": wrong}, "短信验证码不对，请检查后重填。"),
        ({"code": ""}, "请填写短信验证码。"),
        ({"phone": "123"}, "请填写 11 位手机号。"),
        ({"phone": phone_number(11)}, "这就是现在的手机号，不用更换。"),
        ({"phone": phone_number(13)}, "请填写图形验证码；看不清图片的，改用免看图验证。"),
        ({"phone": phone_number(13), "captcha": "####"}, "图形验证码不对或已过期"),
    ]:
        answer = post_form(
            inside, "/account/phone/", **{"current": PASSWORD, "phone": new, "code": code} | fields
        )
        assert sentence in answer.text
        assert f'value="{fields.get("phone", new)}"' in answer.text
    session.expire_all()
    assert session.get(Person, applicant.id).phone == phone_number(11)


@pytest.mark.requirement("A15")
def test_the_phone_of_another_applicant_is_refused_after_a_right_code(inside, redis, session):
    person(session, Role.APPLICANT, serial=12)
    session.commit()
    code = code_for(inside, redis, session, phone_number(12))
    answer = post_form(inside, "/account/phone/", current=PASSWORD, phone=phone_number(12), code=code)
    assert "这个手机号已用于另一个账号，请换一个" in answer.text


# -- 姓名和证件 ----------------------------------------------------------------------------------------------


@pytest.mark.requirement("A15")
def test_name_and_number_change_freely_before_anything_was_submitted(inside, session, applicant):
    town = city(session)
    draft = application(session, town, applicant)
    session.commit()
    answer = post_form(inside, "/account/identity/", name="韦小明", id_type="ID", id_no=id_number(21))
    assert answer.location == "/account/"
    session.expire_all()
    changed = session.get(Person, applicant.id)
    assert (changed.name, changed.id_no, changed.gender) == ("韦小明", id_number(21), "1")
    assert draft.applicant_name == "韦小明"
    assert "账号菜单：韦小明" in inside.get("/account/").text


@pytest.mark.requirement("A15")
def test_an_empty_number_stays_and_the_full_one_is_never_shown(inside, session, applicant):
    page = inside.get("/account/identity/").text
    assert applicant.id_no_masked in page and applicant.id_no not in page
    assert post_form(inside, "/account/identity/", name="梁大燕", id_type="ID", id_no="").status_code == 302
    session.expire_all()
    assert session.get(Person, applicant.id).id_no == id_number(11)


@pytest.mark.requirement("A15")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "请填写姓名。"),
        ({"id_no": "123"}, "证件号码的位数或格式不对"),
        ({"id_type": "PASSPORT", "id_no": ""}, "换了证件类型，请填写新的证件号码。"),
        ({"id_no": id_number(22)}, "该证件号码已注册"),
        ({"name": "梁小燕", "id_no": ""}, "姓名和证件都和原来一样，请改好后再保存；不修改的，请返回账号信息。"),
    ],
)
def test_a_refused_identity_says_why(inside, session, fields, sentence):
    person(session, Role.APPLICANT, serial=22)
    session.commit()
    given = {"name": "韦小明", "id_type": "ID", "id_no": id_number(21)} | fields
    answer = post_form(inside, "/account/identity/", **given)
    assert answer.status_code == 200 and sentence in answer.text
    assert not given["id_no"] or f'value="{given["id_no"]}"' in answer.text


@pytest.mark.requirement("A15")
def test_after_a_submission_the_page_says_who_changes_them(inside, session, applicant):
    application(session, city(session), applicant, state=State.UNIT_REVIEW)
    session.commit()
    page = inside.get("/account/identity/").text
    assert "您已提交过申报，姓名和证件号码不能自行修改。" in page and 'name="id_no"' not in page
    token = csrf(inside, "/account/password/")
    inside.post(
        "/account/identity/", data={"csrf_token": token, "name": "韦小明", "id_type": "ID", "id_no": ""}
    )
    session.expire_all()
    assert session.get(Person, applicant.id).name == "梁小燕"


# -- 忘记密码 ------------------------------------------------------------------------------------------------


@pytest.mark.requirement("A2")
def test_a_forgotten_password_is_set_anew_by_code_and_ends_every_session_and_lock(
    client, app, redis, session, applicant
):
    other = log_in(app.test_client(), session, applicant)
    phone = applicant.phone
    session.rollback()
    for _ in range(5):
        log_in_at(client, redis, "/login/", phone, "wrong-pass-1")
    code = get_code(client, redis, session, phone, "reset")
    answer = post_form(client, "/forgot/", phone=phone, code=code, password=NEW, confirm=NEW)
    assert answer.location == "/login/"
    page = client.get("/login/").text
    assert "密码已重设，请用新密码登录。" in page and f'value="{phone}"' in page
    assert other.get("/account/").status_code == 302
    assert last_text(session).startswith("您的登录密码已于")
    session.rollback()
    assert log_in_at(client, redis, "/login/", phone, NEW).status_code == 302


@pytest.mark.requirement("A2")
def test_a_stranger_learns_nothing_about_a_phone_from_the_forgotten_page(client, redis, session, applicant):
    def body(phone):
        answer = post_form(
            client, "/forgot/", phone=phone, code="000000", password=NEW, confirm=NEW, captcha="####"
        )
        main = answer.text.partition("<main")[2].replace(phone, "")
        return re.sub(r'name="csrf_token"[^>]*>', "", main)

    assert body(applicant.phone) == body(phone_number(99))
    code = get_code(client, redis, session, phone_number(99), "reset")
    answer = post_form(client, "/forgot/", phone=phone_number(99), code=code, password=NEW, confirm=NEW)
    assert "该手机号还没有注册，请先注册。" in answer.text  # only for whoever holds the phone


def test_staff_read_who_resets_their_password(client):
    page = client.get("/forgot/").text
    assert "单位经办人：请本单位管理员在「单位经办人」里为您重设密码。" in page
    assert "单位管理员：有另一位管理员的，由他重设；没有的，请单位持证明到职改办更换管理员账号。" in page
    assert "评审机构和职改办：请系统管理员重设密码。" in page


# -- 数据库里没有明文 ----------------------------------------------------------------------------------------


@pytest.mark.requirement("A1")
def test_a_dump_of_the_database_shows_no_phone_and_no_number_in_clear(client, redis, session):
    agree(client)
    phone, number, new = phone_number(7), id_number(7), phone_number(8)
    code = get_code(client, redis, session, phone, "register")
    assert post_form(client, "/register/", **filled(code=code)).status_code == 302
    log_in_at(client, redis, "/login/", phone, GOOD)
    code = code_for(client, redis, session, new)
    assert post_form(client, "/account/phone/", current=GOOD, phone=new, code=code).status_code == 302
    dump, tables = b"", sa.inspect(session.get_bind()).get_table_names()
    for table in tables:
        for row in session.execute(sa.text(f'SELECT * FROM "{table}"')):
            dump += b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    assert "梁小燕".encode() in dump  # the search finds what is there
    for secret in (phone, new, number, f"验证码为{code}", GOOD):
        assert secret.encode() not in dump


# -- every page ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/login/",
        "/org/login/",
        "/forgot/",
        "/register/",
        "/register/?form",
        "/account/",
        "/account/password/",
        "/account/phone/",
        "/account/identity/",
    ],
)
def test_each_page_has_a_title_one_heading_labels_and_no_inline_code(inside, path):
    if "form" in path:
        agree(inside)
    page = inside.get(path).text
    assert re.search(r"<title>\S.* · 职称申报评审服务平台</title>", page)
    assert len(re.findall(r"<h1", page)) == 1
    labelled = set(re.findall(r'<label for="([^"]+)"', page))
    inputs = re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
    for each in inputs:
        if 'type="hidden"' in each or "checkbox" in each:
            continue
        assert re.search(r'\bid="([^"]+)"', each)[1] in labelled, each
    for form in re.findall(r'<form[^>]*method="post".*?</form>', page, re.S):
        assert 'name="csrf_token"' in form
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page)
    assert not re.search(
        r"[A-Za-z]{4,} [a-z]{2,} [a-z]{2,}", re.sub(r"<[^>]*>|\{.*?\}", "", page.partition("<main")[2])
    )
