"""The base classes of all pages: Grid (rows to look at and act on) and TaskView (a page of its own); reference.py has the
grid whose rows are written too. Subclasses are lists of columns and short verbs."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import abort, flash, g, has_request_context, redirect, request
from flask_appbuilder import BaseView, ModelView, expose
from flask_appbuilder.security.decorators import has_access
from flask_appbuilder.urltools import get_filter_args
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import SelectField

from app.extensions import db
from app.web.arguments import MAX_PAGE_SIZE, acceptable
from app.web.rows import COUNT_CAP
from app.web.scoping import RowScope, Scope, current_actor
from app.workflow.actor import Actor

MAX_SELECTED = 1000
# For a grid that is a list and nothing else, these routes of FAB stay closed.
LIST_ONLY = frozenset({"download", "delete", "add", "edit", "show", "action", "action_post"})


@dataclass(frozen=True)
class Tab:
    """A tab of a grid: what it is called and which values of the grid's `tab_column` it holds; none holds all.
    `condition` narrows further, for what no column says."""

    name: str
    label: Any
    values: tuple[str, ...] = ()
    condition: Scope | None = None

    def holds(self, column: Any, actor: Actor) -> Any:
        """The tab as one SQL condition."""
        parts = [column.in_(self.values)] if self.values else []
        parts += [self.condition(actor)] if self.condition else []
        return sa.and_(sa.true(), *parts)


class Grid(ModelView):
    """FAB's list and show, hardened: rows only through `scope`, filters per request, arguments judged, actions by POST on
    visible rows only, no deletion, counts that stay cheap.

    A subclass sets `datamodel = GridRows(Model, eager=...)`, `scope`, columns, and `order_columns` (only what an index
    serves). `tab_column` and `tabs` give the tabs with their counts; `row_link(row)` the page that a row's name opens.
    """

    scope: ClassVar[Scope]
    tabs: ClassVar[tuple[Tab, ...]] = ()
    tab_column: ClassVar[str] = "state"
    page_intro: ClassVar[Any] = ""
    mobile_columns: ClassVar[tuple[str, ...]] = ()
    primary_column: ClassVar[str] = ""
    choices: ClassVar[Mapping[str, Any]] = {}  # column -> callable() of [(value, label)] for the filter bar

    base_permissions: ClassVar[list[str] | None] = ["can_list", "can_show"]
    exclude_route_methods = {"download", "delete", "add", "edit"}
    order_columns: ClassVar[list[str]] = ["id"]
    search_columns: ClassVar[list[str]] = ["id"]
    page_size = 25
    max_page_size = MAX_PAGE_SIZE

    def __init__(self, **kwargs: Any) -> None:
        self.base_filters = [["id", RowScope, type(self).scope]]
        self.base_permissions = list(self.base_permissions or [])
        # FAB's own field of an enum shows the names of the code; the words come from `choices`
        self.search_form_extra_fields = {
            column: SelectField(self.label_columns.get(column, column), choices=[]) for column in self.choices
        } | (self.search_form_extra_fields or {})
        super().__init__(**kwargs)

    # FAB keeps the filters of a request on the view, which all threads share
    @property
    def _filters(self) -> Any:
        prototype = self.__dict__["_filters_prototype"]
        if not has_request_context():
            return prototype
        kept = g.setdefault("grid_filters", {})
        if id(self) not in kept:
            kept[id(self)] = own = copy.copy(prototype)
            own.clear_filters()
        return kept[id(self)]

    @_filters.setter
    def _filters(self, value: Any) -> None:
        self.__dict__["_filters_prototype"] = value

    def check_arguments(self) -> None:
        """400 for any argument that FAB would misread; called before every page of the grid."""
        for argument, value in request.args.items(multi=True):
            if not acceptable(self, argument, value):
                abort(400)
        if request.args.get("tab", "") not in {"", *(tab.name for tab in self.tabs)}:
            abort(400)

    def row_link(self, row: Any) -> str:
        """The address that the row's name leads to; empty for none."""
        return ""

    def tab(self) -> Tab | None:
        """The tab that is open: the one named in the address, else the first."""
        if not self.tabs:
            return None
        name = request.args.get("tab", "") or self.tabs[0].name
        return next(tab for tab in self.tabs if tab.name == name)

    @expose("/list/")
    @has_access
    def list(self) -> Any:
        tab = self.tab()
        widgets = self._list()
        return self.render_template(
            self.list_template,
            title=self.list_title,
            widgets=widgets,
            quick_views=self._tabs_with_counts(tab),
            page_intro=self.page_intro,
        )

    def narrowed(self, filters: Any) -> Any:
        """The filters of the request with the grid's own conditions: its scope and the open tab."""
        joined = filters.get_joined_filters(self._base_filters)
        if has_request_context() and (tab := self.tab()) is not None:
            joined.add_filter(self.tab_column, TabFilter, tab)
        return joined

    def _get_list_widget(self, filters: Any = None, **kwargs: Any) -> Any:
        """As FAB's, with the tab's condition among the base filters and what the list template shows besides."""
        page_size = min(kwargs.pop("page_size", None) or self.page_size, self.max_page_size)
        order, direction = kwargs.pop("order_column", ""), kwargs.pop("order_direction", "")
        if not order and self.base_order:
            order, direction = self.base_order
        count, rows = self.datamodel.query(self.narrowed(filters), order, direction, page=kwargs.get("page"), page_size=page_size)
        widgets = kwargs.pop("widgets", None) or {}
        widgets["list"] = self.list_widget(
            label_columns=self.label_columns,
            include_columns=self.list_columns,
            value_columns=self.datamodel.get_values(rows, self.list_columns),
            order_columns=self.order_columns,
            formatters_columns=self.formatters_columns,
            page=kwargs.get("page"),
            page_size=page_size,
            count=count,
            count_label=_("%(cap)s+", cap=COUNT_CAP) if count > COUNT_CAP else str(count),
            count_is_capped=count > COUNT_CAP,
            pks=[self.datamodel.get_pk_value(row) for row in rows],
            row_urls=[self.row_link(row) for row in rows],
            primary_col=self.primary_column or self.list_columns[0],
            mobile_cols=list(self.mobile_columns or self.list_columns[1:5]),
            actions=kwargs.get("actions") or self.actions,
            filters=filters,
            modelview_name=type(self).__name__,
            **self.toolbar(),
        )
        return widgets

    def toolbar(self) -> dict[str, Any]:
        """What the list's toolbar shows besides, as values for its template."""
        return {}

    def listed(self, *columns: Any) -> Any:
        """`columns` of all rows that the request's arguments describe, in their order, as a query."""
        get_filter_args(self._filters)
        query = db.session.query(*columns).select_from(self.datamodel.obj)
        order, direction = self.base_order or ("", "")
        order = request.args.get(f"_oc_{type(self).__name__}") or order
        direction = request.args.get(f"_od_{type(self).__name__}") or direction
        return self.datamodel._ordered(self.datamodel.apply_filters(query, self.narrowed(self._filters)), order, direction)

    def _get_search_widget(self, form: Any = None, exclude_cols: Any = None, widgets: Any = None) -> Any:
        widgets = super()._get_search_widget(form, exclude_cols, widgets)
        widgets["search"].template_args["search_choices"] = {
            column: choices() for column, choices in self.choices.items()
        }
        return widgets

    def _tabs_with_counts(self, current: Tab | None) -> Any:
        """Every tab with the number of its rows, counted up to the cap in one statement."""
        if not self.tabs:
            return []
        model = self.datamodel.obj
        actor = current_actor()
        visible = type(self).scope(actor)
        column = getattr(model, self.tab_column)
        counts = []
        for place, tab in enumerate(self.tabs):
            condition = sa.and_(visible, tab.holds(column, actor))
            inner = sa.select(self.datamodel.get_pk()).where(condition).limit(COUNT_CAP + 1).subquery()
            counts.append(sa.select(sa.literal(place).label("place"), sa.func.count().label("n")).select_from(inner))
        found = dict(db.session.execute(sa.union_all(*counts)).all())
        return [
            {
                "name": tab.name,
                "label": tab.label,
                "url": f"{request.path}?tab={tab.name}",
                "count": str(found[place]) if found[place] <= COUNT_CAP else _("%(cap)s+", cap=COUNT_CAP),
                "current": tab is current,
            }
            for place, tab in enumerate(self.tabs)
        ]

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> Any:
        return super().show(pk)

    @expose("/action/<string:name>/<pk>", methods=["POST"])
    def action(self, name: str, pk: str) -> Any:
        return self._act(name, [pk])

    @expose("/action_post", methods=["POST"])
    def action_post(self) -> Any:
        return self._act(request.form.get("action", ""), request.form.getlist("rowid"))

    def _act(self, name: str, pks: Any) -> Any:
        """Runs an action on rows that are visible, all of them read in one statement; the page has been allowed by the
        guard (the action's own permission)."""
        action = self.actions.get(name)
        if action is None or not self.appbuilder.sm.has_access(
            self.get_action_permission_name(name), self.class_permission_name
        ):
            abort(403)
        keys = [self.datamodel.key_of(pk) for pk in dict.fromkeys(pks)]
        if not keys:
            flash(_("请先勾选要办理的记录。"), "warning")
            return redirect(self.get_redirect())
        if len(keys) > MAX_SELECTED or None in keys:
            abort(400)
        rows = self.datamodel.by_keys(keys, self._base_filters)
        if len(rows) != len(keys):
            abort(404)
        return action.func(rows)

    def update_redirect(self) -> None:
        """FAB would keep the last five addresses in the cookie; the way back is the grid itself."""

    def get_redirect(self) -> str:
        return self.get_default_url()


class TabFilter(RowScope):
    """The condition of an open tab; not offered to the filter bar."""

    name = "tab"
    arg_name = "tab"

    def apply(self, query: Any, value: Any) -> Any:
        return query.filter(value.holds(getattr(self.model, self.column_name), current_actor()))


class TaskView(BaseView):
    """A page of its own. `shell` is the frame: person, staff, focus or public (see the theme)."""

    shell: ClassVar[str] = "staff"

    def page(self, template: str, *, shell: str | None = None, status: int = 200, **values: Any) -> Any:
        """The rendered template in the site's frame."""
        body = self.render_template(template, shell=shell or self.shell, **values)
        return (body, status) if status != 200 else body

    def update_redirect(self) -> None:
        """See Grid.update_redirect."""

    def done(self, sentence: str, address: str, tone: str = "success") -> Response:
        """Says what was done on the next page and goes there."""
        flash(sentence, tone)
        return redirect(address)
