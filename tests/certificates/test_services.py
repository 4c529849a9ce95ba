from __future__ import annotations

import threading
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.roles import Role
from app.applications.models import Application
from app.certificates import queries, services
from app.certificates.models import Certificate, CertificateCounter, CertificateStatus
from app.certificates.services import DecisionMissing, NotValid, PhotoMissing
from app.meetings.models import ApprovedName
from app.messages.models import Channel, Message
from app.workflow.actor import Actor
from app.workflow.machine import NotOffered
from app.workflow.states import Party, State
from tests.certificates.conftest import approve
from tests.factories import application, person

pytestmark = pytest.mark.requirement("A20", "R4")


def test_a_certificate_freezes_what_was_decided(session, approved, issued, clock):
    assert approved.application.state is State.CERTIFIED
    year = issued.issued_on.year
    assert issued.number.startswith(f"4502{year}054000001") and len(issued.number) == 18
    assert (issued.name, issued.gender, issued.born) == ("梁小燕", "男", "1988年4月")
    assert (issued.series_name, issued.level_name, issued.title_name) == ("工程技术人员", "副高级", "高级工程师")
    assert (issued.obtained_on, issued.committee) == (date(2026, 12, 18), approved.town.committee.name)
    assert (issued.authority, issued.approval_no) == ("柳州市职改办", "柳职改〔2026〕12号")
    assert "*" in issued.id_no_masked and issued.photo_file_id is not None


def test_the_holder_is_told_by_sms(session, issued):
    text = session.scalar(sa.select(Message.text).where(Message.channel == Channel.SMS).order_by(Message.id.desc()))
    assert text == "您的高级工程师职称证书已生成，请登录平台打印。"


def test_a_certificate_is_issued_once(session, approved, issued, clock):
    with pytest.raises(NotOffered):
        services.issue(session, approved.application, approved.office, now=clock.now())


def test_nothing_is_issued_without_an_approval_document(session, approved, clock):
    session.execute(sa.delete(ApprovedName))
    result = services.issue_all(session, [approved.application], approved.office, now=clock.now())
    assert isinstance(result.refused[approved.application.number], DecisionMissing)
    session.expire_all()
    assert approved.application.state is State.APPROVED
    assert session.scalar(sa.select(CertificateCounter.last)) is None


def test_the_deciding_body_may_issue_and_another_may_not(session, approved, clock):
    stranger = Actor(Party.BODY, body_id=approved.town.district.id)
    result = services.issue_all(session, [approved.application], stranger, now=clock.now())
    assert list(result.refused) == [approved.application.number]
    committee = Actor(Party.BODY, body_id=approved.town.committee.id)
    assert len(services.issue_all(session, [approved.application], committee, now=clock.now()).certificates) == 1


def test_a_revoked_certificate_moves_the_application_and_stays_in_the_library(session, approved, issued, clock):
    services.revoke(session, issued, approved.office, reason="弄虚作假", now=clock.now())
    session.commit()
    assert (issued.status, issued.status_reason) == (CertificateStatus.REVOKED, "弄虚作假")
    assert approved.application.state is State.REVOKED
    with pytest.raises(NotValid):
        services.revoke(session, issued, approved.office, reason="again", now=clock.now())


class TestPrinting:
    def print(self, app, session, certificate, actor, clock, specimen=None):
        gateways = app.extensions["gateways"]
        return services.print_pdf(
            session, certificate, actor, gateways.documents, gateways.storage,
            verify_url="https://example.test/verify/x", specimen=specimen, now=clock.now(),
        )

    def test_a_print_is_a_pdf_and_is_counted(self, app, session, approved, issued, clock):
        assert self.print(app, session, issued, approved.office, clock).startswith(b"%PDF-")
        session.refresh(issued)
        assert issued.printed == 1

    def test_without_a_photo_nothing_is_printed(self, app, session, approved, issued, clock):
        issued.photo_file_id = None
        with pytest.raises(PhotoMissing):
            self.print(app, session, issued, approved.office, clock)

    def test_a_revoked_one_is_not_printed(self, app, session, approved, issued, clock):
        services.revoke(session, issued, approved.office, reason="弄虚作假", now=clock.now())
        with pytest.raises(NotValid):
            self.print(app, session, issued, approved.office, clock)


@pytest.mark.requirement("P1")
@pytest.mark.parametrize(
    ("name", "found"), [("梁小燕", True), (" 梁 小燕 ", True), ("梁小艳", False), ("", False)]
)
def test_a_number_answers_only_together_with_the_name(session, issued, name, found):
    assert (queries.by_number(session, issued.number.lower(), name) is issued) is found


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_certificates_issued_in_one_moment_have_numbers_in_a_row(app, database, session, approved, clock):
    rows = [approved.application]
    for serial in range(2, 7):
        who = person(session, Role.APPLICANT, serial=serial)
        rows.append(application(session, approved.town, who, state=State.APPROVED))
        approve(session, approved.town, rows[-1], approved.paper, approved.meeting)
    session.commit()
    ids, gate, now = [row.id for row in rows], threading.Barrier(len(rows)), clock.now()

    def run(application_id: int) -> None:
        with app.app_context(), Session(database.engine) as own:
            row = own.get_one(Application, application_id)
            gate.wait(5)
            services.issue(own, row, approved.office, now=now)
            own.commit()

    threads = [threading.Thread(target=run, args=(each,)) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    serials = sorted(int(number[11:17]) for number in session.scalars(sa.select(Certificate.number)))
    assert serials == [1, 2, 3, 4, 5, 6]
