"""What roles open: read in one statement, and seeded from the screens without ever undoing an administrator's ticks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    ViewMenu,
    assoc_permissionview_role,
)
from flask_appbuilder.security.sqla.models import (
    Role as RoleRow,
)
from sqlalchemy.orm import Session

from app.accounts.models import SeededGrant
from app.accounts.roles import Role

Pair = tuple[str, str]  # (permission, view)


class HasGrants(Protocol):
    """A screen, as far as rights are concerned."""

    def all_grants(self) -> Iterable[tuple[str, str, Role]]:
        """(permission, view or menu, role) that are given when first seen."""
        ...


def pairs_of(session: Session, role_ids: Iterable[int] | sa.Select[tuple[int]]) -> set[Pair]:
    """What these roles open, menu entries included, in one statement."""
    rows = session.execute(
        sa.select(Permission.name, ViewMenu.name)
        .select_from(assoc_permissionview_role)
        .join(PermissionView, PermissionView.id == assoc_permissionview_role.c.permission_view_id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(assoc_permissionview_role.c.role_id.in_(role_ids))
    )
    return {(permission, view) for permission, view in rows}


def sync_roles(session: Session, screens: Iterable[HasGrants]) -> int:
    """Creates missing roles, permissions and views, and gives each role what it was never given before.

    What was once seeded is remembered: a tick that an administrator took away stays away. Returns the new grants.
    """
    roles = {row.name: row for row in session.scalars(sa.select(RoleRow))}
    for role in Role:
        if role.value not in roles:
            roles[role.value] = RoleRow(name=role.value)
            session.add(roles[role.value])
    permissions = {row.name: row for row in session.scalars(sa.select(Permission))}
    views = {row.name: row for row in session.scalars(sa.select(ViewMenu))}
    pairs = {
        (row.permission_id, row.view_menu_id): row.id
        for row in session.execute(sa.select(PermissionView.id, PermissionView.permission_id, PermissionView.view_menu_id))
    }
    seeded = {tuple(row) for row in session.execute(sa.select(SeededGrant.role, SeededGrant.permission, SeededGrant.view))}
    wanted = {grant for screen in screens for grant in screen.all_grants()}
    fresh = sorted(
        (permission, view, role) for permission, view, role in wanted if (role.value, permission, view) not in seeded
    )
    for permission, view, _role in fresh:
        if permission not in permissions:
            permissions[permission] = Permission(name=permission)
            session.add(permissions[permission])
        if view not in views:
            views[view] = ViewMenu(name=view)
            session.add(views[view])
    session.flush()
    held = {
        tuple(row)
        for row in session.execute(
            sa.select(assoc_permissionview_role.c.permission_view_id, assoc_permissionview_role.c.role_id)
        )
    }
    for permission, view, role in fresh:
        key = (permissions[permission].id, views[view].id)
        if key not in pairs:
            pair = PermissionView(permission_id=key[0], view_menu_id=key[1])
            session.add(pair)
            session.flush()
            pairs[key] = pair.id
        if (pairs[key], roles[role.value].id) not in held:
            session.execute(
                assoc_permissionview_role.insert().values(permission_view_id=pairs[key], role_id=roles[role.value].id)
            )
        session.add(SeededGrant(role=role.value, permission=permission, view=view))
    session.flush()
    return len(fresh)
