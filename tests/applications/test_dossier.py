"""The whole application as it is read by the unit: what was submitted, and what changed since."""

from __future__ import annotations

import pytest
from flask import Flask

from app import keyring
from app.accounts.roles import Role
from app.applications import dossier, snapshots
from app.applications.models import Snapshot
from app.workflow.actor import Actor
from app.workflow.states import Party
from tests.applications.conftest import WORK, WORK_ROW, jpeg, prefixed
from tests.applications.test_saving import send_back
from tests.factories import log_in, person


def read_by_unit(app: Flask, desk) -> dict[str, dossier.DossierSection]:
    unit = Actor(Party.UNIT, unit_id=desk.town.unit.id)
    row = desk.row
    with app.test_request_context():
        read = dossier.read(desk.session, row, actor=unit, url=lambda public_id: f"/f/{public_id}", now=row.moved_at)
    return {section.code: section for section in read.sections}


@pytest.mark.requirement("U5")
def test_the_unit_reads_every_section_in_words_with_its_files(filled, app):
    filled.submit()
    sections = read_by_unit(app, filled)
    assert [code for code, section in sections.items() if not section.empty] == [
        "BASIC", "APPLY", "EDU", "WORK", "TITLE", "CE", "ASSESS", "PROJECT", "SUMMARY", "PROMISE", "ATTACH"
    ]  # fmt: skip
    assert [code for code, section in sections.items() if section.empty] == [
        "TRAIN", "LICENSE", "EXAM", "GRASS", "AWARD", "PATENT", "PAPER", "BOOK", "STD", "MENTOR", "PARTTIME", "REP"
    ]  # fmt: skip
    assert all(section.complete and not section.changed for section in sections.values())
    words = {value.field: value.value for value in sections["BASIC"].values}
    assert words["ethnic"] == "壮族" and words["name"] == filled.who.name
    assert words["id_no"] == filled.who.id_no_masked
    assert [file.kind for file in sections["BASIC"].files] == ["PHOTO", "IDCARD_F", "IDCARD_B"]
    assert sections["BASIC"].files[0].url.startswith("/f/")
    assert [len(row.files) for row in sections["EDU"].rows] == [3]


@pytest.mark.requirement("A12")
def test_while_it_is_being_changed_others_read_what_was_submitted(filled, app):
    filled.submit()
    send_back(filled, "WORK", "BASIC")
    filled.post(filled.at("WORK", "rows", WORK_ROW), **prefixed(WORK | {"post": "总工程师"}), version=9)
    url = filled.upload(filled.at("BASIC", "files", "id_front"), jpeg(310, 420)).json["url"]
    assert "总工程师" not in str(read_by_unit(app, filled)["WORK"])
    clerk = person(filled.session, Role.UNIT_OPERATOR, unit_id=filled.town.unit.id)
    unit = log_in(app.test_client(), filled.session, clerk)
    assert unit.get(url).status_code == 404
    assert filled.client.get(url).status_code == 200
    filled.post(filled.at("BASIC"), **{"f-dept": "技术部"}, version=9)
    filled.submit()
    sections = read_by_unit(app, filled)
    changed = {value.field: value.before for value in sections["WORK"].rows[0].values if value.before is not None}
    assert changed == {"post": "工程师"} and sections["WORK"].changed and sections["BASIC"].changed
    assert not sections["EDU"].changed
    assert unit.get(url).status_code == 200


@pytest.mark.requirement("A8", "A12")
def test_a_snapshot_with_the_merged_pdf_among_the_projects_is_read_with_it_where_it_stands_now(filled, app):
    filled.submit()
    send_back(filled, "EDU")
    now = snapshots.open_snapshot(snapshots.list_of(filled.session, filled.row)[0])
    sections = {each["code"]: each for each in now.content["sections"] if each["code"] in ("PROJECT", "ATTACH")}
    merged = [file for file in sections["ATTACH"]["files"] if file["kind"] == "ACHIEVE"]
    old = {**now.content, "sections": [{**sections["PROJECT"], "files": merged}]}
    plain = snapshots.canonical(old)
    filled.session.add(
        Snapshot(
            application_id=filled.row.id, number=2, content=keyring.current().seal(snapshots.CONTEXT, plain),
            digest="0" * 64, at=filled.row.moved_at,
        )
    )
    filled.session.commit()
    read = read_by_unit(app, filled)
    assert list(read) == ["PROJECT", "ATTACH"]
    assert [(file.label, file.pages) for file in read["ATTACH"].files] == [("业绩成果证明材料（合并PDF）", 8)]
    assert read["PROJECT"].files == () and len(read["PROJECT"].rows) == 1


@pytest.mark.requirement("A10")
def test_a_snapshot_names_every_file_by_its_digest_and_is_the_same_for_the_same_content(filled):
    filled.submit()
    row = snapshots.list_of(filled.session, filled.row)[0]
    content = snapshots.open_snapshot(row).content
    names = [file["sha256"] for section in content["sections"] for file in section["files"]]
    assert len(names) == 11 and all(len(name) == 64 for name in names)
    assert snapshots.canonical(content) == snapshots.canonical(dict(reversed(content.items())))
