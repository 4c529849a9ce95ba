"""What the system and the security administrator do with accounts and roles. Every verb is in the audit log; what
changes somebody's rights ends that person's sessions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    User,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from flask_appbuilder.security.sqla.models import Role as RoleRow
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.elements import ColumnElement
from werkzeug.security import generate_password_hash

from app.accounts import sessions
from app.accounts.models import LoginSession, Person, SeededGrant
from app.accounts.rights import Pair, pairs_of
from app.accounts.roles import PARTY_OF, SEPARATED, Role, RolesExclude, check_together
from app.accounts.services import tell_account
from app.audit.services import record
from app.workflow.actor import Actor
from app.workflow.states import Party

NAME_MAX = 60


class OwnAccount(Exception):
    """Nobody closes, or changes the roles of, the own account."""


class NameTaken(Exception):
    """A role of this name exists."""


class LocksOut(Exception):
    """The change would leave nobody who can change rights."""


class NoRole(Exception):
    """An account keeps at least one role."""


def accounts_visible_to(actor: Actor) -> ColumnElement[bool]:
    """All accounts, for the system and the security administrator (whose roles open the pages); nobody else's."""
    return sa.true() if actor.party is Party.STAFF else sa.false()


def roles_visible_to(actor: Actor) -> ColumnElement[bool]:
    """The ordinary roles; FAB's own `Public` and `Admin` are not used."""
    if actor.party is not Party.STAFF:
        return sa.false()
    return RoleRow.name.not_in(["Public", "Admin"])


def get_account(session: Session, actor: Actor, person_id: int) -> Person | None:
    """A visible account with its user, roles, unit and body."""
    query = sa.select(Person).where(accounts_visible_to(actor), Person.id == person_id)
    return session.scalar(
        query.options(
            joinedload(Person.user).selectinload(User.roles), joinedload(Person.unit), joinedload(Person.body)
        )
    )


def set_active(
    session: Session, person: Person, actor: Actor, *, active: bool, now: datetime, machine_now: datetime
) -> None:
    """Opens or closes an account; closing ends its sessions. Raises OwnAccount."""
    if person.id == actor.person_id:
        raise OwnAccount()
    person.user.active = active
    if not active:
        sessions.end_all(session, person, reason="disabled", now=machine_now)
    record(session, actor, "enable" if active else "disable", "person", person.id, now=now)


def unlock(session: Session, person: Person, actor: Actor, *, now: datetime) -> None:
    """Forgets the wrong passwords of an account."""
    person.failed_logins, person.locked_until = 0, None
    record(session, actor, "unlock", "person", person.id, now=now)


def reset_password(
    session: Session, person: Person, actor: Actor, *, password: str, hash_method: str, now: datetime, machine_now: datetime
) -> None:
    """Gives an account (user loaded) a new password, already judged, ends its sessions, and tells its phone."""
    person.user.password = generate_password_hash(password, method=hash_method)
    person.failed_logins, person.locked_until = 0, None
    sessions.end_all(session, person, reason="password", now=machine_now)
    tell_account(session, person, "PASSWORD_CHANGED", now)
    record(session, actor, "reset_password", "person", person.id, now=now)


def separated_behind(session: Session, pairs: Iterable[Pair]) -> set[Role]:
    """The separated administrators whose own permissions are among `pairs`: what a role is called does not matter."""
    wanted = set(pairs)
    givers: dict[Pair, set[str]] = {}
    for role, permission, view in session.execute(sa.select(SeededGrant.role, SeededGrant.permission, SeededGrant.view)):
        if permission != "menu_access":
            givers.setdefault((permission, view), set()).add(role)
    found = set()
    for pair in wanted & givers.keys():
        roles = givers[pair]
        if len(roles) == 1 and next(iter(roles)) in {role.value for role in SEPARATED}:
            found.add(Role(next(iter(roles))))
    return found


def assign_roles(
    session: Session, person: Person, roles: list[RoleRow], actor: Actor, *, now: datetime, machine_now: datetime
) -> None:
    """Makes `roles` the roles of an account (user with roles loaded) and ends its sessions. Raises OwnAccount, NoRole,
    or RolesExclude for roles of another party and for separated administrators together."""
    if person.id == actor.person_id:
        raise OwnAccount()
    if not roles:
        raise NoRole()
    names = [role.name for role in roles]
    _check_party(person, names)
    behind = separated_behind(session, pairs_of(session, [role.id for role in roles]))
    check_together(list(dict.fromkeys([*names, *(role.value for role in sorted(behind))])))
    before = {role.name for role in person.user.roles}
    person.user.roles = roles
    sessions.end_all(session, person, reason="roles", now=machine_now)
    record(
        session, actor, "assign_roles", "person", person.id, now=now,
        added=sorted(set(names) - before), removed=sorted(before - set(names)),
    )


