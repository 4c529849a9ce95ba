"""审批 for the office: who may be approved now, and the approval document that names them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app, flash, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.days import beijing_day
from app.extensions import business_now, db
from app.meetings import queries, services
from app.meetings.forms import ApprovalForm
from app.meetings.services import DocumentFacts, MeetingRefused, NobodyApproved
from app.meetings.views import chosen_numbers
from app.meetings.wording import refused
from app.web.scoping import current_actor
from app.web.views import TaskView


def _today() -> date:
    return beijing_day(business_now())


class ApprovalView(TaskView):
    """结果批准."""

    route_base = "/approvals"
    default_view = "waiting"

    @expose("/")
    @has_access
    @permission_name("approve")
    def waiting(self) -> Any:
        return self._page(ApprovalForm(formdata=None, authority=current_app.config["SITE_SPONSOR"], dated=_today()))

    @expose("/approve/", methods=["POST"])
    @has_access
    @permission_name("approve")
    def approve(self) -> Any:
        form, numbers = ApprovalForm(), chosen_numbers()
        if not form.validate():
            return self._page(form, numbers)
        facts = DocumentFacts(form.number.data, form.title.data, form.dated.data, form.authority.data)
        found = queries.awaiting_approval(db.session, current_actor(), _today(), numbers)
        try:
            paper, done = services.approve(db.session, found, current_actor(), document=facts, now=business_now())
        except MeetingRefused as error:
            db.session.rollback()
            flash(refused(error), "danger")
            self._say_refused(error.refused if isinstance(error, NobodyApproved) else {})
            return self._page(form, numbers)
        db.session.commit()
        self._say_refused(done.refused)
        return self.done(
            _("%(number)s 已批准 %(count)d 人，可以发证。", number=paper.number, count=len(done.moved)),
            url_for("ApprovalView.waiting"),
        )

    def _say_refused(self, reasons: Any) -> None:
        for number, error in reasons.items():
            flash(_("%(number)s 没有批准：%(why)s", number=number, why=refused(error)), "warning")

    def _page(self, form: ApprovalForm, ticked: list[str] | None = None) -> Any:
        actor, today = current_actor(), _today()
        return self.page(
            "meetings/approvals.html", form=form, ticked=ticked,
            waiting=queries.awaiting_approval(db.session, actor, today),
            publicised=queries.still_publicised(db.session, actor, today),
        )
