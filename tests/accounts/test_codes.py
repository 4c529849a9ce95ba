from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts import codes
from app.accounts.codes import CodeRefused, Purpose, SendLimits, SendRefused
from tests.accounts.steps import ask_code, captcha, code_in, last_text
from tests.factories import Role, csrf, person, phone_number

PHONE = phone_number(3)


def issue(redis, phone=PHONE, purpose=Purpose.REGISTER, address="10.0.0.1", **limits):
    return codes.issue(redis, purpose, phone, address=address, limits=SendLimits(**limits))


def refusal(redis, code, phone=PHONE, purpose=Purpose.REGISTER):
    with pytest.raises(CodeRefused) as caught:
        codes.redeem(redis, purpose, phone, code)
    return caught.value.reason


def other(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_has_six_digits_and_is_used_once(redis, app):
    code = issue(redis)
    assert len(code) == 6 and code.isdigit()
    codes.redeem(redis, Purpose.REGISTER, PHONE, code)
    assert refusal(redis, code) == "gone"


def test_one_of_many_parallel_uses_succeeds(redis, app):
    code = issue(redis)

    def use(_):
        try:
            codes.redeem(redis, Purpose.REGISTER, PHONE, code)
        except CodeRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(use, range(20))).count(True) == 1


def test_five_wrong_tries_kill_a_code(redis, app):
    code = issue(redis)
    assert [refusal(redis, other(code)) for _ in range(5)] == ["wrong"] * 4 + ["gone"]
    assert refusal(redis, code) == "gone"


def test_a_code_is_bound_to_its_phone_and_purpose(redis, app):
    code = issue(redis)
    assert refusal(redis, code, phone=phone_number(4)) == "gone"
    assert refusal(redis, code, purpose=Purpose.RESET) == "gone"
    codes.redeem(redis, Purpose.REGISTER, PHONE, code)


def test_a_code_lives_ten_minutes_and_a_new_one_kills_the_old(redis, app):
    first = issue(redis)
    [key] = redis.keys("code-register:*")
    assert 590 < redis.ttl(key) <= 600
    redis.delete(*redis.keys("code-wait:*"))
    second = issue(redis)
    assert first == second or refusal(redis, first) == "wrong"
    codes.redeem(redis, Purpose.REGISTER, PHONE, second)


def test_a_second_sending_waits_a_minute(redis, app):
    issue(redis)
    with pytest.raises(SendRefused) as caught:
        issue(redis)
    assert caught.value.limit == "wait" and 55 < caught.value.seconds <= 60


def test_parallel_sendings_to_a_phone_send_one(redis, app):
    def ask(_):
        try:
            return issue(redis)
        except SendRefused:
            return None

    with ThreadPoolExecutor(8) as threads:
        assert sum(code is not None for code in threads.map(ask, range(20))) == 1


def test_a_phone_and_an_address_have_their_daily_limits(redis, app):
    def tries(phones, addresses, **limits):
        for phone, address in zip(phones, addresses, strict=True):
            redis.delete(*redis.keys("code-wait:*") or ["none"])
            issue(redis, phone=phone, address=address, **limits)

    with pytest.raises(SendRefused) as caught:
        tries([PHONE] * 4, ["a", "b", "c", "d"], per_phone=3)
    assert caught.value.limit == "phone"
    with pytest.raises(SendRefused) as caught:
        tries([phone_number(n) for n in range(10, 14)], ["shared"] * 4, per_address=3)
    assert caught.value.limit == "address"


def test_parallel_sendings_from_an_address_stay_under_its_limit(redis, app):
    def ask(serial):
        try:
            return issue(redis, phone=phone_number(serial), per_address=5)
        except SendRefused:
            return None

    with ThreadPoolExecutor(8) as threads:
        assert sum(code is not None for code in threads.map(ask, range(20))) == 5


@pytest.mark.requirement("A1")
def test_a_code_is_sent_to_the_phone_and_to_nobody_else(client, redis, session):
    answer = ask_code(client, redis, PHONE, "register")
    assert answer["ok"] and answer["wait"] == 60 and answer["new_captcha"] is False
    text = last_text(session)
    assert "10分钟内有效" in text
    code = code_in(text)
    assert code not in str(answer)
    with client.session_transaction() as cookie:
        assert code not in str(dict(cookie)) and PHONE not in str(dict(cookie))


def test_redis_holds_no_phone_and_no_code_in_clear(client, redis, session):
    ask_code(client, redis, PHONE, "register")
    code = code_in(last_text(session))
    for key in redis.keys("code*") + redis.keys("captcha*"):
        held = redis.hgetall(key) if redis.type(key) == b"hash" else {b"": redis.get(key)}
        assert PHONE.encode() not in key and code.encode() not in key
        assert not any(PHONE.encode() in value or code.encode() in value for value in held.values())
    assert not any(PHONE.encode() in key for key in redis.keys("*"))


def test_sending_uses_up_the_captcha(client, redis):
    token, answer = csrf(client, "/forgot/"), captcha(client, redis)
    data = {"csrf_token": token, "purpose": "reset", "captcha": answer}
    assert client.post("/sms-code/", data=data | {"phone": phone_number(20)}).json["ok"]
    again = client.post("/sms-code/", data=data | {"phone": phone_number(21)}).json
    assert again == {
        "ok": False,
        "message": "图形验证码不对或已过期，请按新的图片重新填写。",
        "wait": 0,
        "new_captcha": True,
    }


def test_a_known_phone_is_answered_like_an_unknown_one(client, redis, session):
    known = person(session, Role.APPLICANT, serial=5)
    session.commit()
    answers = [ask_code(client, redis, phone, "register") for phone in (known.phone, phone_number(6))]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("phone", "purpose", "message"),
    [
        ("1380000", "register", "请填写 11 位手机号。"),
        ("23800000001", "register", "请填写 11 位手机号。"),
        (PHONE, "vote", "请从页面上获取短信验证码。"),
        (PHONE, "phone", "请从页面上获取短信验证码。"),
    ],
)
def test_a_bad_request_for_a_code_sends_nothing(client, redis, phone, purpose, message):
    answer = ask_code(client, redis, phone, purpose)
    assert not answer["ok"] and answer["message"] == message
    assert redis.keys("code*") == []


def test_a_second_request_within_a_minute_says_how_long_to_wait(client, redis):
    ask_code(client, redis, PHONE, "reset")
    answer = ask_code(client, redis, PHONE, "reset")
    assert not answer["ok"] and 0 < answer["wait"] <= 60
    assert "秒后再获取" in answer["message"]
