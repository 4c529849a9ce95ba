"""修改申报信息 while the application is a draft; the types that fit; 破格申报 and 代表性成果 through the pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.applications import choosing
from app.audit.models import AuditEntry
from app.review_bodies.models import Campaign, CampaignScope
from tests.applications.conftest import SPECIALTY, TITLE, WORK_ROW, jpeg
from tests.applications.test_dossier import read_by_unit
from tests.statements import statements


def choice(desk, campaign: int | None = None, **changes: str) -> dict[str, str]:
    campaign = campaign or desk.town.campaign.id
    return {
        "campaign": str(campaign), "specialty": f"{campaign}-{SPECIALTY}", "title": TITLE, "apply_type": "NORMAL",
        "version": str(desk.row.version), "confirm": "1",
    } | changes  # fmt: skip


@pytest.mark.requirement("A5")
def test_only_types_that_fit_the_business_are_offered_and_taken(desk, started):
    offered = [each.code for each in choosing.apply_types(desk.session)]
    assert offered == [
        "NORMAL", "EXC_EDU", "EXC_YEARS", "EXC_BOTH", "SKIP", "CONVERT", "GREEN", "GRASS", "SKILL", "RETIRED_MIL", "EXAM",
    ]  # fmt: skip
    assert [each.code for each in choosing.apply_types(desk.session, "recognition")] == ["INIT"]
    page = desk.post(desk.at("change"), **choice(desk, apply_type="INIT"))
    assert page.status_code == 422 and "请选择申报类型。" in page.text
    page = desk.post(desk.at("change"), **choice(desk, title="99-999"))
    assert "所选专业不能申报这个资格" in page.text and desk.row.apply_type == "NORMAL"


@pytest.mark.requirement("A5", "A6")
def test_a_draft_changes_its_type_and_the_page_says_first_what_that_means(filled):
    desk, pledged = filled, filled.row.pledge_at
    page = desk.post(desk.at("change"), **choice(desk, apply_type="EXC_YEARS", confirm="")).text
    assert "<del>正常申报</del> <b>破格申报（资历）</b>" in page
    assert "<dt>需要填写的表增加</dt><dd>破格申报</dd>" in page and "评审承诺书" not in page
    assert desk.row.apply_type == "NORMAL"
    done = desk.post(desk.at("change"), **choice(desk, apply_type="EXC_YEARS")).text
    assert "申报信息已修改" in done and "破格申报" in done
    assert (desk.row.apply_type, desk.row.pledge_at, desk.row.version) == ("EXC_YEARS", pledged, 2)
    page = desk.post(desk.at("change"), **choice(desk, version="1")).text
    assert "这份材料刚刚在别处办理过" in page and desk.row.apply_type == "EXC_YEARS"
    page = desk.post(desk.at("change"), **choice(desk, confirm="")).text
    assert "<dt>不再需要的表</dt><dd>破格申报（已填的内容保留，不随申报提交）</dd>" in page
    verbs = desk.session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.object_kind == "application")).all()
    assert verbs == ["start", "change_choice"]


@pytest.mark.requirement("A5")
def test_another_campaign_needs_its_own_pledge_and_the_number_stays(filled):
    desk, session = filled, filled.session
    now = desk.town.campaign.opens_at
    other = Campaign(
        body_id=desk.town.committee.id, year=desk.town.campaign.year, name="另一计划", opens_at=now,
        closes_at=now + timedelta(days=60), unit_closes_at=now + timedelta(days=70), pledge="另一份承诺。",
        pledge_version="3", scopes=[CampaignScope(series_code="05", level_code="ASSOC", fee_fen=12000)],
    )  # fmt: skip
    session.add(other)
    session.commit()
    number, key = desk.number, other.id
    page = desk.post(desk.at("change"), **choice(desk, key, confirm="")).text
    assert "另一份承诺。" in page and "<del>480 元</del> <b>120 元</b>" in page
    page = desk.post(desk.at("change"), **choice(desk, key)).text
    assert "请阅读评审承诺书后勾选「我作出以上承诺」。" in page
    page = desk.post(desk.at("change"), **choice(desk, key, agree="1", pledged="x")).text
    assert "承诺书刚刚更新" in page and desk.row.campaign_id == desk.town.campaign.id
    digest = choosing.pledge_digest("另一份承诺。")
    desk.post(desk.at("change"), **choice(desk, key, agree="1", pledged=digest))
    row = desk.row
    assert (row.number, row.campaign_id, row.pledge_version, row.pledge_digest, row.fee_fen) == (
        number, key, "3", digest, 12000,
    )  # fmt: skip


@pytest.mark.requirement("A5")
def test_choosing_anew_asks_the_database_a_bounded_number_of_times(filled, database):
    filled.page(filled.at("change"))
    token = filled.token(filled.at("change"))
    with statements(database.engine) as shown:
        filled.page(filled.at("change"))
    for confirm, most in (("", 16), ("1", 15)):
        sent = choice(filled, apply_type="SKIP", confirm=confirm) | {"csrf_token": token}
        with statements(database.engine) as asked:
            assert filled.client.post(filled.at("change"), data=sent).status_code == (302 if confirm else 200)
        assert len(asked) <= most, (confirm, len(asked))
    assert len(shown) <= 12, len(shown)


@pytest.mark.requirement("A5")
def test_what_was_submitted_keeps_its_choice(filled):
    filled.submit()
    version, token = filled.row.version, filled.token(filled.at())
    sent = choice(filled, apply_type="SKIP", version=str(version)) | {"csrf_token": token}
    page = filled.client.post(filled.at("change"), data=sent, follow_redirects=True).text
    assert "材料已经提交过，不能再更改" in page and filled.row.apply_type == "NORMAL"
    assert "修改申报信息" not in filled.page(filled.at())


@pytest.mark.requirement("A6", "A8", "A9")
def test_an_exception_and_representative_achievements_refer_to_what_was_filled_in(filled, app):
    desk = filled
    desk.post(desk.at("change"), **choice(desk, apply_type="EXC_EDU"))
    assert "请上传破格审批表。" in desk.page(desk.at())
    form, project = desk.page(desk.at("EXC")), f"PROJECT:{WORK_ROW}"
    assert "学历破格" in form and f'name="f-evidence" value="{project}"><span>业绩成果 · 电池包轻量化' in form
    assert 'href="/static/templates/exception-approval.rtf' in form
    desk.post(desk.at("EXC"), **{"f-clause": "第七条", "f-reason": "业绩突出", "f-evidence": ["", project, "PAPER:none"]})
    assert "对应业绩中有一条已经删除" in desk.page(desk.at())
    values = {"f-clause": "第七条\n第八条", "f-reason": "业绩突出", "f-evidence": ["", project]}
    desk.post(desk.at("EXC"), version="9", **values)
    assert desk.upload(desk.at("EXC", "files", "file"), jpeg()).json["ok"]
    desk.post(desk.at("REP", "rows", WORK_ROW), **{"f-ref": project, "f-reason": "首创"})
    assert "没有缺项" in desk.page(desk.at())
    desk.submit()
    sections = read_by_unit(app, desk)
    words = {value.field: value.value for value in sections["EXC"].values}
    assert (words["exception_kind"], words["clause"]) == ("学历破格", "第七条\n第八条")
    assert words["evidence"].startswith("业绩成果 · 电池包轻量化") and words["evidence"].count("·") == 1
    assert sections["REP"].rows[0].values[0].value == words["evidence"]
    assert desk.client.get(desk.at("list.pdf")[:-1]).data.startswith(b"%PDF-")


@pytest.mark.requirement("A6")
def test_an_achievement_that_was_deleted_is_told_where_it_is_referred_to(filled):
    desk = filled
    desk.post(desk.at("REP", "rows", WORK_ROW), **{"f-ref": f"PROJECT:{WORK_ROW}", "f-reason": "首创"})
    assert "没有缺项" in desk.page(desk.at())
    desk.post(desk.at("PROJECT", "rows", WORK_ROW, "delete"), form=desk.at("PROJECT"))
    page = desk.page(desk.at())
    assert "引用的成果中有一条已经删除或不再属于这份申报，请重新选择。" in page
    assert "（已删除的成果）" in desk.page(desk.at("REP"))


@pytest.mark.requirement("A8", "A9")
def test_the_materials_of_the_business_are_asked_for_and_the_others_can_be_chosen(started):
    page = started.page(started.at("ATTACH"))
    asked, chosen = page.split("其他可以上传的材料（2 种）")
    assert "社会保险缴费证明</b>" in asked and "劳动（聘用）合同/报到证</b>" in asked
    assert "业绩成果证明材料（合并PDF）（选填）" in asked
    assert "教案、听课记录（选填）" in chosen and "其他（选填）" in chosen
    wrong = started.upload(started.at("ATTACH", "files", "lesson"), jpeg())
    assert wrong.status_code == 422 and "须为PDF" in wrong.json["message"]
    assert started.upload(started.at("ATTACH", "files", "publicity"), jpeg()).status_code == 404
