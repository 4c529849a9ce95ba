"""查看进度: where it is, since when, what comes next; 申请退还 of the unit, 申请撤回申报 of the body."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import flash, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import queries, snapshots, standing, wording
from app.applications.models import Application
from app.applications.services import REASON_MAX, fire, offers
from app.applications.views.base import ApplicantView, sent_version
from app.applications.withdrawing import REFUNDED_FROM, WITHDRAWABLE, ask_withdrawal, withdrawn_from
from app.catalogue.queries import specialty_name
from app.days import beijing_day
from app.extensions import business_now, db
from app.web.scoping import current_actor
from app.web.theme import link
from app.workflow.actions import Action
from app.workflow.case import Move
from app.workflow.machine import GuardRefused, MoveRefused
from app.workflow.states import State

NO_FAULTS: Mapping[str, str] = MappingProxyType({})


class ProgressView(ApplicantView):
    default_view = "progress"

    @expose("/<string:number>/progress/")
    @has_access
    @permission_name("progress")
    def progress(
        self, number: str, reason: str = "", withdrawal_reason: str = "", faults: Mapping[str, str] = NO_FAULTS, status: int = 200
    ) -> Any:
        application, now = self.own(number), business_now()
        open_now = {
            each.action for each in offers(db.session, application, current_actor(), now=now) if each.open
        }
        rows = queries.history(db.session, application)
        stand = standing.read(db.session, application, rows)
        requests = queries.withdrawals(db.session, application)
        waits = any(each.answered_at is None for each in requests)
        return self.page(
            "my/progress.html",
            status=status,
            title=_("办理进度"),
            application=application,
            specialty=specialty_name(db.session, application.specialty_code),
            timeline=wording.timeline(
                application, rows, queries.returned_sections(db.session, application),
                standing.opinions(db.session, application, rows),
            ),
            standing=stand,
            waits_for=wording.waits_for(application, stand, beijing_day(now), withdrawing=waits),
            term=wording.term(application, stand, now),
            usually=wording.usually(stand),
            return_requests=wording.return_requests(rows),
            submissions=snapshots.list_of(db.session, application),
            may_request=Action.REQUEST_RETURN in open_now,
            may_cancel=Action.CANCEL in open_now,
            reason=reason,
            faults=faults,
            next=_next(application),
            withdrawals=requests,
            may_withdraw=application.state in WITHDRAWABLE and not waits,
            withdrawal_reason=withdrawal_reason,
            reason_max=REASON_MAX,
            refunded=(withdrawn_from(db.session, application) or application.state) in REFUNDED_FROM,
            now=now,
            words=wording,
        )

    @expose("/<string:number>/request-return/", methods=["POST"])
    @has_access
    @permission_name("progress")
    def request_return(self, number: str) -> Any:
        application = self.own(number)
        reason = request.form.get("reason", "").strip()[:REASON_MAX]
        try:
            fire(
                db.session,
                application,
                current_actor(),
                Action.REQUEST_RETURN,
                now=business_now(),
                move=Move(reason=reason),
                version=sent_version(),
            )
        except MoveRefused as error:
            return self._refuse(number, error, reason=reason)
        db.session.commit()
        return self.done(
            _("已向单位申请退还。单位同意后，您可以修改材料。"),
            url_for("ProgressView.progress", number=number),
        )

    @expose("/<string:number>/ask-withdrawal/", methods=["POST"])
    @has_access
    @permission_name("progress")
    def ask_withdrawal(self, number: str) -> Any:
        application = self.own(number)
        reason = request.form.get("withdrawal_reason", "").strip()[:REASON_MAX]
        try:
            ask_withdrawal(
                db.session, application, current_actor(), reason=reason, version=sent_version(), now=business_now()
            )
        except MoveRefused as error:
            return self._refuse(number, error, withdrawal_reason=reason)
        db.session.commit()
        return self.done(
            _("已申请撤回申报，请等待评审机构答复。答复前申报照常办理。"),
            url_for("ProgressView.progress", number=number),
        )


    def _refuse(self, number: str, error: MoveRefused, **typed: str) -> Any:
        """The page with what was typed; a missing reason is said at its field, everything else above the page."""
        db.session.rollback()
        faults = NO_FAULTS
        match error:
            case GuardRefused(guard="reason_given"):
                faults = dict.fromkeys(typed, wording.refused(error))
            case _:
                flash(wording.refused(error), "warning")
        return self.progress(number, faults=faults, status=422, **typed)


def _next(application: Application) -> tuple[str, str] | None:
    """(button, address) of what the applicant can do now."""
    match application.state:
        case State.DRAFT:
            found = _("继续填写"), link("TasksView.tasks", number=application.number)
        case State.RETURNED:
            found = _("去修改"), link("TasksView.tasks", number=application.number)
        case State.AWAITING_PAYMENT:
            found = _("去缴费"), link("PaymentView.pay", number=application.number)
        case State.CERTIFIED:
            found = _("打印证书"), link("MyCertificatesView.mine")
        case _:
            return None
    return found if found[1] else None
