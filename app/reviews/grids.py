"""The inboxes: one list of applications each for unit, body and office. They differ in tabs and in one column."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_appbuilder.actions import action
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy.orm import joinedload, lazyload

from app.applications.models import Application
from app.applications.queries import business_of, visible_to, withdrawal_asked
from app.applications.withdrawing import WITHDRAWABLE
from app.catalogue.lists import CodeList
from app.catalogue.models import Specialty
from app.catalogue.queries import code_name, title_series
from app.days import beijing_day
from app.exports.grids import ExportableGrid
from app.exports.sheets import SheetColumn
from app.extensions import business_now, db
from app.public_notices.queries import running
from app.reviews.queries import reportable
from app.reviews.services import report_all
from app.reviews.wording import refused
from app.units.models import Unit
from app.web.rows import GridRows
from app.web.scoping import current_actor
from app.web.views import Tab
from app.workflow.actor import Actor
from app.workflow.states import FINAL, NAMES, State

NEIGHBOURS = 500
FAILURES_NAMED = 20
S = State


def badge(state: State) -> Markup:
    words = NAMES[state]
    return Markup('<span class="badge badge--{}">{}</span>').format(words.tone, _(words.staff))


class ApplicationRows(GridRows):
    """Applications with the words that the grids show; one statement more for the specialties of the page."""

    def get_values(self, lst: Iterable[Application], list_columns: Any) -> Any:
        rows = list(lst)
        names = _specialties({row.specialty_code for row in rows})
        moment = business_now()
        for row in rows:
            specialty = names.get(row.specialty_code, row.specialty_code)
            yield {
                "applicant_name": row.applicant_name,
                "number": row.number,
                "title_name": title_words(row.series_code, specialty, row.title_name),
                "unit": row.unit.name if "unit" in list_columns and row.unit else "",
                "state": badge(row.state) + (_("　申请退还") if row.return_requested else ""),
                "submitted_at": row.submitted_at,
                "moved_at": _("%(n)s 天", n=(moment - row.moved_at).days),
            }


def title_words(series_code: str, specialty: str, title: str) -> str:
    return "，".join((code_name(db.session, CodeList.TITLE_SERIES, series_code), specialty, title))


def _specialties(codes: set[str]) -> dict[str, str]:
    if not codes:
        return {}
    return dict(db.session.execute(sa.select(Specialty.code, Specialty.name).where(Specialty.code.in_(codes))).all())


def _states(*states: State) -> tuple[str, ...]:
    return tuple(state.value for state in states)


def _state_choices(states: Iterable[State] = State) -> list[tuple[str, str]]:
    return [(state.value, _(NAMES[state].staff)) for state in states if state is not S.DRAFT]


REVIEWING = _states(S.AWAITING_PAYMENT, S.READY, S.IN_MEETING, S.PASSED, S.PUBLICISED, S.APPROVED)
CLOSED = _states(*(state for state in State if state in FINAL or state in (S.CERTIFIED, S.LAPSED)))


def _named(column: Any, key: Any, reference: Any) -> Any:
    """The name that a reference stands for, as part of the statement that reads the rows."""
    return sa.select(column).where(key == reference).scalar_subquery()


class ApplicationGrid(ExportableGrid):
    """What the three inboxes share; not a page itself."""

    scope = staticmethod(visible_to)
    primary_column = "applicant_name"
    private_filters = frozenset({"applicant_name"})
    mobile_columns = ("title_name", "state", "submitted_at", "moved_at")
    label_columns = {
        "applicant_name": _l("姓名"), "number": _l("申报编号"), "title_name": _l("系列、专业、拟评资格"),
        "unit": _l("单位"), "state": _l("状态"), "submitted_at": _l("提交时间"), "moved_at": _l("停留"),
        "series_code": _l("系列"), "level_code": _l("级别"),
    }
    search_columns = ["applicant_name", "number", "series_code", "title_name", "state", "submitted_at"]
    choices = {
        "state": _state_choices,
        "series_code": lambda: [(series.code, series.name) for series in title_series(db.session)],
    }
    order_columns = ["id", "submitted_at"]
    base_order = ("submitted_at", "desc")

    def sheet(self, *, full: bool) -> dict[str, SheetColumn]:
        label, moment = self.label_columns, business_now()
        states = {state: _(words.staff) for state, words in NAMES.items()}
        requested = _("　申请退还")
        code = Application.specialty_code
        specialty = sa.func.coalesce(_named(Specialty.name, Specialty.code, code), code)
        return {
            "applicant_name": SheetColumn(label["applicant_name"], (Application.applicant_name,)),
            "number": SheetColumn(label["number"], (Application.number,), width=24),
            "title_name": SheetColumn(
                label["title_name"], (Application.series_code, specialty, Application.title_name),
                lru_cache(maxsize=1024)(title_words), width=44,  # thousands of rows name the same titles
            ),
            "unit": SheetColumn(label["unit"], (_named(Unit.name, Unit.id, Application.unit_id),), width=36),
            "state": SheetColumn(
                label["state"], (Application.state, Application.return_requested),
                lambda state, asked: states[state] + requested * asked,
            ),
            "submitted_at": SheetColumn(label["submitted_at"], (Application.submitted_at,), width=18),
            "moved_at": SheetColumn(_("停留（天）"), (Application.moved_at,), lambda moved: (moment - moved).days, width=12),
        }

    def row_link(self, row: Any) -> str:
        return url_for("ReviewPage.show", number=row.number, **self.place())

    def place(self) -> dict[str, Any]:
        """The arguments by which the review page finds the same list again."""
        kept = ("tab", f"_oc_{type(self).__name__}", f"_od_{type(self).__name__}")
        return {
            name: values
            for name, values in request.args.to_dict(flat=False).items()
            if name in kept or name.startswith("_flt_")
        }

    def numbers(self) -> list[str]:
        """The numbers of the list that the request's arguments describe, in its order, the first NEIGHBOURS of them."""
        self.check_arguments()
        return [number for (number,) in self.listed(Application.number).limit(NEIGHBOURS)]


