"""Uploads: judged by content, said in a sentence, the old file stays until the new one is in."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.applications import uploads
from app.applications.models import Application
from app.applications.templates import TEMPLATES
from app.files.models import StoredFile
from app.workflow.states import State
from tests.applications.conftest import WORK_ROW, jpeg, pdf, png
from tests.factories import log_in, person

MiB = 1024 * 1024


def files(desk):
    desk.session.expire_all()
    return desk.session.scalars(sa.select(StoredFile).order_by(StoredFile.id)).all()


def kept_bytes(app):
    return sum(len(names) for _folder, _folders, names in os.walk(app.config["STORAGE_FOLDER"]))


@pytest.mark.requirement("A8")
@pytest.mark.parametrize(
    "code, content, name, sentence",
    [
        (
            "id_front",
            png(),
            "身份证.jpg",
            "身份证人像面须为JPG（不超过 1 MB）；您上传的“身份证.jpg”是 1 KB 的PNG，请另存为",
        ),
        ("id_front", pdf(), "x.jpg", "的PDF，请另存为"),
        ("id_front", b"", "x.jpg", "“x.jpg”是空文件，请重新选择。"),
        ("id_front", jpeg()[:400], "x.jpg", "图片“x.jpg”已损坏或不完整，请重新拍照"),
        ("id_front", jpeg(1600, 1600, noise=True), "大.jpg", "身份证人像面不超过 1 MB；您上传的“大.jpg”是 "),
    ],
)
def test_a_picture_that_is_none_is_refused_in_a_sentence(started, app, code, content, name, sentence):
    answer = started.upload(started.at("BASIC", "files", code), content, name)
    assert answer.status_code == 422
    assert answer.json["ok"] is False and sentence in answer.json["message"]
    assert files(started) == [] and kept_bytes(app) == 0


@pytest.mark.requirement("A8")
@pytest.mark.parametrize(
    "content, sentence",
    [
        (pdf(password="geheim"), "有密码或限制，请取消加密后另存"),
        (jpeg(), "业绩成果证明材料（合并PDF）须为PDF（不超过 30 MB）"),
        (b"%PDF-1.7\n" + b"0" * (31 * MiB), "不超过 30 MB；您上传的“x.pdf”是 31.1 MB，请压缩"),
        (b"%PDF-1.7 nothing", "已损坏，请重新导出"),
    ],
    ids=["encrypted", "jpeg", "over30", "broken"],
)
def test_a_pdf_that_cannot_be_used_is_refused_in_a_sentence(started, app, content, sentence):
    answer = started.upload(started.at("ATTACH", "files", "achieve"), content, "x.pdf")
    assert answer.json["ok"] is False and sentence in answer.json["message"], answer.json
    assert files(started) == [] and kept_bytes(app) == 0


@pytest.mark.requirement("A8")
def test_more_than_the_server_reads_is_answered_with_the_limits(started):
    answer = started.upload(
        started.at("ATTACH", "files", "achieve"), b"%PDF-1.7" + b"0" * (33 * MiB), "x.pdf"
    )
    assert answer.status_code == 413
    assert "PDF 不超过 30 MB" in answer.json["message"]


@pytest.mark.requirement("A8")
def test_a_new_file_replaces_the_old_one_and_a_refused_one_does_not(started):
    place = started.at("BASIC", "files", "id_front")
    assert started.upload(place, jpeg(), "一.jpg").json["name"] == "一.jpg"
    assert started.upload(place, png(), "二.jpg").json["ok"] is False
    assert [file.replaced_at for file in files(started)] == [None]
    answer = started.upload(place, jpeg(), "三.jpg").json
    assert (answer["ok"], answer["name"]) == (True, "三.jpg")
    old, new = files(started)
    assert old.replaced_at is not None and new.replaced_at is None
    assert "三.jpg" in started.page(started.at("BASIC")) and "一.jpg" not in started.page(started.at("BASIC"))


@pytest.mark.requirement("A8")
def test_without_javascript_an_upload_comes_back_to_the_page(started):
    answer = started.upload(started.at("BASIC", "files", "id_front"), jpeg(), "一.jpg", json=False)
    assert answer.status_code == 302
    assert "身份证人像面已上传。" in started.page(answer.location)
    nothing = started.client.post(
        started.at("BASIC", "files", "id_front"), data={"csrf_token": started.token("/my/unit/")}
    )
    assert "请先选择身份证人像面的文件" in started.page(nothing.location)


@pytest.mark.requirement("A8")
def test_a_file_of_a_row_waits_until_the_row_is_saved(started, app):
    answer = started.upload(started.at("EDU", "rows", WORK_ROW, "files", "file"), jpeg())
    assert answer.json == {"ok": False, "message": "请先保存这一条的内容，再上传文件。"}
    assert files(started) == [] and kept_bytes(app) == 0


@pytest.mark.requirement("A8")
def test_a_deleted_file_is_missing_again(filled):
    public_id = next(file.public_id for file in files(filled) if file.kind == "IDCARD_F")
    page = filled.post(filled.at("files", public_id, "delete"), form="/my/unit/").text
    assert "已删除文件" in page and "请上传身份证人像面。" in page


@pytest.mark.requirement("A8")
def test_all_files_together_have_a_limit(started, monkeypatch):
    monkeypatch.setattr(uploads, "QUOTA_BYTES", 100)
    answer = started.upload(started.at("BASIC", "files", "id_front"), jpeg())
    assert "这份申报的文件合计不超过" in answer.json["message"]


@pytest.mark.requirement("A8")
def test_files_are_served_inert(filled):
    for file in files(filled):
        answer = filled.client.get(f"/applications/files/{file.public_id}")
        assert answer.status_code == 200 and answer.mimetype == file.media_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
        assert not answer.headers.get("Content-Disposition", "").startswith("attachment")
        if file.media_type == "image/jpeg":
            assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_template_for_achievements_opens_as_rtf(client):
    answer = client.get("/static/templates/achievements.rtf")
    assert answer.data.startswith(b"{\\rtf1") and answer.data.rstrip().endswith(b"}")


@pytest.mark.requirement("A8")
def test_a_merged_pdf_that_a_row_names_pages_of_is_not_called_optional(filled):
    page = filled.page(filled.at("ATTACH"))
    assert "业绩成果证明材料（合并PDF）</b>" in page and "业绩成果证明材料（合并PDF）（选填）" not in page
    for place in (filled.at("PROJECT"), filled.at("PROJECT", "rows", WORK_ROW)):
        page = filled.page(place)
        assert "合并PDF：已上传 8 页" in page and f'href="{filled.at("ATTACH")}#f-achieve"' in page
    assert "再添加一个：毕业证书" in filled.page(filled.at("EDU", "rows", WORK_ROW))


@pytest.mark.requirement("A8")
def test_a_deleted_file_is_brought_back_unless_its_place_was_filled_again(started):
    place = started.at("BASIC", "files", "id_front")
    answer = started.upload(place, jpeg(), "一.jpg").json
    public_id = files(started)[0].public_id
    assert answer["delete"] == started.at("files", public_id, "delete")
    page = started.post(answer["delete"], form="/my/unit/").text
    assert "已删除文件“一.jpg”。" in page and started.at("files", public_id, "restore") in page
    assert "已恢复文件“一.jpg”。" in started.post(started.at("files", public_id, "restore"), form="/my/unit/").text
    assert files(started)[0].replaced_at is None
    started.post(answer["delete"], form="/my/unit/")
    started.upload(place, jpeg(), "二.jpg")
    page = started.post(started.at("files", public_id, "restore"), form="/my/unit/").text
    assert "文件“一.jpg”不能恢复：原来的位置已有别的文件" in page
    assert [file.replaced_at is None for file in files(started)] == [False, True]


@pytest.mark.requirement("A8")
def test_a_deleted_file_comes_back_only_to_its_owner_and_while_the_section_is_open(filled, app):
    public_id = next(file.public_id for file in files(filled) if file.kind == "IDCARD_F")
    deleted = filled.at("files", public_id, "delete")
    filled.post(deleted, form="/my/unit/")
    stranger = log_in(app.test_client(), filled.session, person(filled.session, Role.APPLICANT))
    token = stranger.get("/my/unit/").text.split('name="csrf_token" value="')[1].split('"')[0]
    back = filled.at("files", public_id, "restore")
    assert stranger.post(back, data={"csrf_token": token}).status_code == 404
    filled.session.execute(sa.update(Application).values(state=State.UNIT_REVIEW))
    filled.session.commit()
    assert "材料已提交到单位，不能再修改" in filled.post(back, form="/my/unit/").text
    assert next(file for file in files(filled) if file.kind == "IDCARD_F").replaced_at is not None


@pytest.mark.requirement("A8")
def test_each_material_made_from_a_template_has_it_beside_the_upload(started):
    page = started.page(started.at("PROJECT"))
    assert 'download="业绩成果材料模板.rtf"' in page
    for kind, template in TEMPLATES.items():
        answer = started.client.get(f"/static/{template.file}")
        assert answer.data.startswith(b"{\\rtf1") and answer.data.rstrip().endswith(b"}"), kind
