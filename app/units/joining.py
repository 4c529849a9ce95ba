"""From a typed unit key to the unit: wrong tries are counted for each address (and account), ten an hour."""

from __future__ import annotations

import sqlalchemy as sa
from redis import Redis
from sqlalchemy.orm import Session

from app import keyring
from app.accounts.neighbours import TooManyKeys, UnknownKey
from app.units.keys import key_digest, normal_key
from app.units.models import Unit, UnitStatus

MAX_WRONG = 10
HOUR = 3600

# Counted before the look-up, and given back after a right one: parallel guesses cannot slip through.
_COUNT = """
local n = redis.call('INCR', KEYS[1])
if redis.call('TTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return n
"""


def find_unit(
    session: Session, redis: Redis, text: str, *, address: str, person_id: int | None = None
) -> Unit:
    """The approved unit whose key was typed. Raises UnknownKey, TooManyKeys."""
    counters = [_counter("address", address)] + ([_counter("account", str(person_id))] if person_id else [])
    if any(redis.eval(_COUNT, 1, counter, HOUR) > MAX_WRONG for counter in counters):
        raise TooManyKeys
    unit = None
    if normal_key(text):
        unit = session.scalar(
            sa.select(Unit).where(Unit.key_digest == key_digest(text), Unit.status == UnitStatus.APPROVED)
        )
    if unit is None:
        raise UnknownKey
    for counter in counters:
        redis.decr(counter)
    return unit


def _counter(kind: str, value: str) -> str:
    return f"key-tries:{kind}:{keyring.current().fingerprint('key-tries', value)}"
