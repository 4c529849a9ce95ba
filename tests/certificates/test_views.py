from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.audit.models import AuditEntry
from app.certificates.models import Certificate, CertificateStatus
from app.workflow.states import State
from tests.factories import log_in, person, post_form
from tests.statements import statements


def client_of(app, session, role, **values):
    return log_in(app.test_client(), session, person(session, role, **values))


@pytest.fixture
def office(app, session, approved):
    return client_of(app, session, Role.OFFICE_ADMIN, body_id=approved.town.office.id)


@pytest.mark.requirement("P1")
class TestVerifying:
    def test_a_stranger_reads_that_a_certificate_is_valid(self, client, issued):
        answer = post_form(client, "/verify/", number=issued.number, name="梁小燕")
        assert answer.status_code == 200
        assert "证书有效" in answer.text and "高级工程师" in answer.text and "柳州市职改办" in answer.text

    def test_the_name_is_masked_and_the_id_number_not_shown(self, client, issued):
        text = client.get(f"/verify/{issued.token}").text
        assert "梁**" in text and "梁小燕" not in text and issued.id_no_masked not in text

    def test_the_code_on_the_certificate_leads_to_its_state(self, client, issued):
        assert "证书有效" in client.get(f"/verify/{issued.token}").text

    @pytest.mark.parametrize(
        ("status", "words"), [("revoked", "证书已撤销"), ("replaced", "证书已补发，本编号作废")]
    )
    def test_what_is_not_valid_any_more_is_said(self, client, session, issued, status, words):
        issued.status = CertificateStatus(status)
        session.commit()
        text = client.get(f"/verify/{issued.token}").text
        assert words in text and "证书有效" not in text

    def test_a_wrong_name_and_an_unknown_number_answer_alike(self, client, issued):
        wrong = post_form(client, "/verify/", number=issued.number, name="梁小艳")
        unknown = post_form(client, "/verify/", number="450220260540999999", name="梁小燕")
        for answer in (wrong, unknown):
            assert "没有查到" in answer.text and "高级工程师" not in answer.text

    def test_empty_fields_are_asked_for_and_what_was_typed_stays(self, client, issued):
        text = post_form(client, "/verify/", number=issued.number, name="").text
        assert "请填写证书上的姓名" in text and issued.number in text

    def test_number_and_name_stand_in_no_address(self, client, issued):
        text = client.get(f"/verify/?number={issued.number}&name=梁小燕").text
        assert "证书有效" not in text

    def test_each_look_up_is_written_down_without_name_or_number(self, client, session, issued):
        post_form(client, "/verify/", number=issued.number, name="梁小燕")
        client.get("/verify/nothing")
        rows = session.scalars(sa.select(AuditEntry).where(AuditEntry.verb == "verify").order_by(AuditEntry.id)).all()
        assert [(row.object_id, row.result, row.detail["by"]) for row in rows] == [
            (str(issued.id), "valid", "number"), ("", "not_found", "token"),
        ]

    def test_who_asks_too_often_waits(self, client, issued):
        answers = [client.get("/verify/nothing").status_code for _ in range(61)]
        assert answers == [200] * 60 + [429]


@pytest.mark.requirement("A20")
class TestOwn:
    @pytest.fixture
    def holder(self, client, session, approved):
        return log_in(client, session, approved.applicant)

    def test_the_holder_sees_and_prints_the_certificate(self, holder, session, issued):
        assert issued.number in holder.get("/my/certificates/").text
        answer = holder.get(f"/my/certificates/{issued.id}/pdf/")
        assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Cache-Control"] == "no-store"
        session.refresh(issued)
        assert issued.printed == 1

    def test_another_person_prints_nothing(self, app, session, approved, issued):
        other = client_of(app, session, Role.APPLICANT, serial=2)
        assert issued.number not in other.get("/my/certificates/").text
        assert other.get(f"/my/certificates/{issued.id}/pdf/").status_code == 404

    def test_without_a_photo_the_page_says_what_to_do(self, holder, session, issued):
        issued.photo_file_id = None
        session.commit()
        answer = holder.get(f"/my/certificates/{issued.id}/pdf/", follow_redirects=True)
        assert answer.status_code == 200 and "证书缺少证件照" in answer.text

    def test_without_certificates_the_page_says_so(self, app, session, approved):
        assert "您还没有证书" in client_of(app, session, Role.APPLICANT, serial=2).get("/my/certificates/").text


