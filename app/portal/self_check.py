"""资格自查: a few questions about a series and level, answered against its rules. For everybody, without logging in;
nothing is stored, and nothing is asked that says who somebody is."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.catalogue.lists import CodeList
from app.catalogue.queries import code_name, code_table
from app.days import beijing_day
from app.eligibility import queries
from app.eligibility.evaluating import evaluate
from app.eligibility.forms import SelfCheckForm
from app.eligibility.wording import show
from app.extensions import business_now, db
from app.portal.doors import is_applicant
from app.review_bodies.queries import counts_until
from app.web.views import TaskView


class SelfCheckView(TaskView):
    """First what is applied for, then the questions of its rules; the answer stands above what was answered."""

    route_base = "/self-check"
    default_view = "choose"

    @expose("/", methods=["GET"])
    def choose(self) -> Any:
        series, level = request.args.get("series", ""), request.args.get("level", "")
        places = queries.targets(db.session)
        if (series, level) in places:
            return redirect(url_for("SelfCheckView.check", series=series, level=level))
        names = code_table(db.session, CodeList.TITLE_SERIES)
        offered = {code for code, _level in places}
        levels: dict[str, list[str]] = {}
        for code, each in places:
            levels.setdefault(each, []).append(code)
        return self._show(
            "portal/self_check.html", title=_("资格自查"), chosen=(series, level), asked="series" in request.args,
            series=[each for code, each in names.items() if code in offered],
            levels=[(code, code_name(db.session, CodeList.TITLE_LEVEL, code), within) for code, within in levels.items()],
        )

    @expose("/<series>/<level>", methods=["GET", "POST"])
    def check(self, series: str, level: str) -> Any:
        titles = queries.targets(db.session).get((series, level)) or abort(404)
        now = business_now()
        rules, standards = queries.rules_of(db.session, series, level, at=now), queries.standards(db.session)
        cutoff = counts_until(db.session, series, level, now=now) or date(beijing_day(now).year, 12, 31)
        form = SelfCheckForm()
        form.ask_only(rules)
        answered = form.is_submitted() or not rules
        verdict = None
        if answered and (not rules or form.validate()):
            verdict = evaluate(
                rules, form.facts(), standards, cutoff=cutoff, apply_type=form.said("apply_type") or "NORMAL"
            )
        return self._show(
            "portal/self_check_level.html", title=_("资格自查"), form=form, titles=titles, cutoff=cutoff,
            place=_(
                "%(series)s · %(level)s", series=code_name(db.session, CodeList.TITLE_SERIES, series),
                level=code_name(db.session, CodeList.TITLE_LEVEL, level),
            ),
            shown=show(db.session, verdict) if verdict else None, is_applicant=is_applicant(),
            status=422 if answered and verdict is None else 200,
        )  # fmt: skip

    def _show(self, template: str, **values: Any) -> Any:
        return self.page(template, shell="person" if is_applicant() else "public", **values)
