import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.accounts.services import CONSENT_VERSION, IdTaken, PhoneTaken, Registration, register
from app.audit.models import AuditEntry
from app.units.keys import grouped, key_digest, new_key, normal_key
from app.units.models import UnitStatus
from app.workflow.states import Party
from tests.accounts.steps import GOOD, agree, captcha, filled, get_code, log_in_at
from tests.factories import FAST_HASH, Role, city, csrf, id_number, person, phone_number, post_form

PHONE, ID = phone_number(7), id_number(7)


def submit(client, redis, session, **fields):
    """A filled form with a right captcha and a right code, but for `fields`."""
    code = (
        get_code(client, redis, session, fields.get("phone", PHONE), "register")
        if "code" not in fields
        else ""
    )
    return post_form(client, "/register/", **filled(code=code) | fields)


@pytest.fixture
def unit_with_key(session):
    unit = city(session).unit
    unit.key = new_key()
    unit.key_digest = key_digest(unit.key)
    session.commit()
    return unit


@pytest.mark.requirement("A1")
def test_an_applicant_registers_and_ends_at_the_login_with_the_phone_filled_in(
    client, redis, session, clock, unit_with_key
):
    clock.set(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    agree(client)
    answer = submit(client, redis, session, key=grouped(unit_with_key.key).lower())
    assert (answer.status_code, answer.location) == (302, "/login/")
    with client.session_transaction() as cookie:
        assert PHONE not in str(dict(cookie)) and ID not in str(dict(cookie))
    page = client.get("/login/").text
    assert "注册成功，请登录。" in page and f'value="{PHONE}"' in page
    assert f'value="{PHONE}"' not in client.get("/login/").text
    made = session.scalar(sa.select(Person))
    assert (made.name, made.phone, made.id_no, made.kind) == ("梁小燕", PHONE, ID, Party.APPLICANT)
    assert (made.phone_masked, made.id_no_masked) == ("138****0007", "450202********" + ID[-4:])
    assert (made.unit_id, made.consent_version) == (unit_with_key.id, CONSENT_VERSION)
    assert made.consent_at.replace(microsecond=0, second=0) == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert session.scalar(sa.select(AuditEntry.object_id).where(AuditEntry.verb == "register")) == str(
        made.id
    )
    session.rollback()
    assert log_in_at(client, redis, "/login/", PHONE, GOOD).location == "/home/"


@pytest.mark.requirement("A1")
def test_nobody_is_asked_for_an_id_number_before_agreeing(client):
    page = client.get("/register/?key=ABCD-EFGH").text
    assert 'name="id_no"' not in page
    assert "个人信息处理说明" in page and "核对申报人身份，保证一人一个账号" in page
    answer = post_form(client, "/register/", page="/register/")
    assert 'name="id_no"' not in answer.text
    refused = post_form(client, "/register/consent/", page="/register/")
    assert "请阅读说明，同意后勾选，再继续注册。" in refused.text
    agreed = post_form(client, "/register/consent/", page="/register/", agree="y", key="ABCD-EFGH")
    assert agreed.location == "/register/?key=ABCD-EFGH"
    form = client.get(agreed.location).text
    assert 'name="id_no"' in form and 'value="ABCD-EFGH"' in form


@pytest.mark.requirement("A1")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "请填写姓名。"),
        ({"name": "<b>"}, "姓名只能包含文字、间隔号“·”、空格和连字符，请与证件一致。"),
        ({"name": "梁" * 51}, "姓名最多 50 个字，请检查。"),
        ({"id_no": ""}, "请填写证件号码。"),
        ({"id_no": "45020219880428"}, "证件号码的位数或格式不对，请对照证件检查。"),
        ({"id_no": ID[:-1] + ("1" if ID[-1] != "1" else "2")}, "证件号码有误：末位校验码对不上"),
        ({"id_no": id_number(7, born="19881328")}, "证件号码中的出生日期不存在"),
        ({"id_no": id_number(7, born="29880428")}, "证件号码中的出生日期不存在"),
        ({"id_no": id_number(7, division="990202")}, "证件号码的前两位不是有效的地区代码"),
        ({"id_no": ID[:8] + "\u0661" + ID[9:]}, "证件号码的位数或格式不对"),  # an Arabic 1
        ({"id_type": "HM", "id_no": "X12345678"}, "证件号码的位数或格式不对"),
        ({"id_type": "CARD"}, "请从列表中选择证件类型。"),
        ({"phone": ""}, "请填写手机号。"),
        ({"phone": "1380000000"}, "请填写 11 位手机号。"),
        ({"password": "", "confirm": ""}, "请设置密码。"),
        ({"password": "Lv-7", "confirm": "Lv-7"}, "密码至少 8 位，请加长。"),
        ({"password": "lvchengshi", "confirm": "lvchengshi"}, "密码须包含数字，请加上数字。"),
        ({"password": "12345678", "confirm": "12345678"}, "密码须包含字母，请加上字母。"),
        ({"password": "Password123", "confirm": "Password123"}, "这个密码太常见"),
        ({"password": "a" + PHONE, "confirm": "a" + PHONE}, "密码不能包含手机号或登录名"),
        ({"confirm": "Lvcheng-7732"}, "两次输入的密码不一致，请重新输入。"),
        ({"code": ""}, "请填写短信验证码。"),
        ({"captcha": "####"}, "图形验证码不对或已过期，请按新的图片重新填写。"),
        ({"captcha": ""}, "请填写图形验证码；看不清图片的，改用免看图验证。"),
        ({"key": "ABCD"}, "没有这个机构秘钥，请与单位人事部门核对；暂时没有可以空着。"),
    ],
)
def test_every_fault_has_its_sentence_and_what_was_typed_stays(client, redis, session, fields, sentence):
    agree(client)
    given = filled(code="123456", captcha=captcha(client, redis)) | fields
    token = csrf(client, "/register/")
    if "captcha" not in fields:
        given["captcha"] = captcha(client, redis)
    answer = client.post("/register/", data={"csrf_token": token} | given)
    assert answer.status_code == 200
    assert sentence in answer.text
    for name in ("name", "id_no", "phone", "key", "code"):
        typed = given[name].replace("<b>", "&lt;b&gt;")
        assert not typed or f'value="{typed}"' in answer.text, name
    assert GOOD not in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0