@pytest.mark.requirement("R4")
class TestStaff:
    def test_the_office_issues_what_is_approved(self, office, session, approved):
        assert "梁小燕" in office.get("/certificates/issue/").text
        answer = post_form(
            office, "/certificates/issue/all/", page="/certificates/issue/", chosen=approved.application.number
        )
        assert answer.status_code == 302
        session.expire_all()
        assert approved.application.state is State.CERTIFIED
        assert "没有等待发证的人员" in office.get("/certificates/issue/").text

    def test_nothing_ticked_is_said(self, office, approved):
        page = "/certificates/issue/"
        from tests.factories import csrf

        answer = office.post(page + "all/", data={"csrf_token": csrf(office, page)}, follow_redirects=True)
        assert "请先勾选要发证的人员" in answer.text

    def test_the_office_revokes_with_a_reason(self, office, client, session, issued):
        page = f"/certificates/{issued.id}/"
        assert "请写明撤销理由" in post_form(office, page + "revoke/", page=page, reason=" ").text
        post_form(office, page + "revoke/", page=page, reason="弄虚作假")
        assert "证书已撤销" in client.get(f"/verify/{issued.token}").text

    def test_a_body_reads_its_certificates_and_revokes_none(self, app, session, approved, issued):
        body = client_of(app, session, Role.BODY_ADMIN, body_id=approved.town.committee.id)
        assert issued.number in body.get("/certificates/list/").text
        text = body.get(f"/certificates/{issued.id}/").text
        assert "弄" not in text and "撤销证书" not in text

    def test_another_body_sees_none(self, app, session, approved, issued):
        from app.review_bodies.models import ReviewBody

        foreign = ReviewBody(code="X", name="其他评委会", parent_id=approved.town.office.id)
        session.add(foreign)
        session.flush()
        body = client_of(app, session, Role.BODY_ADMIN, body_id=foreign.id)
        assert issued.number not in body.get("/certificates/list/").text
        assert body.get(f"/certificates/{issued.id}/").status_code == 404

    @pytest.mark.parametrize("rows", [1, 30])
    def test_the_grid_needs_at_most_eight_statements(self, office, session, approved, issued, database, rows):
        fields = {
            column.key: getattr(issued, column.key)
            for column in Certificate.__table__.columns
            if column.key not in ("id", "number", "token", "application_id")
        }
        session.add_all(Certificate(**fields, number=f"N{n:017d}", token=f"T{n}") for n in range(rows - 1))
        session.commit()
        office.get("/certificates/list/")
        with statements(database.engine) as sent:
            answer = office.get("/certificates/list/")
        assert answer.text.count('data-label="证书编号"') == min(rows, 25)
        assert len(sent) <= 8, sent




@pytest.mark.requirement("P1")
@pytest.mark.parametrize("text", ["\x00", "' OR 1=1 --", "9" * 41, "%00"])
def test_hostile_numbers_find_nothing(client, issued, text):
    for answer in (
        post_form(client, "/verify/", number=text, name="梁小燕"),
        post_form(client, "/verify/", number=issued.number, name=text),
    ):
        assert answer.status_code in (200, 400) and "证书有效" not in answer.text


@pytest.mark.requirement("P1")
@pytest.mark.parametrize("token", ["%00", "x" * 500, "%E6%A2%81", "..%2f"])
def test_hostile_codes_find_nothing(client, issued, token):
    answer = client.get(f"/verify/{token}")
    assert answer.status_code in (200, 400, 404) and "证书有效" not in answer.text


@pytest.mark.requirement("P1")
def test_the_home_page_verifies_too_and_puts_nothing_into_the_address(client, issued):
    assert '<form class="svc__q" method="post" action="/verify/"' in client.get("/").text
    assert "证书有效" in post_form(client, "/verify/", page="/", number=issued.number, name="梁小燕").text
