"""The review page: the whole application section by section, what other offices said, and the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import abort, current_app, request, url_for
from flask_appbuilder import expose, permission_name
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications import dossier, qualifying
from app.applications.models import Application
from app.applications.queries import NotVisible, get, open_withdrawal
from app.applications.sections.registry import BY_CODE
from app.applications.services import REASON_MAX, fire, offers
from app.applications.withdrawing import decline_withdrawal
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_choices, code_name
from app.eligibility.wording import show
from app.extensions import business_now, db
from app.gateways.scanner import ScannerUnavailable
from app.gateways.storage import FileRefused, StorageUnavailable
from app.public_notices.queries import live_entry
from app.reviews import queries, services
from app.reviews.grids import ApplicationGrid, BodyReviewGrid, OfficeGrid, UnitReviewGrid, badge
from app.reviews.history import steps
from app.reviews.typed import said, sent_version
from app.reviews.wording import CONCLUSIONS, DONE, refused, why_closed
from app.web.scoping import current_actor
from app.web.theme import link
from app.web.views import TaskView
from app.workflow.actions import Action
from app.workflow.machine import MoveRefused
from app.workflow.states import Party

GRID_OF = {Party.UNIT: UnitReviewGrid, Party.BODY: BodyReviewGrid, Party.OFFICE: OfficeGrid}
PRESSED = (Action.REPORT, Action.FINISH, Action.GRANT_RETURN)  # one button, nothing to say
# with one reason
REASONED = (Action.RETURN_TO_UNIT, Action.DECLINE_RETURN, Action.DECLINE, Action.REJECT, Action.WITHDRAW)
# guards whose action is not drawn at all
BESIDE_THE_POINT = {"review_authority", "no_authority_here", "request_pending", "withdrawal_requested"}
OFFERED = (*PRESSED, Action.RETURN_TO_APPLICANT, *REASONED, Action.ENTRUST)


@dataclass(frozen=True)
class Place:
    """Where an application stands in the list that it was opened from; `position` counts from 1, 0 if it is not in it."""

    arguments: dict[str, Any]
    position: int
    total: int
    previous: str
    following: str


def grid_of(party: Party) -> ApplicationGrid:
    """The inbox of a party; 403 for whoever has none."""
    wanted = GRID_OF.get(party) or abort(403)
    return next(view for view in current_app.appbuilder.baseviews if type(view) is wanted)  # type: ignore[attr-defined]


def application_of(number: str) -> Application:
    """The visible application, else 404."""
    try:
        return get(db.session, current_actor(), number)
    except NotVisible:
        abort(404)


class ReviewPage(TaskView):
    """One application, for whoever reviews it. Each decision has a permission of its own."""

    route_base = "/review"
    shell = "focus"
    default_view = "show"
    class_permission_name = "Application"

    @expose("/<number>")
    @has_access
    @permission_name("review")
    def show(self, number: str) -> Any:
        return self._page(application_of(number))

    @expose("/<number>/check", methods=["POST"])
    @has_access
    @permission_name("check")
    def check(self, number: str) -> Any:
        """已核对 at one section."""
        application, section = application_of(number), request.form.get("section", "")
        version = request.form.get("document_version", "")
        if section not in BY_CODE or not (version.isascii() and version.isdigit() and len(version) < 10):
            abort(400)
        address = url_for(".show", number=number, **grid_of(current_actor().party).place(), _anchor=f"s-{section}")
        try:
            services.tick_section(
                db.session, application, current_actor(), section, document_version=int(version),
                on=request.form.get("on") == "1", now=business_now(),
            )
        except services.NotInHand:
            db.session.rollback()
            return self.done(_("材料现在不在您这里，不能核对；请刷新后再看。"), address, "warning")
        db.session.commit()
        return self.done(_("已核对「%(section)s」。", section=_(BY_CODE[section].name)), address) \
            if request.form.get("on") == "1" else self.done(_("已取消核对。"), address)

    @expose("/<number>/report", methods=["POST"])
    @has_access
    @permission_name("report")
    def report(self, number: str) -> Any:
        return self._decide(number, Action.REPORT)

    @expose("/<number>/finish", methods=["POST"])
    @has_access
    @permission_name("finish")
    def finish(self, number: str) -> Any:
        return self._decide(number, Action.FINISH)

    @expose("/<number>/return_to_applicant", methods=["POST"])
    @has_access
    @permission_name("return_to_applicant")
    def return_to_applicant(self, number: str) -> Any:
        return self._decide(number, Action.RETURN_TO_APPLICANT)

    @expose("/<number>/return_to_unit", methods=["POST"])
    @has_access
    @permission_name("return_to_unit")
    def return_to_unit(self, number: str) -> Any:
        return self._decide(number, Action.RETURN_TO_UNIT)

    @expose("/<number>/decline", methods=["POST"])
    @has_access
    @permission_name("decline")
    def decline(self, number: str) -> Any:
        return self._decide(number, Action.DECLINE)

    @expose("/<number>/reject", methods=["POST"])
    @has_access
    @permission_name("reject")
    def reject(self, number: str) -> Any:
        return self._decide(number, Action.REJECT)

    @expose("/<number>/grant_return", methods=["POST"])
    @has_access
    @permission_name("grant_return")
    def grant_return(self, number: str) -> Any:
        return self._decide(number, Action.GRANT_RETURN)

    @expose("/<number>/decline_return", methods=["POST"])
    @has_access
    @permission_name("decline_return")
    def decline_return(self, number: str) -> Any:
        return self._decide(number, Action.DECLINE_RETURN)

    @expose("/<number>/entrust", methods=["POST"])
    @has_access
    @permission_name("entrust")
    def entrust(self, number: str) -> Any:
        return self._decide(number, Action.ENTRUST)

    @expose("/<number>/withdraw", methods=["POST"])
    @has_access
    @permission_name("withdraw")
    def withdraw(self, number: str) -> Any:
        return self._decide(number, Action.WITHDRAW)

    @expose("/<number>/decline_withdrawal", methods=["POST"])
    @has_access
    @permission_name("withdraw")
    def decline_withdrawal(self, number: str) -> Any:
        """不同意撤回: an answer to the applicant, not a move."""
        application, place = application_of(number), self._place(number)
        try:
            decline_withdrawal(
                db.session, application, current_actor(), now=business_now(), version=sent_version(),
                reason=request.form.get("reason_decline_withdrawal", ""),
            )
        except MoveRefused as error:
            db.session.rollback()
            return self._page(application_of(number), why=refused(error), status=409)
        db.session.commit()
        return self.done(
            _("已告知 %(name)s 不同意撤回，申报继续办理。", name=application.applicant_name),
            url_for(".show", number=number, **place.arguments),
        )

    def _decide(self, number: str, action: Action) -> Any:
        """One move, then the next of the list; when it is refused, the page again with what was typed."""
        application, actor = application_of(number), current_actor()
        place, version = self._place(number), sent_version()
        name, why, status = application.applicant_name, "", 409
        try:
            fire(db.session, application, actor, action, now=business_now(), move=said(application, action), version=version)
            db.session.commit()
            return self.done(_(str(DONE[action]), name=name), self._onwards(place))
        except MoveRefused as error:
            db.session.rollback()
            why = refused(error, self._closes_on(application_of(number)))
        except FileRefused:
            db.session.rollback()
            why, status = _("这个文件不能用：请上传不超过 1 MB 的 jpg 图片，或不超过 30 MB、没有加密的 pdf。"), 422
        except (StorageUnavailable, ScannerUnavailable):
            db.session.rollback()
            why, status = _("文件暂时存不进去，请过几分钟再试；填写的内容仍在。"), 503
        return self._page(application_of(number), refused_action=action, why=why, status=status)

    def _onwards(self, place: Place) -> str:
        if place.following:
            return url_for(".show", number=place.following, **place.arguments)
        return url_for(f"{type(grid_of(current_actor().party)).__name__}.list", **place.arguments)

    def _place(self, number: str) -> Place:
        grid = grid_of(current_actor().party)
        numbers = grid.numbers()
        if number not in numbers:
            return Place(grid.place(), 0, len(numbers), "", "")
        at = numbers.index(number)
        return Place(
            grid.place(), at + 1, len(numbers), numbers[at - 1] if at else "",
            numbers[at + 1] if at + 1 < len(numbers) else "",
        )

    def _closes_on(self, application: Application) -> Any:
        entry = live_entry(db.session, application.id)
        return entry.notice.closes_on if entry else None

    def _page(
        self, application: Application, *, refused_action: Action | None = None, why: str = "", status: int = 200
    ) -> Any:
        actor, grid = current_actor(), grid_of(current_actor().party)
        entry = live_entry(db.session, application.id)
        closes_on = entry.notice.closes_on if entry else None
        found = {
            offer.action: (offer, [why_closed(guard, closes_on) for guard in offer.missing])
            for offer in offers(db.session, application, actor, now=business_now())
            if offer.action in OFFERED
            and not BESIDE_THE_POINT & set(offer.missing)
            and actor.may(f"can_{offer.action.value}", "Application")
        }
        read = dossier.read(
            db.session, application, actor=actor, now=business_now(),
            url=lambda public_id: link("FileView.file", public_id=public_id),
        )
        in_hand = queries.has_in_hand(actor, application)
        verdict = qualifying.check_submitted(db.session, application)
        return self.page(
            "reviews/page.html", title=_("审核 %(name)s", name=application.applicant_name), a=application, dossier=read,
            series=code_name(db.session, CodeList.TITLE_SERIES, application.series_code), state=badge(application.state),
            place=self._place(application.number), grid=f"{type(grid).__name__}.list", offers=found, Action=Action,
            pressed=PRESSED, reasoned=REASONED, refused_action=refused_action, why=why, typed=request.form,
            checked=queries.checked_sections(db.session, application, actor), in_hand=in_hand,
            can_check=in_hand and actor.may("can_check", "Application"), notice=entry.notice if entry else None,
            own=queries.own_opinion(db.session, application, actor), party=actor.party, reason_max=REASON_MAX,
            others=queries.other_opinions(db.session, application, actor), conclusions=CONCLUSIONS,
            grades={each.code: each.name for each in code_choices(db.session, CodeList.ANNUAL_ASSESSMENT)},
            timeline=steps(queries.history(db.session, application), application), status=status,
            asked=open_withdrawal(db.session, application) if actor.party is not Party.UNIT else None,
            eligibility=show(db.session, verdict) if verdict else None,
            phrases=code_choices(db.session, CodeList.RETURN_REASON), bodies=_entrusted(application, found),
        )


def _entrusted(application: Application, found: Any) -> list[tuple[int, str]]:
    if Action.ENTRUST not in found:
        return []
    return queries.bodies_with_power(db.session, application)
