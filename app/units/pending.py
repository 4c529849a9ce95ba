"""Uploads of somebody who has no record yet: kept for an hour under the browser's random id, so that a form that is
refused for another reason does not lose them. What nobody claims is deleted."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import BinaryIO

from redis import Redis

from app.files.services import Format, Taken, take
from app.gateways.scanner import Scanner
from app.gateways.storage import Storage

KEPT_SECONDS = 3600
UPLOADS_PER_HOUR = 60  # by address: a form has two files
SWEPT_AT_ONCE = 50
WAITING = "unit-uploads:waiting"  # storage key -> moment after which it is nobody's
FORMATS = (Format.JPG, Format.PDF)


class TooManyUploads(Exception):
    """This address has sent more in an hour than any form needs."""


@dataclass(frozen=True)
class PendingUploads:
    """The uploads of one browser; `draft` is the random id in its cookie."""

    redis: Redis
    storage: Storage
    draft: str

    @property
    def _place(self) -> str:
        return "unit-uploads:" + hashlib.sha256(self.draft.encode()).hexdigest()

    def put(self, scanner: Scanner, stream: BinaryIO, *, kind: str, name: str, address: str) -> Taken:
        """Judges and keeps one file in place of an earlier one of its kind; raises what `files.services.take` raises,
        and TooManyUploads."""
        self._count(address)
        sweep(self.redis, self.storage)
        taken = take(self.storage, scanner, stream, name=name, formats=FORMATS)
        self.redis.zadd(WAITING, {taken.storage_key: time.time() + KEPT_SECONDS})
        earlier = self.get(kind)
        self.redis.hset(self._place, kind, json.dumps(asdict(taken)))
        self.redis.expire(self._place, KEPT_SECONDS)
        if earlier is not None:
            self.redis.zrem(WAITING, earlier.storage_key)
            self.storage.delete(earlier.storage_key)
        return taken

    def get(self, kind: str) -> Taken | None:
        return self.all().get(kind)

    def all(self) -> Mapping[str, Taken]:
        """The files by kind; a file that was swept meanwhile is not among them."""
        found = {kind.decode(): Taken(**json.loads(text)) for kind, text in self.redis.hgetall(self._place).items()}
        return {
            kind: taken for kind, taken in found.items() if self.redis.zscore(WAITING, taken.storage_key) is not None
        }

    def claim(self) -> None:
        """They belong to a record now: nothing here deletes them any more. Call after the commit."""
        for taken in self.all().values():
            self.redis.zrem(WAITING, taken.storage_key)
        self.redis.delete(self._place)

    def _count(self, address: str) -> None:
        counter = "unit-uploads:from:" + hashlib.sha256(address.encode()).hexdigest()
        sent = self.redis.incr(counter)
        if sent == 1:
            self.redis.expire(counter, KEPT_SECONDS)
        if sent > UPLOADS_PER_HOUR:
            raise TooManyUploads


def sweep(redis: Redis, storage: Storage, *, now: float | None = None) -> int:
    """Deletes what nobody claimed in time; returns how many files."""
    late = redis.zrangebyscore(WAITING, 0, now if now is not None else time.time(), start=0, num=SWEPT_AT_ONCE)
    for key in late:
        # whoever removes the entry deletes the file: two sweepers do not meet
        if redis.zrem(WAITING, key):
            storage.delete(key.decode())
    return len(late)
