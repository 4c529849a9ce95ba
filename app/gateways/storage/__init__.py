"""Files that people upload: the protocol, its values and errors; one file per technology.
Not here: whose file it is, its shown name and quota (app/applications), and what is in it (scanner)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


class FileRefused(Exception):
    """Base of everything for which an uploaded file is not taken."""


class TooLarge(FileRefused):
    """More than `limit` bytes; `size` is what was read until then, or the whole size if it was known."""

    def __init__(self, limit: int, size: int) -> None:
        super().__init__(f"{size} bytes, at most {limit}")
        self.limit, self.size = limit, size


class NoSuchObject(Exception):
    def __init__(self, key: str) -> None:
        super().__init__(repr(key))
        self.key = key


class BadKey(NoSuchObject):
    """Not a key that a storage ever gave out; it touched no file."""


class StorageUnavailable(Exception):
    """Disk full, not writable, service unreachable: nothing was kept."""


@dataclass(frozen=True)
class StoredObject:
    """`sha256` in 64 hex digits."""

    key: str
    size: int
    sha256: str


class Storage(Protocol):
    """`open`, `delete` and `path` raise BadKey; contents never change under a key."""

    def put(self, stream: BinaryIO, limit: int) -> StoredObject:
        """Reads to the end and keeps it durably; raises TooLarge, StorageUnavailable, keeping nothing.

        At most one block more than `limit` is read, so a hostile upload costs no more than a fair one.
        """
        ...

    def open(self, key: str) -> BinaryIO:
        """Raises NoSuchObject."""
        ...

    def delete(self, key: str) -> None:
        """Quiet if it is gone already."""
        ...

    def sweep(self) -> int:
        """Forgets what was never put to the end, because a process was killed meanwhile; how many there were."""
        ...

    def path(self, key: str) -> Path | None:
        """Where the bytes lie on this machine, or None; raises NoSuchObject."""
        ...
