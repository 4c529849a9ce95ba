from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from rq import Queue

from app.accounts.roles import Role
from app.gateways.sms import SmsRefused, SmsUnavailable
from app.jobs import schedule
from app.messages import services
from app.messages.models import Message, MessageStatus
from tests.factories import city, log_in, person, phone_number, post_form, utc
from tests.statements import statements

pytestmark = pytest.mark.requirement("A13", "M2")
NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


def say(session, who, **values) -> None:
    services.tell(session, who, template="CERT", now=NOW, title="高级工程师", **values)


@pytest.fixture
def reader(client, session):
    who = person(session, Role.APPLICANT, serial=1)
    say(session, who)
    session.commit()
    return log_in(client, session, who)


class TestInbox:
    def test_a_person_reads_what_was_said_and_when(self, reader):
        text = reader.get("/messages/").text
        assert "您的高级工程师职称证书已生成" in text and "2026-11-24 14:30" in text and "未读" in text

    def test_read_is_what_the_page_had_shown(self, reader, session):
        newest = session.scalar(sa.select(sa.func.max(Message.id)))
        page = reader.get("/messages/")
        assert page.status_code == 200
        who = session.scalar(sa.select(Message.person_id))
        later = Message(channel="site", template="CERT", person_id=who, text="后来的消息", created_at=NOW)
        session.add(later)
        session.commit()
        post_form(reader, "/messages/read/", page="/messages/", newest=str(newest))
        session.expire_all()
        assert [row.read_at is None for row in session.scalars(sa.select(Message).where(Message.channel == "site").order_by(Message.id))] == [
            False, True,
        ]

    def test_nobody_reads_the_messages_of_another(self, app, reader, session):
        other = log_in(app.test_client(), session, person(session, Role.APPLICANT, serial=2))
        assert "职称证书已生成" not in other.get("/messages/").text

    def test_everybody_of_a_unit_reads_what_was_said_to_it(self, app, session):
        town = city(session)
        services.tell_unit(session, town.unit.id, template="UNIT_APPROVED", now=NOW, unit="示例公司")
        clerk = log_in(app.test_client(), session, person(session, Role.UNIT_OPERATOR, unit_id=town.unit.id))
        assert "示例公司注册已通过审核" in clerk.get("/messages/").text

    @pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 30])
    def test_a_bad_number_is_refused(self, reader, newest):
        assert post_form(reader, "/messages/read/", page="/messages/", newest=newest).status_code == 400


class TestDelivery:
    def test_a_message_goes_out_after_the_commit_and_once(self, session, sms, run_jobs):
        say(session, person(session, Role.APPLICANT, serial=1))
        session.commit()
        run_jobs()
        run_jobs()
        assert [sent.phone for sent in sms.sent] == [phone_number(1)]
        session.expire_all()
        assert session.scalar(sa.select(Message.status).where(Message.channel == "sms")) is MessageStatus.SENT

    def test_what_could_not_go_out_waits_and_is_sent_later(self, app, session, sms, run_jobs, monkeypatch):
        say(session, person(session, Role.APPLICANT, serial=1))
        session.commit()
        with monkeypatch.context() as patch:
            patch.setattr(type(sms), "send", lambda *a: (_ for _ in ()).throw(SmsUnavailable("busy")))
            run_jobs()
        assert sms.sent == []
        from app.jobs.messages import deliver_waiting

        with app.app_context():
            assert deliver_waiting() == 1
        assert len(sms.sent) == 1

    def test_what_the_provider_refuses_is_not_tried_again(self, app, session, sms, run_jobs, monkeypatch):
        say(session, person(session, Role.APPLICANT, serial=1))
        session.commit()
        monkeypatch.setattr(type(sms), "send", lambda *a: (_ for _ in ()).throw(SmsRefused("blocked")))
        run_jobs()
        session.expire_all()
        assert session.scalar(sa.select(Message.status).where(Message.channel == "sms")) is MessageStatus.FAILED

    def test_the_command_sends_what_waits(self, app, session, sms, redis):
        say(session, person(session, Role.APPLICANT, serial=1))
        session.commit()
        redis.flushdb()  # the queue lost it
        assert app.test_cli_runner().invoke(args=["deliver-pending"]).output == "1 sent\n"
        assert len(sms.sent) == 1


class TestOutbox:
    def outbox(self, app, session, role=Role.SYSTEM_ADMIN):
        return log_in(app.test_client(), session, person(session, role))

    def test_the_administrator_sees_that_it_went_and_not_what_it_says(self, app, session):
        services.send_sms(session, template="CODE", phone=phone_number(7), now=NOW, code="493817", minutes=10)
        text = self.outbox(app, session).get("/outbox/list/").text
        assert "138****0007" in text and "等待发送" in text
        assert "493817" not in text and phone_number(7) not in text

    def test_nobody_else_opens_it(self, app, session):
        assert self.outbox(app, session, Role.AUDIT_ADMIN).get("/outbox/list/").status_code == 403

    @pytest.mark.parametrize("rows", [1, 30])
    def test_the_grid_needs_at_most_eight_statements(self, app, session, database, rows):
        for serial in range(rows):
            services.send_sms(session, template="CODE", phone=phone_number(serial), now=NOW, code="1", minutes=1)
        admin = self.outbox(app, session)
        admin.get("/outbox/list/")
        with statements(database.engine) as sent:
            answer = admin.get("/outbox/list/")
        assert answer.text.count('data-label="模板"') == min(rows, 25)
        assert len(sent) <= 8, sent


class TestDemo:
    @pytest.fixture
    def two(self, session):
        for serial, code in ((7, "493817"), (8, "551122")):
            services.send_sms(session, template="CODE", phone=phone_number(serial), now=NOW, code=code, minutes=10)
        session.commit()

    def test_the_demonstration_shows_the_messages(self, client, two):
        text = client.get("/demo/sms/").text
        assert "493817" in text and "138****0007" in text and phone_number(7) not in text

    def test_those_of_one_phone_are_found_without_an_address_that_names_it(self, client, two):
        text = post_form(client, "/demo/sms/", phone=phone_number(8)).text
        assert "551122" in text and "493817" not in text and phone_number(8) not in text

    def test_outside_the_demonstration_there_is_no_such_page(self, client, app, two, monkeypatch):
        monkeypatch.setitem(app.config, "DEMO", False)
        assert client.get("/demo/sms/").status_code == 404


class TestSchedule:
    def test_each_minute_is_asked_for_once(self, app, redis):
        queue = Queue(app.config["QUEUE"], connection=redis)
        asked = [schedule.ask(queue, redis, utc(2026, 11, 24, 6, minute)) for minute in (30, 30, 31)]
        jobs = len(schedule.EVERY_MINUTE)
        assert asked == [jobs, 0, jobs]

    def test_what_is_asked_for_can_be_done(self, app, redis, run_jobs):
        schedule.ask(Queue(app.config["QUEUE"], connection=redis), redis, NOW)
        run_jobs()
