"""The picture with letters: its answer is kept in Redis, once for a browser, and is dead after one guess.

Not here: who the browser is (edge.py) and when a picture must be answered (the views).
"""

from __future__ import annotations

import hmac
import secrets
from functools import lru_cache

from captcha.image import ImageCaptcha
from redis import Redis

from app import keyring

# without what looks alike in a bent picture: 0 O, 1 I L, U V, C G
LETTERS = "23456789ABDEFHJKMNPQRSTWXYZ"
LENGTH = 4
LIFETIME = 180  # seconds
SOLVED_LIFETIME = 600  # as long as an SMS code is valid
MEDIA_TYPE = "image/png"
PAPER, INK = (255, 255, 255), (18, 64, 127)  # random colours are sometimes too pale to read


def issue(redis: Redis, browser: str) -> str:
    """A new answer for `browser`; the one before it is dead."""
    answer = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    redis.set(_key(browser), answer, ex=LIFETIME)
    return answer


def guess(redis: Redis, browser: str, text: str) -> bool:
    """Whether `text` is the answer, in either case. Right or wrong, the answer is used up, also by
    parallel guesses."""
    answer = redis.getdel(_key(browser))
    said = "".join(text.split()).upper()
    return answer is not None and hmac.compare_digest(answer, said.encode())


def picture(answer: str) -> bytes:
    """A PNG of `answer`."""
    return _painter().generate(answer, bg_color=PAPER, fg_color=INK).getvalue()


@lru_cache(maxsize=1)
def _painter() -> ImageCaptcha:
    return ImageCaptcha(width=160, height=56, font_sizes=(42, 46, 50))


def mark_solved(redis: Redis, browser: str, phone: str) -> None:
    """Remembers that this browser has answered a picture to send a code to `phone`: the form that the
    code belongs to need not ask for another one. It never opens a second sending."""
    redis.set(_solved_key(browser, phone), 1, ex=SOLVED_LIFETIME)


def is_solved(redis: Redis, browser: str, phone: str) -> bool:
    return bool(phone) and bool(redis.exists(_solved_key(browser, phone)))


def forget_solved(redis: Redis, browser: str, phone: str) -> None:
    redis.delete(_solved_key(browser, phone))


def _key(browser: str) -> str:
    return f"captcha:{browser}"


def _solved_key(browser: str, phone: str) -> str:
    return f"captcha-solved:{browser}:{keyring.current().fingerprint('captcha-solved', phone)}"
