"""SMS codes: six digits bound to a phone and a purpose, limited in tries, in sendings, and in time.

Everything is in Redis under HMAC digests, and each step is one script there, so that parallel requests
cannot share a code or slip under a limit. Not here: the text of the message and its delivery (messages).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import StrEnum

from redis import Redis

from app import keyring

LIFETIME = 600  # 10 分钟内有效
MAX_TRIES = 5
DAY = 24 * 3600


class Purpose(StrEnum):
    """What a code proves the phone for; a code for one is none for another."""

    REGISTER = "register"
    RESET = "reset"
    PHONE = "phone"
    RECOVER = "recover"  # a lost phone: the new one, proven to the unit or the office
    PLACE = "place"  # a log-in from an unusual place; sent by the log-in page alone


ON_REQUEST = frozenset(Purpose) - {Purpose.PLACE}  # what a page may ask for with a captcha
LOGGED_IN = frozenset({Purpose.PHONE, Purpose.RECOVER})  # only asked for by somebody who is logged in


@dataclass(frozen=True)
class SendLimits:
    """Seconds between two sendings to a phone, and sendings in 24 hours to a phone and from an address. Whole
    hospitals share an address."""

    wait: int = 60
    per_phone: int = 10
    per_address: int = 50


class SendRefused(Exception):
    """No code is sent now; `seconds` until it may be asked for again, `limit` is wait, phone or address."""

    def __init__(self, limit: str, seconds: int) -> None:
        super().__init__(limit)
        self.limit = limit
        self.seconds = seconds


class CodeRefused(Exception):
    """`reason` is wrong (try again), or gone: expired, used, never sent, or killed by wrong tries."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# KEYS: wait, phone count, address count, code
# ARGV: wait, per phone, per address, day, code digest, code lifetime
_ISSUE = """
local wait = redis.call('TTL', KEYS[1])
if wait > 0 then return {'wait', wait} end
for i, name in ipairs({'phone', 'address'}) do
  if tonumber(redis.call('GET', KEYS[i + 1]) or '0') >= tonumber(ARGV[i + 1]) then
    return {name, redis.call('TTL', KEYS[i + 1])}
  end
end
for i = 2, 3 do
  if redis.call('INCR', KEYS[i]) == 1 then redis.call('EXPIRE', KEYS[i], ARGV[4]) end
end
redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
redis.call('DEL', KEYS[4])
redis.call('HSET', KEYS[4], 'code', ARGV[5], 'tries', '0')
redis.call('EXPIRE', KEYS[4], ARGV[6])
return {'sent', tonumber(ARGV[1])}
"""

# KEYS: code.  ARGV: digest of what was typed, most tries
_REDEEM = """
local held = redis.call('HGET', KEYS[1], 'code')
if not held then return 'gone' end
if held == ARGV[1] then redis.call('DEL', KEYS[1]) return 'right' end
if redis.call('HINCRBY', KEYS[1], 'tries', 1) < tonumber(ARGV[2]) then return 'wrong' end
redis.call('DEL', KEYS[1])
return 'gone'
"""


def issue(
    redis: Redis, purpose: Purpose, phone: str, *, address: str, limits: SendLimits | None = None
) -> str:
    """A new code for `phone`, to be sent to it; an older one for the same purpose is dead.
    Raises SendRefused."""
    limits = limits or SendLimits()
    code = f"{secrets.randbelow(10**6):06d}"
    keys = [
        _key("code-wait", phone),
        _key("code-day-phone", phone),
        _key("code-day-address", address),
        _code_key(purpose, phone),
    ]
    values = [limits.wait, limits.per_phone, limits.per_address, DAY, _digest(purpose, phone, code), LIFETIME]
    answer, seconds = redis.eval(_ISSUE, len(keys), *keys, *values)
    if answer != b"sent":
        raise SendRefused(answer.decode(), max(int(seconds), 1))
    return code


def redeem(redis: Redis, purpose: Purpose, phone: str, code: str) -> None:
    """Uses up the code of `phone` for `purpose`; of parallel calls one succeeds. Raises CodeRefused."""
    answer = redis.eval(_REDEEM, 1, _code_key(purpose, phone), _digest(purpose, phone, code), MAX_TRIES)
    if answer != b"right":
        raise CodeRefused(answer.decode())


def _key(name: str, value: str) -> str:
    return f"{name}:{keyring.current().fingerprint(name, value)}"


def _code_key(purpose: Purpose, phone: str) -> str:
    return _key(f"code-{purpose.value}", phone)


def _digest(purpose: Purpose, phone: str, code: str) -> str:
    return keyring.current().fingerprint(f"code-{purpose.value}", f"{phone}\0{code}")