@pytest.mark.requirement("A1")
def test_a_wrong_a_foreign_and_a_used_code_are_refused_and_the_captcha_is_not_asked_again(
    client, redis, session
):
    agree(client)
    code = get_code(client, redis, session, PHONE, "register")
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    answer = post_form(client, "/register/", **filled(code=wrong))
    assert "短信验证码不对，请检查后重填。" in answer.text
    assert "图形验证码已通过。" in answer.text and "图形验证码不对" not in answer.text
    foreign = filled(code=code, phone=phone_number(8))
    assert (
        "请填写图形验证码" in post_form(client, "/register/", **foreign).text
    )  # nothing was solved for that phone
    foreign["captcha"] = captcha(client, redis)
    assert "短信验证码已失效，请重新获取。" in post_form(client, "/register/", **foreign).text
    assert post_form(client, "/register/", **filled(code=code)).status_code == 302
    agree(client)
    token = csrf(client, "/register/")
    used = filled(code=code, phone=PHONE, captcha=captcha(client, redis))
    assert (
        "短信验证码已失效，请重新获取。" in client.post("/register/", data={"csrf_token": token} | used).text
    )


@pytest.mark.requirement("A1")
def test_a_code_for_a_forgotten_password_registers_nobody(client, redis, session):
    agree(client)
    code = get_code(client, redis, session, PHONE, "reset")
    assert "短信验证码已失效，请重新获取。" in post_form(client, "/register/", **filled(code=code)).text


@pytest.mark.requirement("A1")
@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        ({"serial": 7, "id_no": id_number(8)}, "该手机号已注册，请直接登录或找回密码。"),
        ({"serial": 7, "phone": phone_number(8)}, "该证件号码已注册，请用原来的手机号登录"),
    ],
)
def test_a_taken_phone_or_number_is_told_only_after_a_right_code(client, redis, session, held, sentence):
    person(session, Role.APPLICANT, **held)
    session.commit()
    agree(client)
    code = get_code(client, redis, session, PHONE, "register")
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert sentence not in post_form(client, "/register/", **filled(code=wrong)).text
    answer = post_form(client, "/register/", **filled(code=code))
    assert sentence in answer.text and 'value="梁小燕"' in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1


