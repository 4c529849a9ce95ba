"""FAB's security manager, bent to sessions in a table, one permission query per request, and no views of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app, g, has_request_context
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import (
    User,
    assoc_group_role,
    assoc_user_group,
    assoc_user_role,
)
from flask_login import LoginManager, current_user

from app.accounts import sessions
from app.accounts.rights import Pair, pairs_of


def permissions_of(session: Any, user_id: int) -> frozenset[Pair]:
    """(permission, view) of all roles of a user, directly or through groups, in one statement."""
    roles = sa.union(
        sa.select(assoc_user_role.c.role_id).where(assoc_user_role.c.user_id == user_id),
        sa.select(assoc_group_role.c.role_id)
        .join(assoc_user_group, assoc_user_group.c.group_id == assoc_group_role.c.group_id)
        .where(assoc_user_group.c.user_id == user_id),
    ).subquery()
    return frozenset(pairs_of(session, sa.select(roles.c.role_id)))


class PlatformSecurity(SecurityManager):
    """What FAB asks about users. Anonymous visitors have no permissions: public pages are declared in app/site.py."""

    def register_views(self) -> None:
        """Nothing: FAB would add a password login without captcha, its registration and its statistics."""

    def create_login_manager(self, app: Any) -> LoginManager:
        login_manager = super().create_login_manager(app)
        login_manager.session_protection = None  # the session table does it
        return login_manager

    def load_user(self, token: str) -> User | None:  # type: ignore[override]
        """The user of a session token; keeps the session and person in `g.logged_in`."""
        now = datetime.now(UTC)
        limits = current_app.extensions["session_limits"]
        found = sessions.find(self.session, token, limits=limits, now=now)
        if found is None:
            return None
        if sessions.due_for_mark(found.login, now):
            sessions.mark_seen(self.session, found.login, now)
            self.session.commit()
            found = sessions.find(self.session, token, limits=limits, now=now)
        g.logged_in = found
        return found.user if found else None

    def current_permissions(self) -> frozenset[Pair]:
        """The current account's permissions, asked once a request."""
        if not has_request_context() or not current_user.is_authenticated:
            return frozenset()
        if "permissions" not in g:
            g.permissions = permissions_of(self.session, g.logged_in.user.id)
        return g.permissions

    def has_access(self, permission_name: str, view_name: str) -> bool:
        return (permission_name, view_name) in self.current_permissions()

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        return {view for permission, view in self.current_permissions() if permission == "menu_access"}

    def auth_user_db(self, username: str, password: str) -> None:
        """Closed: log-in goes through accounts.services, which counts tries before it looks at the password."""
        return None
