"""The fake for tests: `objects` holds what is kept, `deleted` the keys that were given up."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import BinaryIO

from app.gateways.storage import NoSuchObject, StoredObject
from app.gateways.storage.keys import Measured, checked, new_key


@dataclass
class MemoryStorage:
    objects: dict[str, bytes] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)

    def put(self, stream: BinaryIO, limit: int) -> StoredObject:
        key, blocks = new_key(), Measured(stream, limit)
        self.objects[key] = b"".join(blocks)
        return StoredObject(key, blocks.size, blocks.sha256)

    def open(self, key: str) -> BinaryIO:
        if checked(key) not in self.objects:
            raise NoSuchObject(key)
        return io.BytesIO(self.objects[key])

    def delete(self, key: str) -> None:
        if self.objects.pop(checked(key), None) is not None:
            self.deleted.append(key)

    def sweep(self) -> int:
        return 0

    def path(self, key: str) -> None:
        if checked(key) not in self.objects:
            raise NoSuchObject(key)
        return None
