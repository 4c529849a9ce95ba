"""Whatever is sent as a file: refused in a sentence that says which file, what it is and what to do, or made harmless.
Never a fault of the server, never a page that waits."""

from __future__ import annotations

import threading
import time
import tracemalloc

import pytest
import sqlalchemy as sa

from app.files.models import StoredFile
from app.files.services import Format, agreeing_name, take
from app.gateways.scanner import judging
from tests.applications.test_uploads import files, kept_bytes
from tests.files_bad import MARK, NAMES, MiB, everything, of_pages, picture

LONGEST_S = 15  # on a busy machine; the limits themselves are far below

pytestmark = pytest.mark.requirement("A8")


def place_of(desk, kind):
    return desk.at("BASIC", "files", "id_front") if kind == "jpg" else desk.at("ATTACH", "files", "achieve")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_bad_files_are_refused_in_their_sentence_or_made_harmless(started, app):
    storage, wrong = app.extensions["gateways"].storage, []
    for kind, bad in everything():
        began = time.monotonic()
        answer = started.upload(place_of(started, kind), bad.make(), f"某.{kind}")
        said, kept = answer.json["message"], files(started)
        if bad.says:
            fine = answer.status_code == 422 and bad.says in said and f"“某.{kind}”" in said and not kept
        else:
            fine = answer.status_code == 200 and len(kept) == 1
            fine = fine and MARK not in storage.path(kept[0].storage_key).read_bytes()
        if not fine or time.monotonic() - began > LONGEST_S:
            wrong.append((kind, bad.what, answer.status_code, said, round(time.monotonic() - began, 1)))
        for file in kept:
            storage.delete(file.storage_key)
        started.session.execute(sa.delete(StoredFile))
        started.session.commit()
    assert wrong == []
    assert kept_bytes(app) == 0


def test_names_are_cleaned_and_end_as_the_content_says():
    assert {name: agreeing_name(name, Format.JPG) for name in NAMES} == NAMES


def test_a_file_goes_out_as_what_it_is_under_its_clean_name(started):
    for name in ("../../etc/passwd", "\u202egpj.exe", "长" * 300, "材料.html"):
        answer = started.upload(place_of(started, "jpg"), picture(), name).json
        assert (answer["ok"], answer["name"]) == (True, agreeing_name(name, Format.JPG)), name
        file = started.client.get(answer["url"])
        assert (file.status_code, file.headers["Content-Type"]) == (200, "image/jpeg")
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in file.headers["Content-Security-Policy"]


def test_files_beyond_those_that_are_judged_at_once_are_told_to_come_again(started, monkeypatch):
    monkeypatch.setattr(judging, "WAIT_S", 0.05)
    monkeypatch.setattr(judging, "_seat", threading.BoundedSemaphore(1))
    with judging._seat:
        answer = started.upload(place_of(started, "jpg"), picture())
    assert answer.status_code == 503
    assert answer.json["message"] == "现在上传的人多，这个文件还没有检查；请过一会儿重试，不用重新选文件。原来的文件仍保留。"
    assert files(started) == []
    assert started.upload(place_of(started, "jpg"), picture()).json["ok"] is True


def test_the_judge_that_was_killed_is_begun_anew(started):
    assert started.upload(place_of(started, "jpg"), picture()).json["ok"] is True
    judging._warm._process.kill()
    judging._warm._process.wait()
    assert started.upload(place_of(started, "jpg"), picture()).json["ok"] is True


def large_document() -> bytes:
    """Just below 30 MB: 30 scans of 1 MB, which nobody unpacks."""
    scan = b"<< /Type /XObject /Subtype /Image /Width 9 /Height 9 /Length %d >>\nstream\n%b\nendstream"
    return of_pages(30, more=tuple(scan % (MiB - 2000, bytes(MiB - 2000)) for _ in range(30)))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_largest_document_passes_without_being_in_memory_and_a_picture_in_a_moment(app, tmp_path):
    gateways = app.extensions["gateways"]
    (tmp_path / "a.pdf").write_bytes(large_document())
    (tmp_path / "a.jpg").write_bytes(picture(3000, 2000))

    def taken(name: str, format: Format) -> float:
        with (tmp_path / name).open("rb") as stream:
            began = time.monotonic()
            assert take(gateways.storage, gateways.scanner, stream, name=name, formats=(format,)).size > 0
            return time.monotonic() - began

    taken("a.jpg", Format.JPG)  # the judge is warm now
    tracemalloc.start()
    seconds = taken("a.pdf", Format.PDF)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # loose: the machine of a test is busy with others
    assert peak < 4 * MiB and seconds < 10 and min(taken("a.jpg", Format.JPG) for _ in range(3)) < 2
