from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from redis.exceptions import ConnectionError as RedisAway

from app.accounts.roles import Role
from app.applications.models import HistoryRow
from app.applications.services import fire
from app.gateways.payment import PaymentNotice, PaymentUnavailable
from app.messages.models import Channel, Message
from app.payments import services
from app.payments.models import FeeOrder, OrderStatus, Payment
from app.payments.queries import NoSuchOrder, latest_of
from app.payments.services import Booking, ForeignTransaction, Lapsed, NotDue
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import Move
from app.workflow.machine import GuardRefused
from app.workflow.states import Party, State
from tests.factories import application, fee_order, person, utc

pytestmark = pytest.mark.requirement("A13")
NOTIFY = "http://localhost/payments/callback"


def notice(order: FeeOrder, transaction: str = "T1", amount: int | None = None) -> PaymentNotice:
    paid_at = datetime.now(UTC).replace(microsecond=0)
    return PaymentNotice(order.number, order.amount_fen if amount is None else amount, transaction, paid_at)


def body_admin(due) -> Actor:
    return Actor(Party.BODY, body_id=due.town.committee.id, name=due.town.committee.name)


def sms_texts(session) -> list[str]:
    return list(session.scalars(sa.select(Message.text).where(Message.channel == Channel.SMS).order_by(Message.id)))


def test_the_term_ends_with_the_last_second_of_the_nth_working_day_in_beijing(session, due):
    due.application.state = State.AWAITING_PAYMENT
    session.delete(due.order)
    session.flush()
    # Friday evening in London is Saturday in Beijing; seven working days later is Tuesday of the second week.
    order = fee_order(session, due.application, now=utc(2026, 11, 27, 20))
    assert order.due_at == utc(2026, 12, 8, 15, 59) + timedelta(seconds=59)


def test_the_applicant_is_told_amount_title_and_day_by_sms(session, due):
    day = due.order.due_at + timedelta(hours=8)
    assert sms_texts(session) == [
        f"请于{day:%Y-%m-%d}前登录平台扫码缴纳高级工程师评审费480.00元，逾期视为放弃。"
    ]


def test_no_order_is_opened_where_no_fee_is_asked(session, due):
    free = application(session, due.town, person(session, Role.APPLICANT, serial=2), state=State.READY, fee_fen=0)
    assert services.open_order(session, free, now=datetime.now(UTC)) is None


def test_the_first_payment_is_booked_and_moves_the_application(session, due):
    assert services.book(session, notice(due.order), now=datetime.now(UTC)) is Booking.BOOKED
    session.commit()
    session.expire_all()
    assert (due.order.status, due.application.state) == (OrderStatus.PAID, State.READY)
    assert due.application.holder_body_id == due.town.committee.id
    assert due.order.receipt_no == "PJ" + due.application.number
    assert sms_texts(session)[-1] == f"您已成功缴纳评审费480.00元，票据号{due.order.receipt_no}。"


def test_the_same_transaction_reported_again_changes_nothing(session, due):
    services.book(session, notice(due.order), now=datetime.now(UTC))
    session.commit()
    version = due.application.version
    assert services.book(session, notice(due.order), now=datetime.now(UTC)) is Booking.REPEATED
    session.commit()
    session.expire_all()
    assert due.application.version == version
    assert session.scalar(sa.select(sa.func.count()).select_from(Payment)) == 1


def test_a_second_payment_is_kept_for_its_refund_and_books_nothing(session, due):
    services.book(session, notice(due.order, "T1"), now=datetime.now(UTC))
    assert services.book(session, notice(due.order, "T2"), now=datetime.now(UTC)) is Booking.FOR_REFUND
    session.commit()
    rows = session.execute(sa.select(Payment.transaction_id, Payment.booked, Payment.refund_reason).order_by(Payment.id))
    assert rows.all() == [("T1", True, ""), ("T2", False, "paid_before")]
    moves = session.scalars(sa.select(HistoryRow.action).where(HistoryRow.application_id == due.application.id))
    assert list(moves) == [Action.SETTLE]


