"""The cashier's memory for tests without Redis: `SimulatedCashier(secret, url, MemoryStore())`."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass
class MemoryStore:
    """The three Redis commands that the cashier uses; `hashes` can be looked at, `fail_with` raised."""

    hashes: dict[str, dict[str, str]] = field(default_factory=dict)
    fail_with: Exception | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def hgetall(self, name: str) -> dict[str, str]:
        if self.fail_with is not None:
            raise self.fail_with
        return dict(self.hashes.get(name, {}))

    def hset(self, name: str, *, mapping: dict[str, str]) -> int:
        if self.fail_with is not None:
            raise self.fail_with
        self.hashes.setdefault(name, {}).update(mapping)
        return len(mapping)

    def hsetnx(self, name: str, key: str, value: str) -> int:
        if self.fail_with is not None:
            raise self.fail_with
        with self._lock:
            fields = self.hashes.setdefault(name, {})
            if key in fields:
                return 0
            fields[key] = value
            return 1
