"""单位用户: the people who belong to the unit, masked until asked for."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, current_app, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.accounts.models import Person
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_name
from app.days import beijing_day
from app.exports.grids import ExportableGrid
from app.exports.sheets import SheetColumn
from app.extensions import business_now, db
from app.units import belonging, queries
from app.units.queries import NotVisible
from app.web.rows import GridRows
from app.web.scoping import current_actor
from app.web.views import LIST_ONLY, TaskView
from app.workflow.actor import Actor


def this_year() -> int:
    return beijing_day(business_now()).year


def declared_this_year(person_ids: list[int]) -> dict[int, int]:
    """Applications of this year by person. The app registers the provider: units know no applications."""
    if not person_ids:
        return {}
    return current_app.extensions["declared_counts"](db.session, person_ids, this_year())


def undeclared_to(actor: Actor) -> Any:
    """The members who have not applied this year."""
    declared = current_app.extensions["who_declared"](this_year())
    return sa.and_(queries.members_visible_to(actor), Person.id.not_in(declared))


class MemberRows(GridRows):
    """The page's rows, each with `declared`: how many applications this year, counted in one statement."""

    def query(self, *args: Any, **kwargs: Any) -> tuple[int, list[Any]]:  # type: ignore[override]
        count, rows = super().query(*args, **kwargs)
        counts = declared_this_year([row.id for row in rows])
        for row in rows:
            row.declared = counts.get(row.id, 0)
        return count, rows


def declared_words(count: int) -> str:
    return _("%(count)s 件", count=count) if count else _("未申报")


def declared_badge(count: int) -> Any:
    words = declared_words(count)
    return words if count else Markup('<span class="badge badge--warn">{}</span>').format(words)


class UnitMembersGrid(ExportableGrid):
    route_base = "/unit/members"
    datamodel = MemberRows(Person)
    scope = staticmethod(queries.members_visible_to)
    list_title = _l("单位用户")
    page_intro = _l("凭单位秘钥加入本单位的人员。手机、证件号只显示一部分；查看完整内容会留下记录。")
    has_full = True
    private_filters = frozenset({"name"})
    exclude_route_methods = LIST_ONLY
    list_columns = ["name", "phone_masked", "id_no_masked", "joined_unit_at", "declared"]
    mobile_columns = ("phone_masked", "joined_unit_at", "declared")
    label_columns = {
        "name": _l("姓名"), "phone_masked": _l("手机"), "id_no_masked": _l("证件号码"),
        "joined_unit_at": _l("加入时间"), "declared": _l("本年申报"),
    }  # fmt: skip
    formatters_columns = {"declared": declared_badge}
    search_columns = ["name", "joined_unit_at"]
    order_columns = ["id"]
    add_columns = edit_columns = ["name"]
    show_columns = ["name"]

    def sheet(self, *, full: bool) -> dict[str, SheetColumn]:
        label = self.label_columns
        phone, number = (Person.phone, Person.id_no) if full else (Person.phone_masked, Person.id_no_masked)
        declared = current_app.extensions["declared_count"](Person.id, this_year())
        return {
            "name": SheetColumn(label["name"], (Person.name,)),
            "phone_masked": SheetColumn(label["phone_masked"], (phone,)),
            "id_no_masked": SheetColumn(label["id_no_masked"], (number,), width=24),
            "joined_unit_at": SheetColumn(label["joined_unit_at"], (Person.joined_unit_at,), width=18),
            "declared": SheetColumn(label["declared"], (declared,), declared_words),
        }

    def row_link(self, row: Any) -> str:
        return url_for("UnitMemberView.show", person_id=row.id)

    def _tabs_with_counts(self, current: Any) -> Any:
        """Two lists side by side: everybody, and who has not applied yet."""
        both = ((UnitMembersGrid, _("全部")), (UndeclaredMembersGrid, _("未申报")))
        return [
            {
                "name": view.__name__,
                "label": label,
                "url": url_for(f"{view.__name__}.list"),
                "count": str(queries.person_count(db.session, view.scope(current_actor()))),
                "current": type(self) is view,
            }
            for view, label in both
        ]


class UndeclaredMembersGrid(UnitMembersGrid):
    """The same list without those who have applied this year."""

    route_base = "/unit/members/undeclared"
    class_permission_name = "UnitMembersGrid"
    scope = staticmethod(undeclared_to)
    list_title = _l("单位用户：本年未申报")


class UnitMemberView(TaskView):
    """One person of the unit: registration data, the full numbers on demand, and 移出."""

    route_base = "/unit/members"
    default_view = "show"

    @expose("/<int(max=2147483647):person_id>/", methods=["GET"])
    @has_access
    @permission_name("show")
    def show(self, person_id: int) -> Any:
        return self._page(self._member(person_id))

    @expose("/<int(max=2147483647):person_id>/reveal", methods=["POST"])
    @has_access
    @permission_name("reveal")
    def reveal(self, person_id: int) -> Any:
        """The same page with phone and ID number in full; the look is recorded."""
        person = self._member(person_id)
        full = belonging.reveal(db.session, person, current_actor(), now=business_now())
        db.session.commit()
        return self._page(person, *full)

    @expose("/<int(max=2147483647):person_id>/remove", methods=["POST"])
    @has_access
    @permission_name("remove")
    def remove(self, person_id: int) -> Any:
        person = self._member(person_id)
        name = person.name
        belonging.remove_member(db.session, person, current_actor(), now=business_now())
        db.session.commit()
        sentence = _("%(name)s已移出本单位；本人可凭新单位的秘钥加入其他单位。", name=name)
        return self.done(sentence, url_for("UnitMembersGrid.list"))

    def _member(self, person_id: int) -> Person:
        try:
            return queries.member(db.session, current_actor(), person_id)
        except NotVisible:
            abort(404)

    def _page(self, person: Person, phone: str = "", id_no: str = "") -> Any:
        return self.page(
            "units/member.html", title=person.name, person=person, phone=phone, id_no=id_no,
            id_type=code_name(db.session, CodeList.ID_TYPE, person.id_type or ""),
            declared=declared_this_year([person.id]).get(person.id, 0),
            may_recover=current_actor().may("can_start", "PhoneRecoveryView"),
        )  # fmt: skip