def _report_tab(actor: Actor) -> Any:
    return reportable(beijing_day(business_now()))


def _running_tab(actor: Actor) -> Any:
    return running(beijing_day(business_now()))


class UnitReviewGrid(ApplicationGrid):
    """单位审核."""

    route_base = "/unit/review"
    datamodel = ApplicationRows(Application, eager=(lazyload(Application.steps),))
    list_title = _l("单位审核")
    list_columns = ["applicant_name", "number", "title_name", "state", "submitted_at", "moved_at"]
    tabs = (
        Tab("pending", _l("待审核"), _states(S.UNIT_REVIEW)),
        Tab("running", _l("公示中"), _states(S.UNIT_REVIEW), _running_tab),
        Tab("reportable", _l("可以上报"), _states(S.UNIT_REVIEW), _report_tab),
        Tab("requested", _l("申请退还"), _states(S.UNIT_REVIEW), lambda actor: Application.return_requested),
        Tab("returned", _l("已退回"), _states(S.RETURNED)),
        Tab("reported", _l("已上报"), _states(S.BODY_REVIEW)),
        Tab("reviewing", _l("待缴费、评审中"), REVIEWING),
        Tab("closed", _l("已结束"), CLOSED),
        Tab("all", _l("全部")),
    )

    @action("report", _l("批量上报"), _l("把选中的材料上报？公示期满、意见完整的才会上报。"), "send", single=False)
    def report(self, rows: list[Application]) -> Any:
        return report_rows(self, rows)

    @action("publicise", _l("发起公示"), "", "clipboard-text", single=False)
    def publicise(self, rows: list[Application]) -> Any:
        """Leads to the form of a notice with these ticked."""
        return redirect(url_for("NoticePage.add", number=[row.number for row in rows]))


