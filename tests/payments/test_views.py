from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.accounts.roles import Role
from app.gateways.documents import DocumentError
from app.gateways.documents.memory import RecordingPrinter
from app.gateways.payment import PaymentNotice, PaymentUnavailable
from app.payments.models import OrderStatus, Payment
from app.workflow.states import State
from tests.factories import application, csrf, fee_order, log_in, person, post_form

pytestmark = pytest.mark.requirement("A13")


@pytest.fixture
def applicant(client, session, due):
    return log_in(client, session, due.applicant)


@pytest.fixture
def clerk(app, session, due):
    admin = person(session, Role.BODY_ADMIN, body_id=due.town.committee.id)
    return log_in(app.test_client(), session, admin)


def pay_path(due) -> str:
    return f"/my/{due.application.number}/pay/"


def callback(client, headers, body):
    return client.post("/payments/callback", data=body, headers=headers)


def test_the_page_shows_amount_order_payee_and_code(applicant, due, app):
    answer = applicant.get(pay_path(due))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    for words in ("480.00", "二维码还剩", due.order.number, app.config["SITE_SPONSOR"], "在本机支付", "等待支付"):
        assert words in answer.text


def test_the_code_is_a_picture_that_nobody_keeps(applicant, due):
    applicant.get(pay_path(due))
    answer = applicant.get(pay_path(due) + "code.svg")
    assert answer.mimetype == "image/svg+xml" and answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"<?xml") and b"<svg" in answer.data


@pytest.mark.parametrize("part", ["", "code.svg", "status/"])
def test_nobody_opens_the_payment_of_another(app, session, due, part):
    other = log_in(app.test_client(), session, person(session, Role.APPLICANT, serial=2))
    assert other.get(pay_path(due) + part).status_code == 404


def test_there_is_no_payment_page_while_nothing_is_due(applicant, session, due):
    draft = application(session, due.town, due.applicant, state=State.DRAFT, year=2020)
    session.commit()
    assert applicant.get(f"/my/{draft.number}/pay/").status_code == 404


def test_the_page_follows_the_payment_and_shows_the_receipt(applicant, session, due, cashier, client):
    applicant.get(pay_path(due))
    waiting = applicant.get(pay_path(due) + "status/")
    assert "X-Poll" not in waiting.headers and "等待支付" in waiting.text
    assert callback(client, *cashier.pay(due.order.number)).text == "OK"
    assert applicant.get(pay_path(due) + "status/").headers["X-Poll"] == "reload"
    done = applicant.get(pay_path(due)).text
    assert "缴费成功" in done and "PJ" + due.application.number in done and "code.svg" not in done


def test_the_code_has_a_countdown_by_the_servers_clock_and_the_link_for_this_phone(applicant, session, due, clock):
    applicant.get(pay_path(due))
    session.refresh(due.order)
    clock.set(due.order.code_expires_at - timedelta(minutes=5, seconds=30))  # it goes on from there
    page = applicant.get(pay_path(due)).text
    assert re.search(r'<b class="num" data-left="32[5-9]">5 分 2[5-9] 秒</b>', page)
    assert f'<a class="btn btn-primary btn-l" href="{due.order.code_url}">'.replace("&", "&amp;") in page


def test_a_paid_fee_has_a_receipt_and_another_has_none(applicant, session, due, cashier, client, app, monkeypatch):
    path = pay_path(due) + "receipt.pdf"
    early = applicant.get(path, follow_redirects=True)
    assert early.request.path == pay_path(due) and "这笔费用现在没有缴费凭据。" in early.text
    applicant.get(pay_path(due))
    callback(client, *cashier.pay(due.order.number))
    printer = RecordingPrinter()
    monkeypatch.setattr(app.extensions["gateways"], "documents", printer)
    answer = applicant.get(path)
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
    [(_name, said)] = printer.printed
    assert (said.payer, said.amount_fen, said.receipt_number, said.order_number) == (
        "梁小燕", 48000, "PJ" + due.application.number, due.order.number,
    )  # fmt: skip
    assert said.transaction == session.scalar(sa.select(Payment.transaction_id))
    printer.fail_with = DocumentError("no font")
    refused = applicant.get(path, follow_redirects=True)
    assert refused.status_code == 200 and "现在不能生成打印件" in refused.text and "缴费成功" in refused.text


def test_reopening_after_payment_asks_for_no_second_code(applicant, due, cashier, client, monkeypatch):
    applicant.get(pay_path(due))
    callback(client, *cashier.pay(due.order.number))
    monkeypatch.setattr(type(cashier), "create_order", lambda *_a, **_k: pytest.fail("a second order"))
    for _ in range(2):
        page = applicant.get(pay_path(due)).text
        assert "缴费成功" in page and "在本机支付" not in page and "receipt.pdf" in page
    assert applicant.get(pay_path(due) + "code.svg").status_code == 404


