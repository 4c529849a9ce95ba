"""申请撤回申报: the applicant asks, the body answers, and the fee ends with the application."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.accounts.roles import Role
from app.applications import withdrawing
from app.applications.models import HistoryRow, RouteStep, WithdrawalRequest
from app.applications.services import Stale, fire
from app.gateways.payment import PaymentUnavailable, RefundRefused, RefundState, RefundStatus
from app.jobs.payments import end_withdrawn
from app.meetings import services as meetings
from app.meetings.queries import candidates_of
from app.messages.models import Channel, Message
from app.payments import services
from app.payments.models import FeeOrder, OrderStatus, Payment
from app.workflow.actions import Action
from app.workflow.actor import Actor
from app.workflow.case import Move
from app.workflow.machine import GuardRefused, NotHolder, NotOffered
from app.workflow.states import Party, State
from tests.factories import application, csrf, log_in, person, post_form

pytestmark = pytest.mark.requirement("A13", "A11")
NOW = datetime.now(UTC)
WHY, NOT_NOW, AGREED = "工作调动，不再参加评审。", "材料已开始评议，请说明调动的证明。", "情况属实，同意撤回。"


def body(due) -> Actor:
    return Actor(Party.BODY, body_id=due.town.committee.id, name=due.town.committee.name)


def applicant(due) -> Actor:
    return Actor(Party.APPLICANT, person_id=due.applicant.id, name=due.applicant.name)


def ask(session, due, reason: str = WHY) -> WithdrawalRequest:
    asked = withdrawing.ask_withdrawal(
        session, due.application, applicant(due), reason=reason, version=due.application.version, now=NOW
    )
    session.commit()
    return asked


def withdraw(session, due) -> None:
    fire(session, due.application, body(due), Action.WITHDRAW, now=NOW, move=Move(reason=AGREED))
    session.commit()


def pay(app, session, due) -> None:
    """At the cashier, and booked."""
    gateway = app.extensions["gateways"].payment
    services.renew_code(session, due.order, gateway, subject="评审费", notify_url="http://localhost/", now=NOW)
    session.commit()
    gateway.pay(due.order.number)
    services.reconcile(session, gateway, due.order, now=NOW)
    session.commit()


def convene(session, due):
    meeting = meetings.plan(
        session, body(due), name="评审会", held_on=date(2026, 12, 18), place="三楼", members_expected=9, now=NOW
    )
    meetings.convene(session, meeting, [due.application], body(due), now=NOW)
    session.commit()
    return meeting


def texts(session, who, channel: Channel) -> list[str]:
    return list(
        session.scalars(
            sa.select(Message.text).where(Message.person_id == who.id, Message.channel == channel).order_by(Message.id)
        )
    )


@pytest.fixture
def reviewer(session, due):
    return person(session, Role.BODY_REVIEWER, body_id=due.town.committee.id, name="石审核")


@pytest.fixture
def staff(app, session, reviewer):
    return log_in(app.test_client(), session, reviewer)


@pytest.fixture
def own(client, session, due):
    return log_in(client, session, due.applicant)


def progress(due) -> str:
    return f"/my/{due.application.number}/progress/"


def review(due) -> str:
    return f"/review/{due.application.number}"


def send(own, session, due, reason: str = WHY):
    session.expire_all()
    return post_form(
        own, f"/my/{due.application.number}/ask-withdrawal/", page=progress(due), withdrawal_reason=reason,
        version=str(due.application.version),
    )


def decide(staff, session, due, action: str, reason: str):
    session.expire_all()
    fields = {"version": str(due.application.version), f"reason_{action}": reason}
    return post_form(staff, f"{review(due)}/{action}", page=review(due), **fields)


def test_an_applicant_asks_is_declined_asks_again_is_withdrawn_and_gets_the_fee_back(
    app, session, due, own, staff, reviewer, run_jobs
):
    pay(app, session, due)
    page = own.get(progress(due)).text
    assert "申请撤回申报" in page and "本年度这份申报结束" in page and "现在撤回的，已缴的评审费原路退回" in page

    assert send(own, session, due).status_code == 302
    page = own.get(progress(due)).text
    assert "待评审机构答复" in page and WHY in page and "提交撤回申请" not in page
    assert "等评审机构答复您的撤回申请" in page
    assert texts(session, reviewer, Channel.SITE) == ["梁小燕申请撤回高级工程师申报，请同意或不同意。"]
    assert texts(session, reviewer, Channel.SMS) == []
    home = staff.get("/body/").text
    assert "1 人申请撤回申报" in home and "/body/review/list/?tab=withdrawal" in home
    assert due.application.number in staff.get("/body/review/list/?tab=withdrawal").text
    page = staff.get(review(due)).text
    assert WHY in page and "撤回申报的理由" in page and "不同意撤回的理由" in page and "已缴的评审费会原路退回" in page

    assert decide(staff, session, due, "decline_withdrawal", NOT_NOW).status_code == 302
    page = own.get(progress(due)).text
    assert "不同意撤回" in page and NOT_NOW in page and "提交撤回申请" in page
    assert texts(session, due.applicant, Channel.SITE)[-1] == (
        "您的高级工程师撤回申请未获同意，申报继续办理，理由见平台。"
    )
    assert "申请撤回申报：" not in staff.get(review(due)).text and "人申请撤回申报" not in staff.get("/body/").text

    assert send(own, session, due, "附上调动证明，请再考虑。").status_code == 302
    assert decide(staff, session, due, "withdraw", AGREED).status_code == 302
    session.expire_all()
    assert due.application.state is State.WITHDRAWN
    run_jobs()
    session.expire_all()
    assert due.order.status is OrderStatus.REFUNDED
    cashier = app.extensions["gateways"].payment
    assert cashier.query(due.order.number).status.value == "refunded"
    assert texts(session, due.applicant, Channel.SMS)[-2:] == [
        "您的高级工程师申报已按您的申请撤回，本年度这份申报结束；评审费的处理见平台。",
        "您缴纳的评审费480.00元已原路退回，请留意到账。",
    ]
    unit = sa.select(Message.text).where(Message.unit_id == due.application.unit_id)
    assert session.scalars(unit).all() == ["梁小燕的高级工程师申报已按本人申请撤回，不再办理。"]
    chain = session.execute(
        sa.select(HistoryRow.from_state, HistoryRow.to_state, HistoryRow.reason).order_by(HistoryRow.version)
    ).all()
    assert [tuple(row) for row in chain] == [
        (State.AWAITING_PAYMENT, State.READY, ""), (State.READY, State.WITHDRAWN, AGREED),
    ]
    requests = session.scalars(sa.select(WithdrawalRequest).order_by(WithdrawalRequest.id)).all()
    assert [(each.granted, each.answer) for each in requests] == [(False, NOT_NOW), (True, AGREED)]
    page = own.get(progress(due)).text
    assert "已同意撤回" in page and AGREED in page and "费用原路退回" in page and "提交撤回申请" not in page
    assert "这笔费用已经退还" in own.get(f"/my/{due.application.number}/pay/").text
    assert "已退费" in staff.get("/fees/list/?tab=refund").text
    assert "已退款" in staff.get(f"/fees/{due.order.number}/").text


def test_a_second_request_while_one_waits_gets_a_sentence(session, due, own):
    ask(session, due)
    answer = send(own, session, due, "再问一次。")
    assert answer.status_code == 422 and "您已经申请过撤回，请等待评审机构答复。" in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(WithdrawalRequest)) == 1
    session.add(WithdrawalRequest(application_id=due.application.id, reason="x", asked_at=NOW))
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_request_or_an_answer_without_a_reason_keeps_the_page_and_says_so(session, due, own, staff):
    answer = send(own, session, due, "  ")
    assert answer.status_code == 422 and "请填写原因。" in answer.text
    assert '<a href="#withdrawal_reason">请填写原因。</a>' in answer.text and '<details class="card__b decide" open>' in answer.text
    ask(session, due)
    for action in ("withdraw", "decline_withdrawal"):
        answer = decide(staff, session, due, action, " ")
        assert answer.status_code == 409 and "请填写理由。" in answer.text
    session.expire_all()
    assert due.application.state is State.AWAITING_PAYMENT


def test_what_was_typed_on_an_older_page_is_kept_and_refused(session, due, own, staff):
    ask(session, due)
    old = str(due.application.version - 1)
    answer = post_form(
        staff, f"{review(due)}/decline_withdrawal", page=review(due), version=old, reason_decline_withdrawal=NOT_NOW
    )
    assert answer.status_code == 409 and NOT_NOW in answer.text and "材料已被他人处理" in answer.text
    token = csrf(staff, review(due))
    sent = {"csrf_token": token, "version": "x", "reason_decline_withdrawal": NOT_NOW}
    assert staff.post(f"{review(due)}/decline_withdrawal", data=sent).status_code == 400


def test_a_foreign_application_is_not_found(app, session, due):
    ask(session, due)
    other = log_in(app.test_client(), session, person(session, Role.APPLICANT, serial=2))
    strange = due.town.district  # has not reached it
    session.execute(sa.delete(RouteStep).where(RouteStep.body_id == strange.id))
    clerk = log_in(app.test_client(), session, person(session, Role.BODY_REVIEWER, body_id=strange.id))
    unit = log_in(app.test_client(), session, person(session, Role.UNIT_ADMIN, unit_id=due.town.unit.id))
    path = f"/my/{due.application.number}/ask-withdrawal/"
    assert other.post(path, data={"csrf_token": csrf(other, "/me/password/")}).status_code == 404
    for action in ("withdraw", "decline_withdrawal"):
        token = csrf(clerk, "/me/password/")
        assert clerk.post(f"{review(due)}/{action}", data={"csrf_token": token, "version": "2"}).status_code == 404
        token = csrf(unit, "/me/password/")
        assert unit.post(f"{review(due)}/{action}", data={"csrf_token": token, "version": "2"}).status_code == 403


def test_without_a_request_nobody_withdraws_and_no_button_is_drawn(session, due, staff):
    page = staff.get(review(due)).text
    assert "撤回申报" not in page and "不同意撤回" not in page
    with pytest.raises(GuardRefused, match="withdrawal_requested"):
        fire(session, due.application, body(due), Action.WITHDRAW, now=NOW, move=Move(reason=AGREED))
    session.rollback()
    with pytest.raises(GuardRefused, match="withdrawal_requested"):
        withdrawing.decline_withdrawal(
            session, due.application, body(due), reason=NOT_NOW, version=due.application.version, now=NOW
        )


def test_a_declined_request_no_longer_lets_a_body_withdraw(session, due):
    ask(session, due)
    withdrawing.decline_withdrawal(
        session, due.application, body(due), reason=NOT_NOW, version=due.application.version, now=NOW
    )
    session.commit()
    with pytest.raises(GuardRefused, match="withdrawal_requested"):
        fire(session, due.application, body(due), Action.WITHDRAW, now=NOW, move=Move(reason=AGREED))


def test_only_the_applicant_asks_and_only_the_body_whose_business_it_is_answers(session, due):
    district = Actor(Party.BODY, body_id=due.town.district.id, name="城中区职改办")
    for who in (district, body(due), Actor(Party.APPLICANT, person_id=due.applicant.id + 1)):
        with pytest.raises(NotHolder):
            withdrawing.ask_withdrawal(session, due.application, who, reason=WHY, version=1, now=NOW)
    ask(session, due)
    with pytest.raises(NotHolder):
        fire(session, due.application, district, Action.WITHDRAW, now=NOW, move=Move(reason=AGREED))
    session.rollback()
    with pytest.raises(NotOffered):
        withdrawing.decline_withdrawal(
            session, due.application, district, reason=NOT_NOW, version=due.application.version, now=NOW
        )


@pytest.mark.parametrize("state", [State.DRAFT, State.UNIT_REVIEW, State.PASSED, State.CERTIFIED, State.WITHDRAWN])
def test_in_other_states_there_is_no_form_and_no_request(session, due, own, state):
    row = application(session, due.town, due.applicant, state=state, extra_granted=True)
    session.commit()
    assert "申请撤回申报" not in own.get(f"/my/{row.number}/progress/").text
    with pytest.raises(NotOffered):
        withdrawing.ask_withdrawal(session, row, applicant(due), reason=WHY, version=row.version, now=NOW)


def test_a_request_moves_nothing_and_only_an_older_version_is_stale(session, due):
    version = due.application.version
    with pytest.raises(Stale):
        withdrawing.ask_withdrawal(session, due.application, applicant(due), reason=WHY, version=version - 1, now=NOW)
    ask(session, due)
    session.expire_all()
    assert (due.application.version, due.application.state) == (version, State.AWAITING_PAYMENT)
    assert session.scalar(sa.select(sa.func.count()).select_from(HistoryRow)) == 0


def test_a_request_is_overtaken_when_the_application_goes_back(session, due, own):
    row = application(session, due.town, due.applicant, state=State.BODY_REVIEW, extra_granted=True)
    asked = withdrawing.ask_withdrawal(session, row, applicant(due), reason=WHY, version=row.version, now=NOW)
    district = Actor(Party.BODY, body_id=due.town.district.id, name="城中区职改办")
    fire(session, row, district, Action.RETURN_TO_UNIT, now=NOW, move=Move(reason="缺考核"))
    session.commit()
    assert asked.answered_at is not None and asked.granted is None
    assert "材料已另行办理，这次申请不再处理" in own.get(f"/my/{row.number}/progress/").text


def test_an_order_that_was_due_is_closed_and_its_page_asks_for_nothing(session, due, own, run_jobs):
    path = f"/my/{due.application.number}/pay/"
    assert "缴费二维码" in own.get(path).text
    session.refresh(due.order)
    ask(session, due)
    withdraw(session, due)
    page = own.get(path).text
    assert "这笔费用不用再缴" in page and "缴费二维码" not in page
    assert own.get(path + "code.svg").status_code == 404
    run_jobs()
    session.expire_all()
    assert due.order.status is OrderStatus.CANCELLED
    assert "这笔费用不用再缴" in own.get(path).text


def test_a_payment_whose_callback_was_lost_is_refunded_too(app, session, due, own, cashier, run_jobs):
    own.get(f"/my/{due.application.number}/pay/")
    session.refresh(due.order)
    cashier.pay(due.order.number)
    ask(session, due)
    withdraw(session, due)
    run_jobs()
    session.expire_all()
    assert due.order.status is OrderStatus.REFUNDED
    assert session.scalar(sa.select(Payment.booked)) is False


def test_who_was_in_a_meeting_leaves_it_and_gets_no_refund(app, session, due, own, staff, run_jobs):
    pay(app, session, due)
    meeting = convene(session, due)
    assert "评审费不退" in own.get(progress(due)).text
    ask(session, due)
    assert "已列入评审会议的，评审费不退" in staff.get(review(due)).text
    withdraw(session, due)
    run_jobs()
    session.expire_all()
    assert list(candidates_of(session, meeting)) == []
    assert due.order.status is OrderStatus.PAID
    assert "撤回时已列入评审会议，评审费不退" in own.get(progress(due)).text
    assert "评审费不退" in own.get(f"/my/{due.application.number}/pay/").text
    assert "评审费不退" in staff.get(f"/fees/{due.order.number}/").text


def refuse(self, *arguments):
    raise RefundRefused("JF", "closed account")


def away(self, *arguments):
    raise PaymentUnavailable("away")


def accept(self, number, transaction, amount, reason):
    return RefundState(RefundStatus.ACCEPTED, "R1", amount)


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        (refuse, OrderStatus.REFUND_FAILED, "退费失败"), (away, OrderStatus.REFUND_DUE, "待退费"),
        (accept, OrderStatus.REFUND_DUE, "待退费"),
    ],
)
def test_a_refund_that_is_not_done_is_shown_and_tried_again_every_minute(
    app, session, due, own, staff, cashier, run_jobs, monkeypatch, answer, status, words
):
    pay(app, session, due)
    ask(session, due)
    with monkeypatch.context() as patched:
        patched.setattr(type(cashier), "refund", answer)
        withdraw(session, due)
        run_jobs()
        with app.app_context():
            assert end_withdrawn() == 0
    session.expire_all()
    assert due.order.status is status
    assert words in staff.get("/fees/list/?tab=refund").text
    assert ("支付平台拒绝退费" if status is OrderStatus.REFUND_FAILED else "原路退费") in staff.get(
        f"/fees/{due.order.number}/"
    ).text
    assert "评审费正在原路退回" in own.get(f"/my/{due.application.number}/pay/").text
    with app.app_context():
        assert end_withdrawn() == 1
        assert end_withdrawn() == 0
    session.expire_all()
    assert due.order.status is OrderStatus.REFUNDED
    told = [text for text in texts(session, due.applicant, Channel.SMS) if "已原路退回" in text]
    assert len(told) == 1


def test_a_fee_that_nobody_withdrew_stays(app, session, due, own):
    pay(app, session, due)
    with app.app_context():
        assert end_withdrawn() == 0
    session.expire_all()
    assert session.scalars(sa.select(FeeOrder.status)).all() == [OrderStatus.PAID]
