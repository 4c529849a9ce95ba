"""Files in a folder of this machine."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from pathlib import Path
from typing import BinaryIO

from app.gateways.storage import NoSuchObject, StorageUnavailable, StoredObject
from app.gateways.storage.keys import Measured, checked, new_key

UNFINISHED_S = 3600  # nobody writes one file for so long


class FolderStorage:
    """Keeps each object under `root` in a file of mode 0600.

    It is written beside, flushed to disk and then renamed: a key never names half a file, also after a crash.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._incoming = self.root / "incoming"

    def put(self, stream: BinaryIO, limit: int) -> StoredObject:
        key, blocks = new_key(), Measured(stream, limit)
        unfinished = self._incoming / secrets.token_hex(16)
        try:
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                _write(unfinished, blocks)
                target = self.root / key
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                unfinished.rename(target)
                _flush_folder(target.parent)
            finally:
                unfinished.unlink(missing_ok=True)
        except OSError as error:
            raise StorageUnavailable(error.strerror) from error
        return StoredObject(key, blocks.size, blocks.sha256)

    def open(self, key: str) -> BinaryIO:
        return self.path(key).open("rb")

    def delete(self, key: str) -> None:
        (self.root / checked(key)).unlink(missing_ok=True)

    def sweep(self) -> int:
        gone = 0
        for unfinished in self._incoming.glob("*"):
            with contextlib.suppress(FileNotFoundError):  # finished, or swept by another process
                if time.time() - unfinished.stat().st_mtime > UNFINISHED_S:
                    unfinished.unlink()
                    gone += 1
        return gone

    def path(self, key: str) -> Path:
        path = self.root / checked(key)
        if not path.is_file():
            raise NoSuchObject(key)
        return path


def _write(path: Path, blocks: Measured) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for block in blocks:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