def report_rows(grid: ApplicationGrid, rows: list[Application]) -> Any:
    """Reports each that can be, and names every other with what to do."""
    done = report_all(db.session, rows, current_actor(), now=business_now())
    db.session.commit()
    failed = [each for each in done if each.refused is not None]
    if len(done) > len(failed):
        flash(_("%(n)s 份材料已上报。", n=len(done) - len(failed)), "success")
    for each in failed[:FAILURES_NAMED]:
        assert each.refused is not None
        why = refused(each.refused)
        flash(_("%(name)s 没有上报：%(why)s", name=each.application.applicant_name, why=why), "warning")
    if len(failed) > FAILURES_NAMED:
        flash(_("另有 %(n)s 份没有上报，请逐份打开查看原因。", n=len(failed) - FAILURES_NAMED), "warning")
    return redirect(grid.get_redirect())


def _mine(actor: Actor) -> Any:
    return Application.holder_body_id == (actor.body_id or 0)


def _withdrawal_tab(actor: Actor) -> Any:
    return sa.and_(withdrawal_asked(), business_of(actor.body_id or 0))


def _elsewhere(actor: Actor) -> Any:
    return Application.holder_body_id != (actor.body_id or 0)


BODY_ROWS = (joinedload(Application.unit), lazyload(Application.steps))


class BodyReviewGrid(ApplicationGrid):
    """审核, of a review body."""

    route_base = "/body/review"
    datamodel = ApplicationRows(Application, eager=BODY_ROWS)
    list_title = _l("审核")
    list_columns = ["applicant_name", "number", "title_name", "unit", "state", "submitted_at", "moved_at"]
    mobile_columns = ("title_name", "unit", "state", "submitted_at")
    tabs = (
        Tab("pending", _l("待我审核"), _states(S.BODY_REVIEW), _mine),
        Tab("withdrawal", _l("申请撤回"), _states(*WITHDRAWABLE), _withdrawal_tab),
        Tab("reported", _l("已上报"), _states(S.BODY_REVIEW), _elsewhere),
        Tab("returned", _l("已退回"), _states(S.RETURNED, S.UNIT_REVIEW)),
        Tab("payment", _l("待缴费"), _states(S.AWAITING_PAYMENT, S.LAPSED)),
        Tab("meeting", _l("待上会、评审中"), _states(S.READY, S.IN_MEETING)),
        Tab("result", _l("结果公示、批准"), _states(S.PASSED, S.PUBLICISED, S.APPROVED)),
        Tab("closed", _l("已结束"), tuple(value for value in CLOSED if value != S.LAPSED.value)),
        Tab("all", _l("全部")),
    )

    @action("report", _l("批量上报"), _l("把选中的材料上报到上一级机构？意见完整的才会上报。"), "send", single=False)
    def report(self, rows: list[Application]) -> Any:
        return report_rows(self, rows)


class OfficeGrid(ApplicationGrid):
    """全部申报, for the office."""

    route_base = "/office/applications"
    datamodel = ApplicationRows(Application, eager=BODY_ROWS)
    list_title = _l("全部申报")
    list_columns = BodyReviewGrid.list_columns
    mobile_columns = BodyReviewGrid.mobile_columns
    tabs = (
        Tab("all", _l("全部")),
        Tab("pending", _l("待我审核"), _states(S.BODY_REVIEW), _mine),
        Tab("withdrawal", _l("申请撤回"), _states(*WITHDRAWABLE), _withdrawal_tab),
        Tab("unit", _l("单位审核"), _states(S.UNIT_REVIEW)),
        Tab("body", _l("机构审核"), _states(S.BODY_REVIEW)),
        Tab("returned", _l("已退回"), _states(S.RETURNED)),
        Tab("reviewing", _l("待缴费、评审中"), _states(S.AWAITING_PAYMENT, S.READY, S.IN_MEETING, S.PASSED)),
        Tab("result", _l("结果公示、批准"), _states(S.PUBLICISED, S.APPROVED)),
        Tab("closed", _l("已结束"), CLOSED),
    )
