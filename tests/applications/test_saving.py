"""Saving: nothing typed is lost, nothing is overwritten, nothing is acknowledged after submission."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import LoginSession
from app.applications import saving
from app.applications.models import Application, HistoryRow, ReturnedSection, SectionDocument, Snapshot
from app.applications.services import fire
from app.review_bodies.models import Campaign
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import Move, ReturnItem
from app.workflow.states import Party, State
from tests.applications.conftest import BASIC, WORK, WORK_ROW, prefixed
from tests.factories import log_in, person
from tests.statements import statements


def stored(desk, section):
    desk.session.expire_all()
    return desk.session.scalar(sa.select(SectionDocument).where(SectionDocument.section == section))


def send_back(desk, *sections):
    row = desk.row
    items = tuple(ReturnItem(code, f"{code}请修改") for code in sections)
    unit = Actor(Party.UNIT, unit_id=desk.town.unit.id, name=desk.town.unit.name)
    now = row.moved_at
    fire(desk.session, row, unit, Action.RETURN_TO_APPLICANT, now=now, move=Move(items=items))
    desk.session.commit()


@pytest.mark.requirement("A7")
def test_an_incomplete_section_is_saved_and_the_page_says_what_is_missing(started):
    page = started.post(started.at("BASIC"), **{"f-post": "设计", "version": 0}).text
    assert "已保存，还差" in page and "请选择民族。" in page and "请上传证件照。" in page
    assert stored(started, "BASIC").document["values"]["post"] == "设计"


@pytest.mark.requirement("A7")
def test_what_cannot_be_read_is_kept_and_said_at_the_field(started):
    page = started.post(
        started.at("BASIC"), **{"f-work_start": "很久以前", "f-email": "abc", "version": 0}
    ).text
    assert "看不懂参加工作时间「很久以前」" in page
    assert 'value="很久以前"' in page and 'href="#f-work_start"' in page
    assert "缺项清单" in started.page(started.at()) and "看不懂参加工作时间" in started.page(started.at())


@pytest.mark.requirement("A7")
def test_typing_saves_a_draft_and_the_next_save_goes_on_from_its_version(started):
    draft = started.post(
        started.at("BASIC") + "draft", form="/my/unit/", **{"f-post": "设", "version": 0}
    ).json
    assert draft["ok"] is True and draft["version"] == 1
    again = started.post(
        started.at("BASIC") + "draft", form="/my/unit/", **{"f-post": "设计", "version": draft["version"]}
    ).json
    assert (again["ok"], again["version"], again["conflict"]) == (True, 2, False)


@pytest.mark.requirement("A7")
def test_a_second_tab_is_shown_both_versions_and_chooses(started):
    started.post(started.at("BASIC"), **{"f-post": "甲岗", "f-dept": "一部", "version": 0})
    answer = started.post(started.at("BASIC"), **{"f-post": "乙岗", "f-dept": "一部", "version": 0})
    assert answer.status_code == 409
    assert "两处都修改过" in answer.text and "甲岗" in answer.text and "乙岗" in answer.text
    assert stored(started, "BASIC").document["values"]["post"] == "甲岗"
    draft = started.post(started.at("BASIC") + "draft", form="/my/unit/", **{"f-post": "丙岗", "version": 0})
    assert draft.status_code == 409 and draft.json["conflict"] is True and draft.json["message"]
    started.post(started.at("BASIC"), **{"f-post": "乙岗", "f-dept": "一部", "version": 1})
    assert stored(started, "BASIC").document["values"]["post"] == "乙岗"


@pytest.mark.requirement("A7")
def test_two_tabs_on_two_rows_do_not_disturb_each_other(started):
    started.post(started.at("WORK", "rows", "a" * 12), **prefixed(WORK), version=0)
    answer = started.post(
        started.at("WORK", "rows", "b" * 12), **prefixed(WORK | {"start": "2020-01"}), version=0
    )
    assert answer.status_code == 200
    assert [row["id"] for row in stored(started, "WORK").document["rows"]] == ["a" * 12, "b" * 12]


@pytest.mark.requirement("A7")
def test_rows_are_moved_deleted_and_brought_back(started):
    for letter in "ab":
        started.post(started.at("WORK", "rows", letter * 12), **prefixed(WORK | {"unit": letter}), version=0)
    page = started.at("WORK")
    started.post(started.at("WORK", "rows", "b" * 12, "up"), form=page)
    assert [row["unit"] for row in stored(started, "WORK").document["rows"]] == ["b", "a"]
    assert (
        "刚才删除的一条可以找回"
        in started.post(started.at("WORK", "rows", "b" * 12, "delete"), form=page).text
    )
    assert [row["unit"] for row in stored(started, "WORK").document["rows"]] == ["a"]
    started.post(started.at("WORK", "restore"), form=page)
    assert [row["unit"] for row in stored(started, "WORK").document["rows"]] == ["b", "a"]


@pytest.mark.requirement("A12")
def test_a_return_unlocks_only_the_named_sections_and_asks_for_a_change(filled):
    filled.submit()
    send_back(filled, "WORK")
    tasks = filled.page(filled.at())
    assert "材料已退回，请修改 1 处后重新提交" in tasks and "WORK请修改" in tasks
    closed = filled.post(
        filled.at("BASIC"), form="/my/unit/", **prefixed(BASIC | {"post": "总工"}), version=9
    )
    assert closed.status_code == 409 and "这个表没有被退回，不能修改" in closed.text
    assert "退回的表还没有全部修改" in filled.submit().text
    assert filled.row.state is State.RETURNED
    filled.post(filled.at("WORK", "rows", WORK_ROW), **prefixed(WORK | {"post": "高级技术员"}), version=9)
    assert filled.session.scalar(sa.select(ReturnedSection.changed_at)) is not None
    assert "已提交到" in filled.submit().text
    assert filled.session.scalar(sa.select(sa.func.count()).select_from(Snapshot)) == 2
    assert "原：工程师" in filled.page(filled.at("check"))


@pytest.mark.requirement("A12")
def test_the_applicant_asks_for_return_while_the_unit_reviews(filled):
    filled.submit()
    empty = filled.post(filled.at("request-return"), form="/my/unit/", reason=" ", version=filled.row.version)
    assert empty.status_code == 422 and "请填写原因。" in empty.text
    assert '<a href="#reason">请填写原因。</a>' in empty.text and 'aria-describedby="reason-e"' in empty.text
    filled.post(
        filled.at("request-return"), form="/my/unit/", reason="学历要补充", version=filled.row.version
    )
    assert filled.row.return_requested is True
    assert "已申请退还，请等待单位处理" in filled.page(filled.at("progress"))


@pytest.mark.requirement("A10")
def test_a_double_click_on_submit_leaves_one_submission(filled):
    version = filled.row.version
    first = filled.submit()
    second = filled.post(filled.at("submit"), form="/my/unit/", promise="1", version=version)
    assert "已提交到" in first.text and "已提交，不必再次提交" in second.text
    assert filled.session.scalar(sa.select(sa.func.count()).select_from(HistoryRow)) == 1
    assert filled.session.scalar(sa.select(sa.func.count()).select_from(Snapshot)) == 1


def at_once(*jobs):
    """Runs the jobs in threads that start together; their results or errors in order."""
    gate, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(place, job):
        gate.wait()
        try:
            results[place] = job()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.requirement("A10")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_submissions_at_the_same_moment_leave_one_history_row(filled, app):
    version = filled.row.version
    token = filled.token("/my/unit/")
    clients = []
    for _ in range(2):
        client = app.test_client()
        log_in(client, filled.session, filled.who)
        page = client.get("/my/unit/").text
        clients.append((client, page.split('name="csrf_token" value="')[1].split('"')[0]))
    assert token
    answers = at_once(
        *(
            lambda client=client, token=token: client.post(
                filled.at("submit"), data={"csrf_token": token, "promise": "1", "version": version}
            )
            for client, token in clients
        )
    )
    assert [answer.status_code for answer in answers] == [302, 302]
    assert all(answer.location.endswith("/submitted/") for answer in answers)
    assert filled.session.scalar(sa.select(sa.func.count()).select_from(HistoryRow)) == 1
    assert filled.session.scalar(sa.select(sa.func.count()).select_from(Snapshot)) == 1


@pytest.mark.requirement("A7")
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_parallel_saves_of_rows_and_sections_all_survive(started, database):
    now, person_id, number = started.row.created_at, started.who.id, started.number
    started.session.rollback()

    def save(section, row_id):
        with Session(database.engine) as session:
            row = session.scalar(sa.select(Application).where(Application.number == number))
            actor = Actor(Party.APPLICANT, person_id=person_id)
            saving.save_section(
                session,
                row,
                actor,
                section,
                {"unit": row_id, "name": row_id},
                version=0,
                now=now,
                row_id=row_id,
            )
            session.commit()

    places = [("WORK", f"{n:012x}") for n in range(6)] + [("PROJECT", f"{n:012x}") for n in range(6)]
    assert at_once(*(lambda place=place: save(*place) for place in places)) == [None] * 12
    assert len(stored(started, "WORK").document["rows"]) == 6
    assert len(stored(started, "PROJECT").document["rows"]) == 6


@pytest.mark.requirement("A10")
def test_a_stranger_finds_nothing_under_a_foreign_number(filled, app):
    from app.accounts.roles import Role

    filled.submit()
    public_id = filled.page(filled.at("check")).split("/applications/files/")[1].split('"')[0]
    other = person(filled.session, Role.APPLICANT)
    client = log_in(app.test_client(), filled.session, other)
    token = client.get("/my/unit/").text.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.get(filled.at()).status_code == 404
    for path in ("BASIC", "WORK", f"WORK/rows/{WORK_ROW}", "check", "submitted", "progress"):
        assert client.get(filled.at(path)).status_code == 404, path
    for path in (
        filled.at("list.pdf")[:-1],
        filled.at("receipt.pdf")[:-1],
        f"/applications/files/{public_id}",
    ):
        assert client.get(path).status_code == 404, path
    for path in (
        "BASIC", "submit", "cancel", "request-return", "BASIC/files/photo", f"files/{public_id}/delete", "WORK/restore",
        f"WORK/rows/{WORK_ROW}/delete",
    ):  # fmt: skip
        assert client.post(filled.at(path), data={"csrf_token": token}).status_code == 404, path
    assert client.post(filled.at("BASIC") + "draft", data={"csrf_token": token}).status_code == 404
    assert filled.client.get(f"/applications/files/{public_id}").status_code == 200


@pytest.mark.requirement("A6")
def test_a_division_is_typed_by_its_name_and_stored_by_its_code(started):
    started.post(started.at("BASIC"), **{"f-native_place": "广西壮族自治区柳州市城中区", "version": 0})
    assert stored(started, "BASIC").document["values"]["native_place"] == "450202"
    assert 'value="广西壮族自治区柳州市城中区"' in started.page(started.at("BASIC"))
    page = started.post(started.at("BASIC"), **{"f-native_place": "月球", "version": 9}).text
    assert "籍贯「月球」不在可选范围内" in page


@pytest.mark.requirement("A6")
def test_fields_that_are_locked_are_never_taken_from_a_form(started):
    values = {"f-name": "别人", "f-id_no": "1", "f-unit_name": "别的单位", "state": "approved", "fee_fen": "0"}
    started.post(started.at("BASIC"), **values, **{"f-post": "设计", "version": 0})
    document = stored(started, "BASIC").document
    assert not {"name", "id_no", "unit_name", "state"} & set(document["values"])
    assert (started.row.state, started.row.fee_fen, started.row.applicant_name) == (State.DRAFT, 48000, "梁小燕")


@pytest.mark.requirement("A7")
def test_more_text_than_a_section_holds_is_refused_in_a_sentence(started):
    page = started.post(started.at("WORK", "rows", WORK_ROW), **{"f-unit": "长" * 140_000, "version": 0})
    assert page.status_code == 409 and "这个表的文字太多，没有保存" in page.text
    assert stored(started, "WORK") is None


@pytest.mark.requirement("A7")
def test_a_draft_after_the_session_ended_is_answered_401_in_a_sentence(started):
    token = started.token("/my/unit/")
    started.session.execute(sa.delete(LoginSession))
    started.session.commit()
    asked = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
    answer = started.client.post(started.at("BASIC") + "draft", data={"csrf_token": token}, headers=asked)
    assert answer.status_code == 401
    assert answer.json == {"ok": False, "message": "登录已过期。这一次没有保存。请重新登录后再办理；已保存的草稿不受影响。"}
    assert started.client.post(started.at("BASIC"), data={"csrf_token": token}).location == "/login/"


@pytest.mark.requirement("A7")
def test_the_answer_to_a_draft_tells_of_the_deadline(started, clock):
    end = started.town.campaign.closes_at
    for moment, notice in (
        (end - timedelta(days=2), ""),
        (end - timedelta(minutes=5), "还剩 5 分钟，请尽快检查并提交。"),
        (end + timedelta(minutes=5), "截止，现在不能提交。填写的内容仍会保存。"),
    ):
        clock.set(moment)
        answer = started.post(started.at("BASIC") + "draft", form="/my/unit/", **{"f-post": "设计", "version": 9}).json
        assert answer["ok"] is True and (notice in answer["notice"]) and bool(notice) == bool(answer["notice"])
        assert notice in started.page(started.at("BASIC"))
    started.session.execute(sa.update(Campaign).values(published=False))
    started.session.commit()
    clock.set(end - timedelta(days=2))
    assert "这个评审会现在不受理提交。填写的内容仍会保存。" in started.page(started.at("BASIC"))


@pytest.mark.requirement("A7")
def test_logging_out_leaves_the_mark_for_the_script_that_forgets_drafts(started):
    answer = started.post("/account/logout/", form="/my/unit/", follow=False)
    mark = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("left="))
    assert mark.startswith("left=1;") and "HttpOnly" not in mark and "Path=/" in mark


@pytest.mark.requirement("A7")
def test_saves_and_the_comparison_ask_the_database_a_bounded_number_of_times(started, database):
    started.post(started.at("BASIC"), **{"f-post": "甲", "version": 0})
    started.token("/my/unit/")
    for path, post, version, most in (
        (started.at("BASIC") + "draft", "乙", 1, 12),
        (started.at("BASIC"), "丙", 0, 18),
        (started.at("BASIC"), None, 0, 10),
    ):
        with statements(database.engine) as sent:
            if post:
                started.post(path, form="/my/unit/", follow=False, **{"f-post": post, "version": version})
            else:
                started.page(path)
        assert len(sent) <= most, (path, post, len(sent), sent)