def test_another_amount_is_kept_for_its_refund_and_the_order_stays_due(session, due):
    assert services.book(session, notice(due.order, amount=1), now=datetime.now(UTC)) is Booking.FOR_REFUND
    session.commit()
    session.expire_all()
    assert (due.order.status, due.application.state) == (OrderStatus.DUE, State.AWAITING_PAYMENT)


def test_a_payment_of_a_lapsed_order_is_kept_for_its_refund(session, due, cashier):
    late = due.order.due_at + timedelta(seconds=1)
    assert services.lapse_overdue(session, cashier, now=late) == Lapsed(lapsed=1)
    assert services.book(session, notice(due.order), now=late) is Booking.FOR_REFUND
    session.commit()
    session.expire_all()
    assert (due.order.status, due.application.state) == (OrderStatus.LAPSED, State.LAPSED)


def test_the_transaction_of_another_order_is_refused(session, due):
    other = application(
        session, due.town, person(session, Role.APPLICANT, serial=2), state=State.AWAITING_PAYMENT
    )
    order = fee_order(session, other)
    services.book(session, notice(due.order, "T1"), now=datetime.now(UTC))
    with pytest.raises(ForeignTransaction):
        services.book(session, notice(order, "T1"), now=datetime.now(UTC))
    assert order.status is OrderStatus.DUE


def test_an_unknown_order_is_nobodys(session, due):
    with pytest.raises(NoSuchOrder):
        services.book(session, PaymentNotice("JF0", 1, "T", datetime.now(UTC)), now=datetime.now(UTC))


def test_a_payment_of_a_withdrawn_application_is_kept_for_its_refund(session, due):
    due.application.state, due.application.holder = State.WITHDRAWN, "nobody"
    session.commit()
    assert services.book(session, notice(due.order), now=datetime.now(UTC)) is Booking.FOR_REFUND
    session.commit()
    session.expire_all()
    assert due.order.status is OrderStatus.DUE and due.order.receipt_no is None


def test_the_workflow_refuses_to_settle_with_an_amount_that_is_not_the_orders(session, due):
    with pytest.raises(GuardRefused, match="amount_matches"):
        fire(
            session, due.application, Actor(Party.PAYMENT), Action.SETTLE, now=datetime.now(UTC),
            move=Move(amount_fen=47999),
        )


class TestCode:
    def renew(self, session, due, cashier, now):
        services.renew_code(session, due.order, cashier, subject="评审费", notify_url=NOTIFY, now=now)

    def test_a_code_lives_fifteen_minutes_and_is_kept_while_it_does(self, session, due, cashier):
        now = due.order.created_at
        self.renew(session, due, cashier, now)
        assert due.order.code_expires_at == now + timedelta(minutes=15)
        self.renew(session, due, cashier, now + timedelta(minutes=14))
        assert due.order.code_expires_at == now + timedelta(minutes=15)

    def test_an_expired_code_is_renewed(self, session, due, cashier):
        now = due.order.created_at
        self.renew(session, due, cashier, now)
        self.renew(session, due, cashier, now + timedelta(minutes=15))
        assert due.order.code_expires_at == now + timedelta(minutes=30)

    def test_no_code_outlives_the_term(self, session, due, cashier):
        self.renew(session, due, cashier, due.order.due_at - timedelta(minutes=1))
        assert due.order.code_expires_at == due.order.due_at

    def test_none_is_shown_after_the_term(self, session, due, cashier):
        with pytest.raises(NotDue):
            self.renew(session, due, cashier, due.order.due_at)

    def test_none_is_shown_for_a_paid_order(self, session, due, cashier):
        services.book(session, notice(due.order), now=datetime.now(UTC))
        with pytest.raises(NotDue):
            self.renew(session, due, cashier, datetime.now(UTC))

    def test_a_provider_that_was_paid_unnoticed_is_believed(self, session, due, cashier):
        self.renew(session, due, cashier, datetime.now(UTC))
        cashier.pay(due.order.number)
        with pytest.raises(NotDue):
            self.renew(session, due, cashier, due.order.code_expires_at)
        assert due.order.status is OrderStatus.PAID


