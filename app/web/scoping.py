"""Who is asking: the current actor, built once a request from the session table, and the filter that gives a grid only
the rows that this actor may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import abort, current_app, g, request
from flask_appbuilder.models.filters import BaseFilter
from flask_login import current_user
from sqlalchemy.sql.elements import ColumnElement

from app.workflow.actor import Actor
from app.workflow.states import Party

if TYPE_CHECKING:
    from app.accounts.models import Person

Scope = Callable[[Actor], ColumnElement[bool]]


def current_person() -> Person:
    """The logged-in person; 401 for a stranger (the edge leads to the login page)."""
    if not current_user.is_authenticated:
        abort(401)
    return g.logged_in.person


def current_actor() -> Actor:
    """Who acts in this request; 401 for a stranger."""
    if "actor" not in g:
        permissions = current_app.appbuilder.sm.current_permissions()
        g.actor = actor_of(current_person(), permissions, address=request.remote_addr or "")
    return g.actor


def actor_of(person: Person, permissions: frozenset[tuple[str, str]], *, address: str = "") -> Actor:
    """`person`, with unit and body loaded, as whoever acts."""
    return Actor(
        party=person.kind,
        person_id=person.id,
        # a unit that is not approved has no rows to see and nothing to do yet
        unit_id=person.unit_id if person.kind is Party.UNIT and person.unit and person.unit.may_act else None,
        body_id=person.body_id if person.kind in (Party.BODY, Party.OFFICE) else None,
        name=_office(person),
        address=address,
        permissions=permissions,
    )


def _office(person: Person) -> str:
    """Where somebody stands, as the history shows it: never the clerk's own name to the applicant."""
    match person.kind:
        case Party.UNIT:
            return person.unit.name if person.unit else ""
        case Party.BODY | Party.OFFICE:
            return person.body.name if person.body else ""
        case Party.APPLICANT:
            return person.name
        case _:
            return ""


class RowScope(BaseFilter):
    """Every grid's base filter; its value is the package's `visible_to`."""

    name = "visible"
    arg_name = "vis"

    def apply(self, query: Any, value: Scope) -> Any:
        return query.filter(value(current_actor()))
