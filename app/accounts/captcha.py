"""The picture with letters, and the task for whoever cannot see it. Either has one answer, kept in Redis, once for a
browser, and dead after one guess.

The task asks nothing of the person: the browser searches for the number behind a digest (static/proof.js) and fills it
into the same field, so every form takes it as it takes the letters. It costs a machine what it costs a person, some
seconds; from an address that asks for many it costs more and more. No sound, no other service, no riddle to solve
(WCAG 2.2, 3.3.8), and nothing on the page that holds the answer.

Not here: who the browser is (edge.py) and when a picture must be answered (the views).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
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
TASK_LIFETIME = 600  # listening to a form takes longer than looking at it
TASK_SIZE = 1_000_000  # numbers to search: half a second on a desk, some seconds on a phone
TASKS_AT_THAT_SIZE = 20  # from one address in an hour; each further such number asks for as much again
TASK_SIZE_MAX = 10 * TASK_SIZE
HOUR = 3600
PAPER, INK = (255, 255, 255), (18, 64, 127)  # random colours are sometimes too pale to read


def issue(redis: Redis, browser: str) -> str:
    """A new answer for `browser`; the one before it is dead."""
    answer = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    redis.set(_key(browser), answer, ex=LIFETIME)
    return answer


@dataclass(frozen=True)
class Task:
    """Find the number below `size` for which `digest` is the SHA-256 of salt and number, written one after the other."""

    salt: str
    digest: str
    size: int


def issue_task(redis: Redis, browser: str, *, address: str) -> Task:
    """A task for `browser` in the place of a picture; the answer before it is dead."""
    counter = f"captcha-tasks:{keyring.current().fingerprint('captcha-tasks', address)}"
    asked = redis.incr(counter)
    if asked == 1:
        redis.expire(counter, HOUR)
    size = min(TASK_SIZE * (1 + (asked - 1) // TASKS_AT_THAT_SIZE), TASK_SIZE_MAX)
    salt, answer = secrets.token_hex(8), secrets.randbelow(size)
    redis.set(_key(browser), answer, ex=TASK_LIFETIME)
    return Task(salt, hashlib.sha256(f"{salt}{answer}".encode()).hexdigest(), size)


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
