"""The system and the security administrator: accounts, roles, permissions, and that they stay separate."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import Role as RoleRow
from flask_appbuilder.security.sqla.models import User
from werkzeug.security import check_password_hash

from app.accounts.models import LoginSession, Person
from app.accounts.roles import Role
from app.audit.models import AuditEntry
from app.messages.models import Message
from tests.factories import city, log_in, person
from tests.web.forms import post


@pytest.fixture
def system(client, session):
    return log_in(client, session, person(session, Role.SYSTEM_ADMIN))


@pytest.fixture
def security(client, session):
    return log_in(client, session, person(session, Role.SECURITY_ADMIN))


def role_id(session, role):
    return session.scalar(sa.select(RoleRow.id).where(RoleRow.name == role.value))


def roles_of(session, who):
    session.expire_all()
    user = session.scalar(sa.select(User).where(User.id == who.user_id))
    return {role.name for role in user.roles}


@pytest.mark.requirement("M1")
def test_the_system_administrator_closes_opens_and_unlocks_accounts(app, system, session, clock):
    who = person(session, Role.APPLICANT, serial=5)
    theirs = log_in(app.test_client(), session, who)
    assert theirs.get("/").status_code == 200
    who.failed_logins, who.locked_until = 5, clock.now()
    session.commit()
    assert post(system, "/users/list/", "/users/action_post", action="disable", rowid=[who.id]).status_code == 302
    session.expire_all()
    assert session.get(User, who.user_id).active is False
    assert session.scalars(sa.select(LoginSession.end_reason).where(LoginSession.person_id == who.id)).all() == ["disabled"]
    post(system, "/users/list/", "/users/action_post", action="enable", rowid=[who.id])
    post(system, "/users/list/", "/users/action_post", action="unlock", rowid=[who.id])
    session.expire_all()
    assert session.get(User, who.user_id).active is True
    assert (who.failed_logins, who.locked_until) == (0, None)
    assert session.scalars(sa.select(AuditEntry.verb).order_by(AuditEntry.id)).all() == ["disable", "enable", "unlock"]


@pytest.mark.requirement("M1")
def test_the_list_of_accounts_shows_no_number_in_clear(system, session):
    who = person(session, Role.APPLICANT, serial=5)
    session.commit()
    page = system.get("/users/list/").text
    assert who.phone_masked in page and who.id_no_masked in page
    assert who.phone not in page and who.id_no not in page


@pytest.mark.requirement("M1")
def test_nobody_closes_the_own_account(client, session):
    who = person(session, Role.SYSTEM_ADMIN)
    log_in(client, session, who)
    answer = post(client, "/users/list/", "/users/action_post", action="disable", rowid=[who.id])
    assert answer.status_code == 302
    session.expire_all()
    assert session.get(User, who.user_id).active is True
    assert "不能停用自己的账号" in client.get("/users/list/").text


@pytest.mark.requirement("M1")
def test_a_new_password_is_judged_and_ends_the_sessions(app, system, session):
    who = person(session, Role.APPLICANT, serial=5)
    theirs = log_in(app.test_client(), session, who)
    page = f"/account-password/{who.id}/"
    answer = post(system, page, password="12345678")
    assert answer.status_code == 200 and "密码须含字母" in answer.text
    assert post(system, page, password="Brand-new-77").status_code == 302
    session.expire_all()
    assert check_password_hash(session.get(User, who.user_id).password, "Brand-new-77")
    assert session.scalar(sa.select(LoginSession.end_reason).where(LoginSession.person_id == who.id)) == "password"
    assert session.scalar(sa.select(Message.template).where(Message.person_id == who.id)) == "PASSWORD_CHANGED"
    del theirs


@pytest.mark.requirement("M1", "M2")
def test_no_two_separated_administrators_in_one_account(security, session):
    who = person(session, Role.SYSTEM_ADMIN)
    session.commit()
    page = f"/account-roles/{who.id}/"
    both = [str(role_id(session, Role.SYSTEM_ADMIN)), str(role_id(session, Role.AUDIT_ADMIN))]
    answer = post(security, page, role=both)
    assert answer.status_code == 422
    assert "不能由同一个账号兼任" in answer.text
    assert roles_of(session, who) == {Role.SYSTEM_ADMIN.value}


@pytest.mark.requirement("M1")
def test_a_copied_role_is_as_separate_as_the_one_it_was_copied_from(security, session):
    who = person(session, Role.SYSTEM_ADMIN)
    session.commit()
    post(security, "/role/new", name="值班审计", copied_from=str(role_id(session, Role.AUDIT_ADMIN)))
    copied = session.scalar(sa.select(RoleRow.id).where(RoleRow.name == "值班审计"))
    answer = post(security, f"/account-roles/{who.id}/", role=[str(role_id(session, Role.SYSTEM_ADMIN)), str(copied)])
    assert answer.status_code == 422
    assert roles_of(session, who) == {Role.SYSTEM_ADMIN.value}
    assert "值班审计" in security.get("/roles/list/").text


@pytest.mark.requirement("M1")
def test_changed_roles_end_the_sessions_and_are_in_the_log(app, security, session):
    town = city(session)
    who = person(session, Role.UNIT_OPERATOR, unit_id=town.unit.id)
    log_in(app.test_client(), session, who)
    chosen = [str(role_id(session, Role.UNIT_OPERATOR)), str(role_id(session, Role.UNIT_ADMIN))]
    assert post(security, f"/account-roles/{who.id}/", role=chosen).status_code == 302
    assert roles_of(session, who) == {Role.UNIT_OPERATOR.value, Role.UNIT_ADMIN.value}
    assert session.scalar(sa.select(LoginSession.end_reason).where(LoginSession.person_id == who.id)) == "roles"
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.verb == "assign_roles"))
    assert entry.detail == {"added": [Role.UNIT_ADMIN.value], "removed": []}
    assert post(security, f"/account-roles/{who.id}/").status_code == 422
    foreign = str(role_id(session, Role.AUDIT_ADMIN))
    assert post(security, f"/account-roles/{who.id}/", role=[foreign]).status_code == 400


@pytest.mark.requirement("M1")
def test_a_permission_that_is_taken_away_closes_the_page_and_stays_away(app, security, session):
    town = city(session)
    who = person(session, Role.OFFICE_ADMIN, body_id=town.office.id)
    office = log_in(app.test_client(), session, who)
    assert office.get("/campaigns/list/").status_code == 200
    page = f"/role/{role_id(session, Role.OFFICE_ADMIN)}/"
    ticked = ticks(security.get(page).text)
    assert "can_list|CampaignGrid" in ticked
    kept = [each for each in ticked if not each.endswith("|CampaignGrid")]
    assert post(security, page, p=kept).status_code == 302
    office = log_in(app.test_client(), session, who)
    assert office.get("/campaigns/list/").status_code == 403
    assert "评审计划" not in office.get("/bodies/list/").text
    from app.accounts.rights import sync_roles

    sync_roles(session, app.extensions["screens"])
    session.commit()
    assert office.get("/campaigns/list/").status_code == 403
    post(security, page, p=ticked)
    office = log_in(app.test_client(), session, who)
    assert office.get("/campaigns/list/").status_code == 200
    assert "评审计划" in office.get("/bodies/list/").text


def ticks(page):
    import re

    return re.findall(r'name="p" value="([^"]+)" checked', page)


@pytest.mark.requirement("M1")
def test_the_security_administrator_is_not_locked_out(security, session):
    page = f"/role/{role_id(session, Role.SECURITY_ADMIN)}/"
    answer = post(security, page, p=["can_list|RoleGrid"])
    assert answer.status_code == 422
    assert "必须保留角色与权限页面" in answer.text
    assert security.get(page).status_code == 200


@pytest.mark.requirement("M1")
def test_no_role_becomes_two_separated_administrators(security, session):
    page = f"/role/{role_id(session, Role.SYSTEM_ADMIN)}/"
    ticked = ticks(security.get(page).text)
    answer = post(security, page, p=[*ticked, "can_list|AuditGrid"])
    assert answer.status_code == 422
    assert "不能由同一个账号兼任" in answer.text
    assert "can_list|AuditGrid" not in ticks(security.get(page).text)


@pytest.mark.requirement("M1")
def test_a_role_name_is_taken_once_and_an_unknown_permission_is_refused(security, session):
    answer = post(security, "/role/new", name=Role.APPLICANT.value, copied_from="")
    assert answer.status_code == 200 and "已有这个名称的角色" in answer.text
    page = f"/role/{role_id(session, Role.APPLICANT)}/"
    for value in ("can_list|NoSuchGrid", "nonsense", "can_fly|UserGrid"):
        assert post(security, page, p=[value]).status_code == 400


@pytest.mark.requirement("M1")
def test_administrators_see_nobody_of_whom_they_know_nothing(client, session):
    who = person(session, Role.AUDIT_ADMIN)
    log_in(client, session, who)
    assert client.get("/users/list/").status_code == 403
    assert client.get("/account-password/1/").status_code == 403
    assert session.get(Person, who.id).name == "梁小燕"