class TestReconciling:
    @pytest.fixture(autouse=True)
    def shown(self, session, due, cashier):
        services.renew_code(
            session, due.order, cashier, subject="评审费", notify_url=NOTIFY, now=datetime.now(UTC)
        )
        session.commit()

    def test_a_lost_callback_heals(self, session, due, cashier):
        cashier.pay(due.order.number)
        assert services.reconcile(session, cashier, due.order, now=datetime.now(UTC)) is Booking.BOOKED
        assert due.order.status is OrderStatus.PAID

    def test_nothing_paid_is_nothing_booked(self, session, due, cashier):
        assert services.reconcile(session, cashier, due.order, now=datetime.now(UTC)) is None

    def test_the_end_of_the_term_takes_nothing_from_who_paid_in_time(self, session, due, cashier):
        cashier.pay(due.order.number)
        late = due.order.due_at + timedelta(hours=1)
        assert services.lapse_overdue(session, cashier, now=late) == Lapsed(paid=1)
        assert due.application.state is State.READY

    def test_no_term_ends_while_the_provider_is_away(self, session, due, cashier, monkeypatch):
        def away(number):
            raise PaymentUnavailable("away")

        monkeypatch.setattr(type(cashier), "query", lambda self, number: away(number))
        late = due.order.due_at + timedelta(hours=1)
        assert services.lapse_overdue(session, cashier, now=late) == Lapsed(unknown=1)
        assert due.application.state is State.AWAITING_PAYMENT

    def test_the_job_books_what_was_paid_unnoticed(self, app, session, due, cashier):
        from app.jobs.payments import reconcile_due

        cashier.pay(due.order.number)
        with app.app_context():
            assert reconcile_due() == 1
        session.expire_all()
        assert due.application.state is State.READY

    def test_the_job_bears_a_provider_that_is_away(self, app, due, cashier, monkeypatch):
        from app.jobs.payments import reconcile_due

        def away(*arguments):
            raise RedisAway("away")

        monkeypatch.setattr(type(cashier), "_row", away)
        with app.app_context():
            assert reconcile_due() == 0


def test_nothing_lapses_before_its_last_second(session, due, cashier):
    assert services.lapse_overdue(session, cashier, now=due.order.due_at - timedelta(seconds=1)) == Lapsed()


def test_a_waived_fee_moves_the_application_and_names_the_reason(session, due):
    services.waive(session, due.order, body_admin(due), reason="困难家庭", now=datetime.now(UTC))
    session.commit()
    assert (due.order.status, due.order.waiver_reason) == (OrderStatus.WAIVED, "困难家庭")
    assert due.application.state is State.READY


def test_a_paid_fee_is_not_waived(session, due):
    services.book(session, notice(due.order), now=datetime.now(UTC))
    with pytest.raises(NotDue):
        services.waive(session, due.order, body_admin(due), reason="困难家庭", now=datetime.now(UTC))


def test_a_restored_application_gets_a_new_order_with_a_new_term(session, due, cashier):
    late = due.order.due_at + timedelta(days=3)
    services.lapse_overdue(session, cashier, now=late)
    services.restore(session, due.order, body_admin(due), reason="住院", now=late)
    session.commit()
    fresh = latest_of(session, due.application)
    assert fresh.number == f"JF{due.application.number}-2"
    assert fresh.status is OrderStatus.DUE and fresh.due_at > late
    assert due.application.state is State.AWAITING_PAYMENT
    assert services.book(session, notice(fresh), now=late) is Booking.BOOKED


