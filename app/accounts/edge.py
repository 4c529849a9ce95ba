"""Where accounts meet the browser: its random id, the captcha it was shown, the log-in cookie, what is
remembered for its next page, and limits by address. Everything here needs a request."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime

from flask import current_app, g, request
from flask import session as cookie
from flask_appbuilder.security.sqla.models import User
from flask_appbuilder.utils.limit import Limit
from flask_limiter.util import get_remote_address
from redis import Redis
from werkzeug.wrappers import Response

from app import keyring
from app.accounts import captcha
from app.accounts.creating import HASH_METHOD
from app.accounts.places import Place

REMEMBERED_FOR = 600
WINDOW_COOKIE = "window"
LEFT_COOKIE = "left"
DEVICE_COOKIE = "device"
DEVICE = re.compile(r"[\w-]{43}")  # what token_urlsafe(32) makes
PROVING_FOR = 600  # as long as the code holds
YEAR = 365 * 24 * 3600


def redis() -> Redis:
    return current_app.extensions["redis"]


def machine_now() -> datetime:
    """For sessions and locks; terms are judged by the business clock."""
    return datetime.now(UTC)


def hash_method() -> str:
    return current_app.config.get("FAB_PASSWORD_HASH_METHOD", HASH_METHOD)


def address() -> str:
    return request.remote_addr or ""


def agent() -> str:
    return request.headers.get("User-Agent", "")


def browser_id() -> str:
    """The random name of this browser: all that the cookie holds about captchas and half-done forms."""
    if "browser" not in cookie:
        cookie["browser"] = secrets.token_urlsafe(16)
    return cookie["browser"]


def captcha_right(guess: str) -> bool:
    """Whether `guess` answers the picture that this browser was shown last; uses it up."""
    return captcha.guess(redis(), browser_id(), guess or "")


def remember_phone(phone: str) -> None:
    """For the log-in page that comes next; sealed, in Redis, because a cookie can be read by its holder."""
    sealed = keyring.current().seal("remembered.phone", phone.encode())
    redis().set(f"remembered:{browser_id()}", sealed, ex=REMEMBERED_FOR)


def remembered_phone() -> str:
    """The phone of remember_phone(), once; empty if there is none."""
    sealed = redis().getdel(f"remembered:{browser_id()}") if "browser" in cookie else None
    return keyring.current().open("remembered.phone", sealed).decode() if sealed else ""


def token() -> str:
    """The token of this request's session."""
    return cookie.get("_user_id", "")


def start_session(new_token: str) -> None:
    """A new cookie for a new session: nothing of the old one goes along."""
    cookie.clear()
    cookie["_user_id"], cookie["_fresh"] = new_token, True
    cookie.permanent = True


def place() -> Place:
    """Where this request comes from; a browser without a token gets one, which remember_device() gives it."""
    if "device" not in g:
        known = request.cookies.get(DEVICE_COOKIE, "")
        g.device = known if DEVICE.fullmatch(known) else secrets.token_urlsafe(32)
    return Place(address(), g.device, agent())


def remember_device(answer: Response) -> Response:
    """So that the next log-in from here finds its usual place."""
    answer.set_cookie(
        DEVICE_COOKIE,
        place().device,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


def start_proving(person_id: int, generation: int) -> None:
    """Remembers whose password was right, for the page that asks for the code: under a new random name, which is all that
    the new cookie holds."""
    cookie.clear()
    cookie["proving"] = secrets.token_urlsafe(32)
    redis().set(_proving_key(), f"{person_id}:{generation}", ex=PROVING_FOR)


def proving() -> tuple[int, int] | None:
    """(person, generation) of start_proving(), for ten minutes; None if this browser proves nothing."""
    held = redis().get(_proving_key()) if "proving" in cookie else None
    if not held:
        return None
    person_id, generation = held.decode().split(":")
    return int(person_id), int(generation)


def end_proving() -> None:
    redis().delete(_proving_key())
    cookie.pop("proving", None)


def _proving_key() -> str:
    return f"proving:{cookie['proving']}"


def forget_session() -> None:
    cookie.clear()


def user() -> User:
    """FAB's user of whoever is logged in."""
    return g.logged_in.user


def remember_window(answer: Response, window: str) -> Response:
    """So that somebody whose session ran out is led to the right door."""
    answer.set_cookie(
        WINDOW_COOKIE,
        window,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return answer


def mark_left(answer: Response) -> Response:
    """Tells the script of the next page, whenever that comes, to forget the drafts in this browser (site.js)."""
    answer.set_cookie(
        LEFT_COOKIE, "1", max_age=YEAR, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"]
    )
    return answer


def per_address(amount: str, *methods: str) -> Limit:
    """A view's limit for each address, e.g. "60 per minute"; many people of one hospital share one."""
    return Limit(amount, key_func=get_remote_address, methods=methods or None, cost=1)
