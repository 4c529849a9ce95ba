"""What a person does on the pages of accounts: look at the picture, get a code, register, log in."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy.orm import Session

from app.messages.models import Message
from tests.factories import csrf, id_number, phone_number, post_form

GOOD = "Lvcheng-7731"


def captcha(client: FlaskClient, redis: Redis) -> str:
    """The answer of a picture that the client has just looked at."""
    assert client.get("/captcha.png").status_code == 200
    with client.session_transaction() as cookie:
        return redis.get(f"captcha:{cookie['browser']}").decode()


def ask_code(client: FlaskClient, redis: Redis, phone: str, purpose: str, *, page: str = "/forgot/") -> Any:
    """The answer of 获取短信验证码 with a right captcha."""
    data = {
        "csrf_token": csrf(client, page),
        "phone": phone,
        "purpose": purpose,
        "captcha": captcha(client, redis),
    }
    return client.post("/sms-code/", data=data).json


def last_text(session: Session) -> str:
    session.expire_all()
    return session.scalar(sa.select(Message).order_by(Message.id.desc()).limit(1)).text


def code_in(text: str) -> str:
    return re.search(r"\d{6}", text)[0]


def get_code(client: FlaskClient, redis: Redis, session: Session, phone: str, purpose: str) -> str:
    answer = ask_code(client, redis, phone, purpose)
    assert answer["ok"], answer
    code = code_in(last_text(session))
    session.rollback()
    return code


def agree(client: FlaskClient) -> None:
    answer = post_form(client, "/register/consent/", agree="y")
    assert answer.status_code == 302, answer.text


def filled(**fields: Any) -> dict[str, Any]:
    """A registration form without a fault but for its missing code."""
    return {
        "key": "",
        "name": "梁小燕",
        "id_type": "ID",
        "id_no": id_number(7),
        "phone": phone_number(7),
        "password": GOOD,
        "confirm": GOOD,
        "captcha": "",
        "code": "",
    } | fields


def log_in_at(client: FlaskClient, redis: Redis, path: str, name: str, password: str, **fields: Any) -> Any:
    token = csrf(client, path)
    data = {"csrf_token": token, "username": name, "password": password, "captcha": captcha(client, redis)}
    return client.post(path, data=data | fields)
