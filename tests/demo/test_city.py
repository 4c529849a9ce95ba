"""The demonstration's city: complete, consistent, made once, and of nobody."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User
from sqlalchemy.orm import Session
from werkzeug.security import check_password_hash

from app.accounts.identity import check_digit
from app.accounts.models import Person
from app.accounts.roles import Role
from app.applications import checklist
from app.applications.models import Application, HistoryRow, RouteStep, Snapshot
from app.audit.services import broken_seals, seal_all
from app.demo.city import PASSWORD
from app.demo.commands import NotForProduction, prepare_demo
from app.extensions import db
from app.files.models import StoredFile
from app.messages.models import Channel, Message, MessageStatus
from app.review_bodies.models import Campaign, CampaignScope, ReviewBody
from app.units.models import Unit, UnitStatus
from app.workflow.states import Party, State
from tests.conftest import forget, use

LOGINS = (
    "demo-unit", "demo-unit2", "demo-district", "demo-committee", "demo-committee-admin", "demo-office", "demo-system",
    "demo-security", "demo-audit",
)


@pytest.fixture(scope="module")
def made(whole_app, database):
    """The application with the city, made once for all tests here; they only read."""
    database.restore()
    use(whole_app, database)
    with whole_app.app_context():
        assert prepare_demo(whole_app) is True
        db.session.remove()
    yield whole_app
    forget(whole_app)


@pytest.fixture
def town(made, database):
    use(made, database)
    with Session(database.engine) as opened:
        yield opened


@pytest.mark.requirement("M1")
def test_there_is_an_application_in_every_state_and_a_login_for_every_role(made, town):
    states = set(town.scalars(sa.select(Application.state)))
    assert states == set(State)
    assert 70 <= town.scalar(sa.select(sa.func.count()).select_from(Application)) <= 100
    users = town.scalars(sa.select(User).where(User.username.in_(LOGINS))).all()
    assert {user.username for user in users} == set(LOGINS)
    assert all(check_password_hash(user.password, PASSWORD) for user in users)
    held = {role.name for user in users for role in user.roles}
    assert held == {role.value for role in Role if role is not Role.APPLICANT}


@pytest.mark.requirement("M1")
def test_the_accounts_of_the_list_are_where_the_list_says(town):
    from app.accounts.phones import phone_digest
    from tests.factories import phone_number

    for serial, state in (
        (1, State.DRAFT), (2, State.RETURNED), (3, State.AWAITING_PAYMENT), (4, State.CERTIFIED), (5, State.UNIT_REVIEW),
        (9, State.BODY_REVIEW), (11, State.IN_MEETING), (12, State.PUBLICISED), (16, State.LAPSED),
        (32, State.WITHDRAWN), (34, State.DRAFT), (35, State.DRAFT),
    ):
        digest = phone_digest(phone_number(serial))
        person = town.scalar(sa.select(Person).where(Person.phone_digest == digest, Person.kind == Party.APPLICANT))
        rows = town.scalars(sa.select(Application.state).where(Application.applicant_id == person.id)).all()
        assert rows == [state], (serial, rows)


@pytest.mark.requirement("A6")
def test_who_is_almost_done_lacks_what_the_list_says_and_nothing_else(made, town):
    from app.accounts.phones import phone_digest
    from tests.factories import phone_number

    now = made.extensions["clock"].now()
    for serial, left in ((34, {"CASE", "SUMMARY"}), (35, {"TEACH", "SUMMARY"})):
        query = sa.select(Application).join(Person, Person.id == Application.applicant_id)
        application = town.scalars(query.where(Person.phone_digest == phone_digest(phone_number(serial)))).one()
        assert {each.section for each in checklist.read(town, application, now=now).missing} == left


@pytest.mark.requirement("A1")
def test_the_invented_people_have_valid_numbers_of_no_county(town):
    people = town.scalars(sa.select(Person).where(Person.kind == Party.APPLICANT)).all()
    assert 55 <= len(people) <= 70
    for person in people:
        assert person.id_no[:6] == "450299"
        assert check_digit(person.id_no[:17]) == person.id_no[17]
    assert len({person.name for person in people}) == len(people)


@pytest.mark.requirement("U4")
def test_every_history_is_one_chain_and_none_lies_in_the_future(made, town):
    rows = town.scalars(sa.select(HistoryRow).order_by(HistoryRow.application_id, HistoryRow.version)).all()
    now = made.extensions["clock"].now()
    chains: dict[int, list[HistoryRow]] = {}
    for row in rows:
        chains.setdefault(row.application_id, []).append(row)
    for chain in chains.values():
        assert chain[0].from_state is State.DRAFT
        for earlier, later in zip(chain, chain[1:], strict=False):
            assert earlier.to_state is later.from_state and earlier.at <= later.at <= now
    for application in town.scalars(sa.select(Application)):
        chain = chains.get(application.id, [])
        assert application.state is (chain[-1].to_state if chain else State.DRAFT)
        if application.submitted_at:
            assert town.scalar(sa.select(Snapshot.id).where(Snapshot.application_id == application.id)) is not None
            assert town.scalar(sa.select(RouteStep.id).where(RouteStep.application_id == application.id)) is not None


@pytest.mark.requirement("M1")
def test_campaigns_units_files_and_messages_are_there(made, town):
    campaigns = town.scalars(sa.select(Campaign)).all()
    now = made.extensions["clock"].now()
    assert sum(each.opens_at <= now < each.closes_at for each in campaigns) == 5
    assert min((each.closes_at - now).days for each in campaigns if each.closes_at > now) <= 3
    assert 0 in town.scalars(sa.select(CampaignScope.fee_fen)).all()
    statuses = [each.status for each in town.scalars(sa.select(Unit))]
    assert (statuses.count(UnitStatus.APPROVED), statuses.count(UnitStatus.PENDING), statuses.count(UnitStatus.REFUSED)) == (7, 2, 1)
    assert all(each.key for each in town.scalars(sa.select(Unit).where(Unit.status == UnitStatus.APPROVED)))
    assert town.scalar(sa.select(sa.func.count()).select_from(ReviewBody)) == 11
    storage = made.extensions["gateways"].storage
    files = town.scalars(sa.select(StoredFile)).all()
    assert len({each.storage_key for each in files}) == len(files) > 400
    for each in files[:20]:
        with storage.open(each.storage_key) as stream:
            assert len(stream.read()) == each.size
    waiting = sa.select(Message.id).where(Message.channel == Channel.SMS, Message.status != MessageStatus.SENT)
    assert town.scalar(waiting) is None


def test_it_is_made_once_and_never_where_it_is_switched_off(made, town):
    before = town.scalar(sa.select(sa.func.count()).select_from(Application))
    with made.app_context():
        assert prepare_demo(made) is False
    answer = made.test_cli_runner().invoke(args=["demo"])
    assert answer.exit_code == 0 and "已经在了" in answer.output
    town.expire_all()
    assert town.scalar(sa.select(sa.func.count()).select_from(Application)) == before
    made.config["DEMO"] = False
    try:
        with made.app_context(), pytest.raises(NotForProduction):
            prepare_demo(made)
        answer = made.test_cli_runner().invoke(args=["demo"])
        assert answer.exit_code == 1 and "正式环境不能生成演示数据" in answer.output
    finally:
        made.config["DEMO"] = True


@pytest.mark.requirement("M2")
def test_its_log_can_be_sealed_and_proved(made, town):
    with made.app_context():
        assert seal_all(db.session, now=made.extensions["clock"].now()) > 500
        assert broken_seals(db.session) == []
