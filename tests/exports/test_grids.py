"""导出 of the grids: what the page shows, for whom it shows it, and what the log keeps of it."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.phones import mask_id
from app.accounts.roles import Role
from app.audit.models import AuditEntry
from app.workflow.states import State
from tests.exports.conftest import csv_rows, export, xlsx_rows
from tests.factories import application, id_number, log_in, make_unit, person, phone_number, utc
from tests.statements import statements
from tests.web.forms import post

pytestmark = pytest.mark.requirement("U4", "R2")

HEADING = ["姓名", "申报编号", "系列、专业、拟评资格", "状态", "提交时间", "停留（天）"]


@pytest.fixture
def three(session, town):
    """Two under review at the unit, one returned; and one of another unit."""
    rows = []
    for serial, (name, state, day) in enumerate(
        [("=陆一", State.UNIT_REVIEW, 1), ("覃二", State.UNIT_REVIEW, 2), ("韦三", State.RETURNED, 3)], 1
    ):
        who = person(session, Role.APPLICANT, serial=serial, name=name, unit_id=town.unit.id)
        rows.append(application(
            session, town, who, state=state, number=f"LZ2026000{serial}", submitted_at=utc(2026, 11, day, 17),
            moved_at=datetime.now(UTC), return_requested=name == "覃二",
        ))  # fmt: skip
    other = make_unit(session, reports_to=town.district, name="别家公司", uscc="91450200MA5NXXXX2B")
    who = person(session, Role.APPLICANT, serial=9, name="莫别家", unit_id=other.id)
    application(session, town, who, state=State.UNIT_REVIEW, unit_id=other.id)
    session.commit()
    return rows


def first_of(session, rows):
    return session.get(Person, rows[0].applicant_id)


def entries(session, verb="export"):
    session.expire_all()
    return session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == verb).order_by(AuditEntry.id)).all()


def test_the_sheet_holds_what_the_page_shows_cell_by_cell(operator, session, three):
    answer = export(operator, "/unit/review")
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "单位审核-" in unquote(answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"
    title = "工程技术人员，机械设计，高级工程师"
    assert title in operator.get("/unit/review/list/").text
    assert xlsx_rows(answer.data) == [
        HEADING,
        ["覃二", "LZ20260002", title, "待单位审核　申请退还", "2026-11-03 01:00:00", 0.0],
        ["=陆一", "LZ20260001", title, "待单位审核", "2026-11-02 01:00:00", 0.0],
    ]
    text = csv_rows(export(operator, "/unit/review", format="csv").data)
    assert text[2] == ["'=陆一", "LZ20260001", title, "待单位审核", "2026-11-02 01:00", "0"]


def test_tab_filters_order_and_hidden_columns_hold_for_the_sheet(operator, session, three):
    query = "tab=all&_oc_UnitReviewGrid=submitted_at&_od_UnitReviewGrid=asc&_flt_0_submitted_at=2026-11-03"
    rows = xlsx_rows(export(operator, "/unit/review", query, hidden="number title_name moved_at state").data)
    assert [row[0] for row in rows] == ["姓名", "覃二", "韦三"]
    assert rows[0] == ["姓名", "提交时间"]
    export(operator, "/unit/review", "tab=all&_flt_0_state=returned&_flt_0_applicant_name=韦", format="csv")
    first, second = entries(session)
    assert (first.object_kind, first.object_id, first.party, first.address) == ("grid", "UnitReviewGrid", "unit", "127.0.0.1")
    assert first.detail == {
        "format": "xlsx", "full": False, "rows": 2, "conditions": "页签“全部”；提交时间不早于 2026-11-03",
    }
    assert second.detail == {
        "format": "csv", "full": False, "rows": 1,
        "conditions": "页签“全部”；按“姓名”筛选（内容不记录）；状态：已退回个人",
    }


@pytest.mark.parametrize(
    ("query", "fields", "status"),
    [
        ("tab=foreign", {}, 400), ("_flt_0_pledge=x", {}, 400), ("_oc_UnitReviewGrid=pledge", {}, 400),
        ("", {"format": "exe"}, 400), ("", {"hidden": "fee_fen"}, 400), ("", {"full": "1"}, 403),
        ("", {"hidden": "applicant_name number title_name state submitted_at moved_at"}, 400),
    ],
)
def test_what_the_page_does_not_offer_is_refused(operator, session, three, query, fields, status):
    answer = post(operator, "/unit/review/list/", f"/unit/review/export?{query}", **({"format": "xlsx"} | fields))
    assert answer.status_code == status
    assert entries(session) == []


def test_each_exports_only_rows_of_the_own_scope(app, session, town, three):
    application(session, town, first_of(session, three), state=State.BODY_REVIEW, number="LZ20269999", extra_granted=True)
    district = log_in(app.test_client(), session, person(session, Role.BODY_REVIEWER, body_id=town.district.id))
    office = log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id))
    assert [row[1:4:2] for row in xlsx_rows(export(district, "/body/review").data)] == [
        ["申报编号", "单位"], ["LZ20269999", "柳州示例建筑工程有限公司"],
    ]
    names = sorted(row[0] for row in xlsx_rows(export(office, "/office/applications").data)[1:])
    assert names == ["=陆一", "=陆一", "莫别家", "覃二", "韦三"]


def test_without_the_permission_there_is_no_button_and_no_export(app, session, town, operator, unit_admin):
    assert "/unit/members/export" not in operator.get("/unit/members/list/").text
    assert export(operator, "/unit/members").status_code == 403
    page = unit_admin.get("/unit/review/list/?tab=all").text
    assert "/unit/review/export" not in page  # an empty list has nothing to export
    assert entries(session) == []


@pytest.mark.requirement("U8")
def test_members_are_masked_unless_whole_numbers_are_asked_for_by_who_may(unit_admin, session, town):
    member = person(session, Role.APPLICANT, serial=7, name="梁小燕", unit_id=town.unit.id)
    application(session, town, member, state=State.UNIT_REVIEW)
    late = person(session, Role.APPLICANT, serial=8, name="吴未报", unit_id=town.unit.id)
    member.joined_unit_at, late.joined_unit_at = utc(2026, 3, 1), None
    session.commit()
    page = unit_admin.get("/unit/members/list/").text
    assert 'action="/unit/members/export"' in page and "含完整的手机号、证件号" in page
    assert xlsx_rows(export(unit_admin, "/unit/members").data) == [
        ["姓名", "手机", "证件号码", "加入时间", "本年申报"],
        ["吴未报", "138****0008", mask_id(id_number(8)), "", "未申报"],
        ["梁小燕", "138****0007", mask_id(id_number(7)), "2026-03-01 08:00:00", "1 件"],
    ]
    whole = csv_rows(export(unit_admin, "/unit/members", format="csv", full="1").data)
    number = id_number(7)
    assert whole[2][:3] == ["梁小燕", phone_number(7), number if number.endswith("X") else f"'{number}"]
    undeclared = csv_rows(export(unit_admin, "/unit/members/undeclared", format="csv").data)
    assert [row[0] for row in undeclared] == ["姓名", "吴未报"]
    assert [entry.detail["full"] for entry in entries(session)] == [False, True, False]


def test_the_number_of_statements_does_not_depend_on_the_rows(app, session, database, town, operator, three):
    def sent():
        with statements(database.engine) as asked:
            assert export(operator, "/unit/review", "tab=all").status_code == 200
        return len(asked)

    sent()  # the code lists are read once for the process
    few, who = sent(), first_of(session, three)
    for serial in range(20, 60):
        application(session, town, who, state=State.UNIT_REVIEW, number=f"LZ{serial}", extra_granted=True)
    session.commit()
    assert sent() == few <= 16
