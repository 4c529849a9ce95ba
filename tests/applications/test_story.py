"""The applicant's way from the start to the unit."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.applications import snapshots
from app.applications.models import HistoryRow, RouteStep, Snapshot
from app.workflow.states import Holder, State


@pytest.mark.requirement("A5", "A6", "A7", "A9", "A10", "A11")
def test_an_applicant_starts_fills_and_submits(filled):
    desk = filled
    assert "已完成 11 项，还有 0 项" in desk.page(desk.at())
    check = desk.page(desk.at("check"))
    assert "完成并提交" in check and "disabled" not in check
    page = desk.submit().text
    assert f"<h1>已提交到{desk.town.unit.name}</h1>" in page
    row = desk.row
    assert (row.state, row.holder) == (State.UNIT_REVIEW, Holder.UNIT)
    steps = desk.session.scalars(sa.select(RouteStep.body_id).order_by(RouteStep.position)).all()
    assert steps == [desk.town.district.id, desk.town.committee.id]
    snapshot = desk.session.scalars(sa.select(Snapshot)).one()
    assert snapshots.check_code(snapshot.digest) in page
    opened = snapshots.open_snapshot(snapshot)
    assert opened.content["person"]["id_no"] == desk.who.id_no
    assert desk.who.id_no.encode() not in bytes(snapshot.content)
    progress = desk.page(desk.at("progress"))
    assert "单位审核中" in progress and "申请退还" in progress


@pytest.mark.requirement("A10")
def test_after_submission_nothing_can_be_changed(filled):
    desk = filled
    token = desk.token(desk.at("BASIC"))
    desk.submit()
    answer = desk.client.post(desk.at("BASIC"), data={"csrf_token": token, "f-post": "总工", "version": "9"})
    assert answer.status_code == 409
    assert "材料已提交到单位，不能再修改" in answer.text and "总工" in answer.text
    draft = desk.client.post(desk.at("BASIC") + "draft", data={"csrf_token": token, "f-post": "总工"})
    assert draft.status_code == 409 and draft.json["ok"] is False
    assert desk.client.post(desk.at("submit"), data={"csrf_token": token}).status_code == 302
    assert desk.session.scalar(sa.select(sa.func.count()).select_from(HistoryRow)) == 1