def _check_party(person: Person, names: list[str]) -> None:
    for name in names:
        role = Role._value2member_map_.get(name)
        if role is not None and PARTY_OF[role] is not person.kind:  # type: ignore[index]
            own = next(each for each, party in PARTY_OF.items() if party is person.kind)
            raise RolesExclude(str(own.value), name)


def create_role(session: Session, actor: Actor, *, name: str, copied_from: RoleRow | None, now: datetime) -> RoleRow:
    """A new role, with what another one opens. Raises NameTaken."""
    if session.scalar(sa.select(RoleRow.id).where(RoleRow.name == name)) is not None:
        raise NameTaken(name)
    role = RoleRow(name=name)
    session.add(role)
    session.flush()
    if copied_from is not None:
        grants = assoc_permissionview_role
        copied = session.scalars(sa.select(grants.c.permission_view_id).where(grants.c.role_id == copied_from.id)).all()
        if copied:
            session.execute(grants.insert(), [{"permission_view_id": each, "role_id": role.id} for each in copied])
    record(session, actor, "create_role", "role", role.id, now=now, copied_from=copied_from.id if copied_from else None)
    return role


def set_permissions(
    session: Session, role: RoleRow, wanted: set[Pair], managed: set[Pair], actor: Actor, *, now: datetime,
    machine_now: datetime,
) -> tuple[set[Pair], set[Pair]]:
    """Gives and takes permissions until the role has, of `managed`, exactly `wanted`; ends the sessions of its holders.
    Returns (given, taken). Raises LocksOut, or RolesExclude if the role would be two separated administrators."""
    held = pairs_of(session, [role.id])
    given, taken = wanted - held, (held & managed) - wanted
    if not given and not taken:
        return given, taken
    if role.name == Role.SECURITY_ADMIN.value and any(view == "RolePageView" for _permission, view in taken):
        raise LocksOut()
    behind = separated_behind(session, (held - taken) | given)
    named = [role.name] if role.name in Role._value2member_map_ else []
    check_together(list(dict.fromkeys([*named, *(each.value for each in sorted(behind))])))
    ids = _pair_ids(session, given | taken)
    grants = assoc_permissionview_role
    if given:
        session.execute(grants.insert(), [{"permission_view_id": ids[pair], "role_id": role.id} for pair in sorted(given)])
    if taken:
        gone = [ids[pair] for pair in taken]
        session.execute(grants.delete().where(grants.c.role_id == role.id, grants.c.permission_view_id.in_(gone)))
    end_sessions_of(session, role, machine_now=machine_now)
    record(
        session, actor, "set_permissions", "role", role.id, now=now,
        given=sorted(map("/".join, given)), taken=sorted(map("/".join, taken)),
    )
    return given, taken


def _pair_ids(session: Session, pairs: set[Pair]) -> dict[Pair, int]:
    """The rows of FAB for these pairs, made where there are none yet."""
    permissions = {row.name: row for row in session.scalars(sa.select(Permission))}
    views = {row.name: row for row in session.scalars(sa.select(ViewMenu))}
    known = {
        (permission, view): key
        for key, permission, view in session.execute(
            sa.select(PermissionView.id, Permission.name, ViewMenu.name)
            .join(Permission, Permission.id == PermissionView.permission_id)
            .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        )
    }
    for permission, view in sorted(pairs - known.keys()):
        for name, rows, kind in ((permission, permissions, Permission), (view, views, ViewMenu)):
            if name not in rows:
                rows[name] = kind(name=name)
                session.add(rows[name])
        session.flush()
        row = PermissionView(permission_id=permissions[permission].id, view_menu_id=views[view].id)
        session.add(row)
        session.flush()
        known[permission, view] = row.id
    return known


def end_sessions_of(session: Session, role: RoleRow, *, machine_now: datetime) -> None:
    """Ends the sessions of everybody who has the role, in two statements however many they are."""
    users = sa.select(assoc_user_role.c.user_id).where(assoc_user_role.c.role_id == role.id)
    people = sa.select(Person.id).where(Person.user_id.in_(users))
    session.execute(
        sa.update(Person).where(Person.user_id.in_(users)).values(generation=Person.generation + 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        sa.update(LoginSession)
        .where(LoginSession.person_id.in_(people), LoginSession.ended_at.is_(None))
        .values(ended_at=machine_now, end_reason="roles")
        .execution_options(synchronize_session=False)
    )


def holders(session: Session, role_id: int) -> int:
    """How many accounts have the role."""
    counted = sa.select(sa.func.count()).select_from(assoc_user_role).where(assoc_user_role.c.role_id == role_id)
    return session.scalar(counted) or 0