SAID = {
    OrderStatus.WAIVED: "评审机构已为您办理免缴，不需要付款。", OrderStatus.LAPSED: "缴费期限已过，不能再付款。",
    OrderStatus.CANCELLED: "申报已经撤回，这笔费用不用再缴。", OrderStatus.REFUND_DUE: "评审费正在原路退回",
    OrderStatus.REFUND_FAILED: "评审费正在原路退回", OrderStatus.REFUNDED: "这笔费用已经退还。",
}  # fmt: skip


def test_every_other_state_of_the_fee_is_said_in_words_and_asks_for_no_money(applicant, session, due):
    for status, sentence in SAID.items():
        due.order.status = status
        session.commit()
        page = applicant.get(pay_path(due)).text
        assert sentence in page and "在本机支付" not in page and "code.svg" not in page, status


def test_the_page_notices_a_payment_whose_callback_was_lost(applicant, session, due, cashier):
    applicant.get(pay_path(due))
    cashier.pay(due.order.number)
    assert applicant.get(pay_path(due) + "status/").headers["X-Poll"] == "reload"
    session.refresh(due.order)
    assert due.order.status is OrderStatus.PAID


def test_an_expired_code_is_renewed_when_the_page_is_opened_again(applicant, session, due, clock):
    applicant.get(pay_path(due))
    clock.advance(minutes=16)
    assert applicant.get(pay_path(due) + "status/").headers["X-Poll"] == "reload"
    applicant.get(pay_path(due))
    session.refresh(due.order)
    assert due.order.code_expires_at > clock.now()


def test_a_provider_that_is_away_is_said_and_the_page_stays_useful(applicant, due, cashier, monkeypatch):
    def away(*arguments, **named):
        raise PaymentUnavailable("away")

    monkeypatch.setattr(type(cashier), "create_order", away)
    answer = applicant.get(pay_path(due))
    assert answer.status_code == 200 and "支付平台暂时连不上" in answer.text and "重试" in answer.text


def test_after_the_term_the_page_says_whom_to_ask(applicant, due, clock):
    clock.advance(days=40)
    text = applicant.get(pay_path(due)).text
    assert "缴费期限已过" in text and "code.svg" not in text


class TestCallback:
    @pytest.fixture
    def signed(self, applicant, due, cashier):
        applicant.get(pay_path(due))
        return cashier.pay(due.order.number)

    def test_a_repeat_gets_success_and_is_booked_once(self, client, session, due, signed):
        assert [callback(client, *signed).status_code for _ in range(2)] == [200, 200]
        assert session.scalar(sa.select(sa.func.count()).select_from(Payment)) == 1

    def test_a_changed_amount_is_forged(self, client, session, due, signed):
        headers, body = signed
        assert callback(client, headers, body.replace(b"48000", b"48001")).status_code == 400
        assert session.get(type(due.order), due.order.id).status is OrderStatus.DUE

    def test_without_a_signature_it_is_refused(self, client, due, signed):
        assert callback(client, {"Content-Type": "application/json"}, signed[1]).status_code == 400

    def test_a_stale_one_is_refused(self, client, due, cashier):
        notice = PaymentNotice(due.order.number, 48000, "T1", datetime.now(UTC))
        from dataclasses import replace

        old = replace(cashier, clock=lambda: datetime.now(UTC) - timedelta(minutes=6))
        assert callback(client, *old.signed(notice)).status_code == 400

    def test_an_unknown_order_is_not_found(self, client, due, cashier):
        notice = PaymentNotice("JF-NONE", 48000, "T1", datetime.now(UTC).replace(microsecond=0))
        assert callback(client, *cashier.signed(notice)).status_code == 404

    def test_the_payment_of_another_order_is_refused(self, client, session, due, cashier, signed):
        callback(client, *signed)
        other = application(
            session, due.town, person(session, Role.APPLICANT, serial=2), state=State.AWAITING_PAYMENT
        )
        order = fee_order(session, other)
        session.commit()
        transaction = session.scalar(sa.select(Payment.transaction_id))
        notice = PaymentNotice(order.number, 48000, transaction, datetime.now(UTC).replace(microsecond=0))
        assert callback(client, *cashier.signed(notice)).status_code == 400
        session.refresh(order)
        assert order.status is OrderStatus.DUE

    def test_a_huge_body_is_refused(self, client, due):
        assert callback(client, {}, b"x" * (65 * 1024)).status_code == 413

    def test_it_is_not_read_by_get(self, client, due):
        assert client.get("/payments/callback").status_code == 405


