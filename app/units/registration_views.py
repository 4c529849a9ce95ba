"""单位注册, and the room in which a unit waits for the decision about it."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from app.accounts import edge
from app.extensions import business_now, db
from app.units import doorway, paperwork, queries, services, wording
from app.units.forms import RegistrationForm, UnitForm
from app.units.models import Unit, UnitStatus
from app.units.services import PAPERS, AlreadyDecided, LoginNameTaken, NewAccount, PapersMissing, UnitExists
from app.web.scoping import current_actor, current_person
from app.web.theme import link
from app.web.views import TaskView


def known_kind(kind: str) -> str:
    return kind if kind in PAPERS else abort(404)


class UnitRegistrationView(TaskView):
    """Open to everybody. The papers are uploaded one by one and kept while the form is corrected."""

    route_base = "/register/unit"
    default_view = "register"
    shell = "public"
    limits = [edge.per_address("60 per minute", "POST")]

    @expose("/", methods=["GET", "POST"])
    def register(self) -> Any:
        form, uploads = RegistrationForm(), paperwork.pending()
        papers = dict(uploads.all())
        missing: list[str] = []
        if request.method == "POST":
            valid = form.validate()
            missing = [kind for kind in PAPERS if kind not in papers]
            if valid and not missing and self._registered(form, papers):
                uploads.claim()
                sentence = _("注册已提交，正在等待审核。结果发到联系手机；也可用登录名登录查看进度。")
                answer = self.done(sentence, link("OrgLoginView.login") or url_for("PortalView.home"))
                return edge.remember_device(answer)
        rows = paperwork.rows_of(
            papers, lambda kind: url_for(".upload", kind=kind), lambda kind: url_for(".file", kind=kind), missing
        )
        return self.page(
            "units/register.html", title=_("单位注册"), form=form, papers=rows,
            status=422 if form.errors or missing else 200,
        )  # fmt: skip

    def _registered(self, form: RegistrationForm, papers: Any) -> bool:
        """True when the unit is in the database; otherwise the form says why not."""
        account = NewAccount(form.login_name.data, form.password.data)
        now = business_now()
        try:
            try:
                services.register(
                    db.session, details=form.details(), account=account, papers=papers, now=now,
                    place=edge.place(), hash_method=doorway.hash_method(),
                )  # fmt: skip
                db.session.commit()
                return True
            except IntegrityError:  # somebody was faster between the check and the write
                db.session.rollback()
                services.check_free(db.session, form.uscc.data, account.login_name)
                raise
        except UnitExists as error:
            form.uscc.errors = [wording.unit_exists(error.unit)]
        except LoginNameTaken:
            form.login_name.errors = [wording.login_name_taken()]
        except PapersMissing:
            form.form_errors.append(_("上传的文件已过期，请重新上传。"))
        db.session.rollback()
        return False

    @expose("/files/<kind>", methods=["POST"])
    def upload(self, kind: str) -> Any:
        return paperwork.take_paper(known_kind(kind), url_for(".file", kind=kind))

    @expose("/files/<kind>", methods=["GET"])
    def file(self, kind: str) -> Any:
        """What this browser has uploaded itself, and nobody else's."""
        return paperwork.send(paperwork.pending().get(known_kind(kind)) or abort(404))

    @expose("/pledge/", methods=["GET"])
    def pledge(self) -> Any:
        """承诺书 as a page to print, for those without a word processor."""
        return self.page("units/pledge.html", title=_("单位承诺书"))


class UnitStateView(TaskView):
    """What a unit that is not approved sees after log-in: what happens next, the reason of a refusal, the correction."""

    route_base = "/unit/registration"
    default_view = "show"
    shell = "focus"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("show")
    def show(self) -> Any:
        unit = self._own()
        return self.page(
            "units/state.html", title=_("单位注册进度"), unit=unit, papers=queries.files_of(db.session, unit),
            status_words=wording.status_words(unit), paper_name=wording.paper_name,
        )  # fmt: skip

    @expose("/edit/", methods=["GET", "POST"])
    @has_access
    @permission_name("edit")
    def edit(self) -> Any:
        unit = self._own()
        if unit.status is not UnitStatus.REFUSED:
            return redirect(url_for(".show"))
        uploads = paperwork.pending()
        form = UnitForm() if request.method == "POST" else UnitForm(data=self._typed(unit))
        if request.method == "POST" and form.validate():
            try:
                services.resubmit(
                    db.session, unit, current_actor(), details=form.details(), papers=uploads.all(),
                    now=business_now(),
                )  # fmt: skip
                db.session.commit()
                uploads.claim()
                return self.done(_("已重新提交，请等待审核。"), url_for(".show"))
            except AlreadyDecided:
                db.session.rollback()
                return redirect(url_for(".show"))
            except UnitExists as error:
                db.session.rollback()
                form.uscc.errors = [wording.unit_exists(error.unit)]
        papers = {**queries.files_of(db.session, unit), **uploads.all()}
        rows = paperwork.rows_of(
            papers, lambda kind: url_for(".upload", kind=kind), lambda kind: url_for(".paper", kind=kind)
        )
        return self.page(
            "units/resubmit.html", title=_("修改单位注册信息"), form=form, unit=unit, papers=rows,
            status=422 if form.errors else 200,
        )  # fmt: skip

    @expose("/files/<kind>", methods=["POST"])
    @has_access
    @permission_name("edit")
    def upload(self, kind: str) -> Any:
        self._own()
        return paperwork.take_paper(known_kind(kind), url_for(".paper", kind=kind))

    @expose("/files/<kind>", methods=["GET"])
    @has_access
    @permission_name("show")
    def paper(self, kind: str) -> Any:
        """The newly uploaded paper, else the one on record."""
        unit = self._own()
        found = paperwork.pending().get(known_kind(kind)) or queries.files_of(db.session, unit).get(kind)
        return paperwork.send(found or abort(404))

    def _own(self) -> Unit:
        """The unit of the account, in whatever state; 404 for who works for none."""
        unit = db.session.get(Unit, current_person().unit_id or 0)
        return unit or abort(404)

    def _typed(self, unit: Unit) -> dict[str, Any]:
        return {
            "uscc": unit.uscc, "name": unit.name, "division": unit.division_code, "level": unit.level_code,
            "nature": unit.nature_code, "contact_name": unit.contact_name, "contact_phone": unit.contact_phone,
        }  # fmt: skip
