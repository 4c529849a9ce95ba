"""材料清单, 完成并提交, and the page after it."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, flash, redirect, request, session, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import checklist, dossier, papers, routes, snapshots, wording
from app.applications.facts import deadline_of
from app.applications.models import Application, Snapshot
from app.applications.services import Stale, offers
from app.applications.submitting import follow_unit, submit
from app.applications.views.base import BACK, ApplicantView, sent_version
from app.applications.views.tasks import eligibility_note, missing_links
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_name, specialty_name
from app.extensions import business_now, db
from app.files.wording import size_words
from app.gateways.documents import DocumentError
from app.web.scoping import current_actor
from app.workflow.actions import Action
from app.workflow.machine import MoveRefused, NotOffered
from app.workflow.states import EDITABLE, State


def file_url(public_id: str) -> str:
    return url_for("FileView.file", public_id=public_id)


class CheckView(ApplicantView):
    default_view = "check"

    @expose("/<string:number>/check/")
    @has_access
    @permission_name("check")
    def check(self, number: str) -> Any:
        application, now, actor = self.own(number), business_now(), current_actor()
        if application.state in EDITABLE and follow_unit(db.session, application):
            db.session.commit()
            application = self.own(number)
        whole = checklist.read(db.session, application, now=now)
        offer = next((each for each in offers(db.session, application, actor, now=now)
                      if each.action is Action.SUBMIT), None)  # fmt: skip
        return self.page(
            "my/check.html",
            title=_("材料清单"),
            application=application,
            whole=whole,
            dossier=dossier.read(db.session, application, actor=actor, url=file_url, now=now),
            offer=offer,
            reasons=[str(wording.GUARDS[name]) for name in offer.missing] if offer else [],
            missing=missing_links(whole),
            files=whole.files,
            size=size_words(sum(file.size for file in whole.files)),
            pages=sum(file.pages or 1 for file in whole.files),
            specialty=specialty_name(db.session, application.specialty_code),
            apply_type=code_name(db.session, CodeList.APPLY_TYPE, application.apply_type),
            deadline=wording.deadline(deadline_of(db.session, application), now),
            eligibility=eligibility_note(whole, now),
            words=wording,
        )

    @expose("/<string:number>/check/<string:section>/")
    @has_access
    @permission_name("check")
    def change(self, number: str, section: str) -> Any:
        """修改: to the section, and from there back to its place on the check page."""
        application = self.own(number)
        session[BACK] = application.number
        return redirect(url_for("SectionView.section", number=number, section=section))

    @expose("/<string:number>/list.pdf")
    @has_access
    @permission_name("check")
    def print_list(self, number: str) -> Any:
        application = self.own(number)
        return _pdf(number, lambda printer: printer.material_list(
            papers.material_list(db.session, application, specialty_name(db.session, application.specialty_code), now=business_now())
        ))  # fmt: skip

    @expose("/<string:number>/submit/", methods=["POST"])
    @has_access
    @permission_name("check")
    def submit(self, number: str) -> Any:
        application = self.own(number)
        if application.state in EDITABLE and not request.form.get("promise"):
            flash(_("请勾选承诺后再提交。"), "warning")
            return redirect(url_for("CheckView.check", number=number))
        try:
            submit(db.session, application, current_actor(), version=sent_version(), now=business_now())
        except (Stale, NotOffered) as error:
            db.session.rollback()
            return self._already(number, error)
        except MoveRefused as error:
            db.session.rollback()
            return self.done(wording.refused(error), url_for("CheckView.check", number=number), "warning")
        except routes.NoWay:
            db.session.rollback()
            sentence = _("单位的上报机构还没有设好，暂时不能提交，请与职改办联系。")
            return self.done(sentence, url_for("CheckView.check", number=number), "warning")
        db.session.commit()
        return redirect(url_for("CheckView.submitted", number=number))

    def _already(self, number: str, error: MoveRefused) -> Any:
        """The second click of two: it was submitted, and that is what the page says."""
        if self.own(number).state not in EDITABLE:
            return self.done(
                _("已提交，不必再次提交。"), url_for("CheckView.submitted", number=number), "info"
            )
        return self.done(wording.refused(error), url_for("CheckView.check", number=number), "warning")

    @expose("/<string:number>/submitted/")
    @expose("/<string:number>/submitted/<int(max=9999):submission>/")
    @has_access
    @permission_name("check")
    def submitted(self, number: str, submission: int = 0) -> Any:
        """The receipt of one submission, of the last one without a number; it can be opened at any time."""
        application = self.own(number)
        found, newest = _submission(application, submission)
        if found is None:
            return redirect(url_for("TasksView.tasks", number=number))
        opened = snapshots.open_snapshot(found)
        return self.page(
            "my/submitted.html", title=_("已提交"), application=application, snapshot=opened,
            unit=(opened.content["unit"] or {"name": ""})["name"], words=wording, now=business_now(),
            waits=application.state is State.UNIT_REVIEW and newest,
            phone=application.applicant.phone_masked,
        )  # fmt: skip

    @expose("/<string:number>/receipt.pdf")
    @expose("/<string:number>/receipt-<int(max=9999):submission>.pdf")
    @has_access
    @permission_name("check")
    def receipt(self, number: str, submission: int = 0) -> Any:
        application = self.own(number)
        found, _newest = _submission(application, submission)
        if found is None:
            return redirect(url_for("TasksView.tasks", number=number))
        page = current_app.config["PUBLIC_BASE_URL"] + url_for("ProgressView.progress", number=number)
        return _pdf(number, lambda printer: printer.submission_receipt(
            papers.receipt(db.session, application, found, specialty_name(db.session, application.specialty_code), progress_url=page)
        ))  # fmt: skip


def _submission(application: Application, number: int) -> tuple[Snapshot | None, bool]:
    """That submission (the last one for 0; None before the first), and whether it is the last. 404 for a number that
    was none."""
    found = snapshots.list_of(db.session, application)
    if not found:
        return None, False
    wanted = next((each for each in found if each.number == (number or found[0].number)), None) or abort(404)
    return wanted, wanted is found[0]


def _pdf(number: str, make: Any) -> Any:
    try:
        data = make(current_app.extensions["gateways"].documents)
    except DocumentError:
        current_app.logger.exception("not printed")
        flash(_("现在不能生成打印件，请过几分钟再试。"), "warning")
        return redirect(url_for("TasksView.tasks", number=number))
    answer = Response(data, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"{number}.pdf")
    return answer