@pytest.mark.requirement("A1")
@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"phone": PHONE, "id_no": id_number(9)}, PhoneTaken),
        ({"phone": phone_number(9), "id_no": ID}, IdTaken),
    ],
)
def test_of_two_registrations_at_once_one_is_told_that_it_is_taken(app, database, session, other, expected):
    start, outcomes = threading.Barrier(2), []

    def try_it(fields):
        given = Registration(
            **{
                "name": "梁小燕",
                "id_type": "ID",
                "password": GOOD,
                "unit_id": None,
                "consent_version": "1",
                "consent_at": datetime.now(UTC),
            }
            | fields
        )
        with Session(database.engine) as own:
            start.wait()
            try:
                register(own, given, address="10.0.0.1", now=datetime.now(UTC), hash_method=FAST_HASH)
                own.commit()
                outcomes.append(None)
            except (PhoneTaken, IdTaken) as error:
                own.rollback()
                outcomes.append(type(error))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(try_it, [{"phone": PHONE, "id_no": ID}, other]))
    assert sorted(outcomes, key=str) == sorted([None, expected], key=str)
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"phone": PHONE, "id_no": id_number(9)}, PhoneTaken),
        ({"phone": phone_number(9), "id_no": ID}, IdTaken),
    ],
)
def test_what_only_the_unique_index_sees_has_the_same_name(app, session, monkeypatch, fields, expected):
    from app.accounts import services

    person(session, Role.APPLICANT, serial=7)
    monkeypatch.setattr(services, "_holder_of_phone", lambda *_: None)
    monkeypatch.setattr(services, "_holder_of_id", lambda *_: None)
    given = Registration(
        name="韦一",
        id_type="ID",
        password=GOOD,
        unit_id=None,
        consent_version="1",
        consent_at=datetime.now(UTC),
        **fields,
    )
    with pytest.raises(expected):
        register(session, given, address="10.0.0.1", now=datetime.now(UTC), hash_method=FAST_HASH)


# -- 机构秘钥 ------------------------------------------------------------------------------------------------


def ask_unit(client, key):
    return client.post("/register/unit-name/", data={"csrf_token": csrf(client, "/login/"), "key": key}).json


def test_a_key_is_sixteen_characters_in_groups_and_typed_in_any_way(app):
    key = new_key()
    assert len(key) == 16 and set(key) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    shown = grouped(key)
    assert [len(part) for part in shown.split("-")] == [4, 4, 4, 4]
    for typed in (
        shown,
        shown.lower(),
        f" {key[:8]} {key[8:]} ",
        "".join(chr(ord(ch) + 0xFEE0) for ch in key),
    ):
        assert normal_key(typed) == key
        assert key_digest(typed) == key_digest(key)
    assert len({new_key() for _ in range(100)}) == 100


@pytest.mark.requirement("A1")
def test_a_right_key_names_its_unit_and_a_wrong_one_none(client, unit_with_key):
    assert ask_unit(client, grouped(unit_with_key.key)) == {
        "ok": True,
        "message": "",
        "name": unit_with_key.name,
    }
    wrong = ask_unit(client, "AAAA-AAAA-AAAA-AAAA")
    assert (wrong["ok"], wrong["name"]) == (False, "")
    assert wrong["message"] == "没有这个机构秘钥，请与单位人事部门核对；暂时没有可以空着。"


def test_the_key_of_a_unit_that_is_not_approved_names_nobody(client, session, unit_with_key):
    key = unit_with_key.key
    unit_with_key.status = UnitStatus.PENDING
    session.commit()
    assert not ask_unit(client, key)["ok"]


def test_ten_wrong_keys_in_an_hour_close_the_door_also_for_the_right_one(client, redis, unit_with_key):
    for _ in range(12):
        assert ask_unit(client, unit_with_key.key)["ok"]  # right ones are not counted
    for _ in range(10):
        assert "没有这个机构秘钥" in ask_unit(client, "AAAA")["message"]
    assert "机构秘钥试错次数过多，请 1 小时后再试" in ask_unit(client, unit_with_key.key)["message"]
    [counter] = redis.keys("key-tries:*")
    assert 3500 < redis.ttl(counter) <= 3600