class TestCashier:
    @pytest.fixture
    def address(self, applicant, session, due):
        applicant.get(pay_path(due))
        session.refresh(due.order)
        return due.order.code_url.removeprefix("http://localhost")

    def test_a_stranger_without_the_code_finds_nothing(self, client, due, address):
        assert client.get(address.split("?")[0]).status_code == 404
        assert client.get(address + "x").status_code == 404

    def test_it_exists_in_the_demonstration_only(self, client, due, address, app, monkeypatch):
        assert client.get(address).status_code == 200
        monkeypatch.setitem(app.config, "DEMO", False)
        assert client.get(address).status_code == 404

    def test_it_exists_for_the_simulated_provider_only(self, client, address, app, monkeypatch):
        monkeypatch.setitem(app.config, "PAYMENT", "other")
        assert client.get(address).status_code == 404

    def test_a_callback_that_reaches_nobody_is_said(self, app, due, address):
        visitor = app.test_client()  # nothing listens at http://localhost/payments/callback
        path, query = address.split("?")
        answer = post_form(visitor, f"{path}/pay?{query}", page=address)
        assert answer.status_code == 200 and "通知没有送达" in answer.text

    def test_paying_twice_books_once(self, app, session, due, applicant, live_server):
        applicant.get(pay_path(due))
        session.refresh(due.order)
        address = due.order.code_url.removeprefix(live_server)
        path, query = address.split("?")
        visitor = app.test_client()
        first = post_form(visitor, f"{path}/pay?{query}", page=address)
        assert "付款成功，已通知平台" in first.text
        second = post_form(visitor, f"{path}/pay?{query}", page=address, again="1")
        assert "不会重复入账" in second.text
        booked = session.scalars(sa.select(Payment.booked).order_by(Payment.id)).all()
        assert booked == [True, False]
        session.refresh(due.application)
        assert due.application.state is State.READY


class TestFees:
    def test_the_body_sees_the_orders_of_its_applications(self, clerk, due):
        text = clerk.get("/fees/list/").text
        assert due.order.number in text and "梁小燕" in text and "480.00" in text and "待缴费" in text

    def test_another_body_sees_none(self, app, session, due):
        from app.review_bodies.models import ReviewBody

        foreign = ReviewBody(code="X", name="其他评委会", parent_id=due.town.office.id)
        session.add(foreign)
        session.flush()
        stranger = log_in(app.test_client(), session, person(session, Role.BODY_ADMIN, body_id=foreign.id))
        assert due.order.number not in stranger.get("/fees/list/").text
        assert stranger.get(f"/fees/{due.order.number}/").status_code == 404

    def test_a_fee_is_waived_with_a_reason(self, clerk, session, due):
        path = f"/fees/{due.order.number}/"
        answer = post_form(clerk, path + "waive/", page=path, reason="困难家庭")
        assert answer.status_code == 302
        session.refresh(due.application)
        assert due.application.state is State.READY

    def test_without_a_reason_nothing_is_waived_and_it_is_said(self, clerk, session, due):
        path = f"/fees/{due.order.number}/"
        answer = post_form(clerk, path + "waive/", page=path, reason="  ")
        assert "请写明理由" in answer.text
        session.refresh(due.application)
        assert due.application.state is State.AWAITING_PAYMENT

    def test_a_fee_paid_meanwhile_is_not_waived(self, clerk, client, session, due, cashier):
        path = f"/fees/{due.order.number}/"
        token = csrf(clerk, path)
        notice = PaymentNotice(due.order.number, 48000, "T1", datetime.now(UTC).replace(microsecond=0))
        callback(client, *cashier.signed(notice))
        answer = clerk.post(
            path + "waive/", data={"csrf_token": token, "reason": "困难家庭"}, follow_redirects=True
        )
        assert "现在不能这样办理" in answer.text and "已入账" in answer.text

    def test_a_reviewer_reads_but_does_not_waive(self, app, session, due):
        reader = log_in(
            app.test_client(), session, person(session, Role.BODY_REVIEWER, body_id=due.town.committee.id)
        )
        path = f"/fees/{due.order.number}/"
        assert reader.get(path).status_code == 200
        assert reader.post(path + "waive/", data={"csrf_token": csrf(reader, path)}).status_code == 403

    @pytest.mark.parametrize("rows", [1, 30])
    def test_the_grid_needs_at_most_eight_statements(self, clerk, session, due, database, rows):
        for serial in range(2, rows + 1):
            who = person(session, Role.APPLICANT, serial=serial)
            fee_order(session, application(session, due.town, who, state=State.AWAITING_PAYMENT))
        session.commit()
        clerk.get("/fees/list/")
        seen: list[str] = []
        sa.event.listen(database.engine, "before_cursor_execute", lambda *a: seen.append(a[2]), named=False)
        answer = clerk.get("/fees/list/")
        assert answer.text.count('data-label="缴费单号"') == min(rows, 25)
        assert len(seen) <= 8, seen
