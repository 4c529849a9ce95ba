from __future__ import annotations

import hashlib
import io
import os
import stat
import time
from pathlib import Path

import pytest

from app.gateways.storage import BadKey, NoSuchObject, Storage, StorageUnavailable, TooLarge
from app.gateways.storage.folder import UNFINISHED_S, FolderStorage
from app.gateways.storage.keys import BLOCK
from app.gateways.storage.memory import MemoryStorage

CONTENT = bytes(range(256)) * 1000


@pytest.fixture(params=["folder", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return FolderStorage(tmp_path / "uploads") if request.param == "folder" else MemoryStorage()


def test_what_was_put_is_read_back_with_its_size_and_digest(storage: Storage) -> None:
    stored = storage.put(io.BytesIO(CONTENT), len(CONTENT))
    assert (stored.size, stored.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    with storage.open(stored.key) as file:
        assert file.read() == CONTENT
    path = storage.path(stored.key)
    assert path is None or path.read_bytes() == CONTENT


def test_an_empty_file_is_a_file(storage: Storage) -> None:
    stored = storage.put(io.BytesIO(b""), 10)
    with storage.open(stored.key) as file:
        assert (stored.size, file.read()) == (0, b"")


def test_keys_are_generated_and_say_nothing(storage: Storage) -> None:
    first, second = (storage.put(io.BytesIO(CONTENT), len(CONTENT)).key for _ in range(2))
    assert first != second
    assert [len(part) for part in first.split("/")] == [2, 2, 36]


@pytest.mark.requirement("A8")
def test_a_stream_above_the_limit_is_given_up_early_and_not_kept(storage: Storage) -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(TooLarge) as refusal:
        storage.put(stream, 100_000)
    assert refusal.value.limit == 100_000
    assert 100_000 < refusal.value.size == stream.given <= 100_000 + BLOCK
    if isinstance(storage, FolderStorage):
        assert [path for path in storage.root.rglob("*") if path.is_file()] == []
    else:
        assert storage.objects == {}


def test_a_deleted_object_is_gone_and_may_be_deleted_again(storage: Storage) -> None:
    key = storage.put(io.BytesIO(CONTENT), len(CONTENT)).key
    storage.delete(key)
    storage.delete(key)
    for ask in (storage.open, storage.path):
        with pytest.raises(NoSuchObject):
            ask(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        ".",
        "../secret",
        "ab/cd/../../../secret",
        "/etc/passwd",
        "ab/cd/" + "0" * 35,
        "ab/cd/" + "0" * 36 + "\n",
        "AB/CD/" + "0" * 36,
        "ab/cd/" + "0" * 35 + "\0",
        "incoming/" + "0" * 32,
        None,
    ],
)
def test_only_keys_of_its_own_form_touch_a_file(storage: Storage, tmp_path: Path, key: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("untouched")
    for ask in (storage.open, storage.path, storage.delete):
        with pytest.raises(BadKey):
            ask(key)
    assert secret.read_text() == "untouched"


def test_files_in_the_folder_are_for_the_owner_alone(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "uploads")
    path = storage.path(storage.put(io.BytesIO(CONTENT), len(CONTENT)).key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_stream_that_breaks_leaves_nothing_behind(tmp_path: Path) -> None:
    class Breaking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError("the browser went away")
            return super().read(10)

    storage = FolderStorage(tmp_path / "uploads")
    with pytest.raises(StorageUnavailable):
        storage.put(Breaking(CONTENT), len(CONTENT))
    assert [path for path in storage.root.rglob("*") if path.is_file()] == []


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageUnavailable):
        FolderStorage(tmp_path / "file").put(io.BytesIO(CONTENT), len(CONTENT))


def test_what_a_crash_left_half_written_is_swept_when_it_is_old(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "uploads")
    assert storage.sweep() == 0
    key = storage.put(io.BytesIO(CONTENT), len(CONTENT)).key
    incoming = tmp_path / "uploads" / "incoming"
    for name, age in (("old", UNFINISHED_S + 60), ("new", 5)):
        (incoming / name).write_bytes(b"half")
        os.utime(incoming / name, (time.time() - age,) * 2)
    os.utime(storage.path(key), (0, 0))
    assert storage.sweep() == 1
    assert [path.name for path in incoming.iterdir()] == ["new"]
    assert storage.open(key).read() == CONTENT
