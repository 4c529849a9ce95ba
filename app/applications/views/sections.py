"""Filling in one section, or one row of it; every save also as a draft while typing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import checklist, documents, saving, section_forms, wording
from app.applications.checklist import Checklist, SectionState
from app.applications.sections.declaration import Section
from app.applications.sections.registry import BY_CODE
from app.applications.views import section_page
from app.applications.views.base import ApplicantView, after_section, sent_version, way_back
from app.days import BEIJING
from app.extensions import business_now, db
from app.web.scoping import current_actor


class SectionView(ApplicantView):
    default_view = "section"

    @expose("/<string:number>/<string:section>/", methods=["GET", "POST"])
    @has_access
    @permission_name("fill")
    def section(self, number: str, section: str) -> Any:
        if request.method == "POST":
            declared = _declared(section)
            return self._looked_through(number, section) if declared.repeats else self._save(number, declared)
        whole, state = self._open(number, section)
        return self._page(whole, state, "my/rows.html" if state.section.repeats else "my/section.html")

    @expose("/<string:number>/<string:section>/rows/new/")
    @has_access
    @permission_name("fill")
    def new(self, number: str, section: str) -> Any:
        """A fresh row has its id before it is saved: a double click saves one row."""
        return redirect(
            url_for(
                "SectionView.row",
                number=number,
                section=section,
                row_id=secrets.token_hex(documents.ROW_ID_LENGTH // 2),
            )
        )

    @expose("/<string:number>/<string:section>/rows/<string:row_id>/", methods=["GET", "POST"])
    @has_access
    @permission_name("fill")
    def row(self, number: str, section: str, row_id: str) -> Any:
        if request.method == "POST":
            return self._save(number, _declared(section), row_id)
        whole, state = self._open(number, section, row_id)
        return self._page(whole, state, "my/section.html", row_id)

    @expose("/<string:number>/<string:section>/draft", methods=["POST"])
    @has_access
    @permission_name("fill")
    def draft(self, number: str, section: str) -> Any:
        return self._draft(number, _declared(section), "")

    @expose("/<string:number>/<string:section>/rows/<string:row_id>/draft", methods=["POST"])
    @has_access
    @permission_name("fill")
    def row_draft(self, number: str, section: str, row_id: str) -> Any:
        return self._draft(number, _declared(section), row_id)

    @expose(
        "/<string:number>/<string:section>/rows/<string:row_id>/<any(delete,up,down):verb>/", methods=["POST"]
    )
    @has_access
    @permission_name("fill")
    def change_row(self, number: str, section: str, row_id: str, verb: str) -> Any:
        application = self.own(number)
        arguments = (db.session, application, current_actor(), section, row_id)
        try:
            if verb == "delete":
                saving.delete_row(*arguments, now=business_now())
            else:
                saving.move_row(*arguments, -1 if verb == "up" else 1, now=business_now())
        except saving.NotSaved as error:
            return self._refuse(error, number, section)
        db.session.commit()
        if verb == "delete":
            flash(_("已删除这一条；点「恢复」可以找回。"), "info")
        return redirect(url_for("SectionView.section", number=number, section=section))

    @expose("/<string:number>/<string:section>/restore/", methods=["POST"])
    @has_access
    @permission_name("fill")
    def restore(self, number: str, section: str) -> Any:
        application = self.own(number)
        try:
            saving.restore_row(db.session, application, current_actor(), section, now=business_now())
        except saving.NotSaved as error:
            return self._refuse(error, number, section)
        db.session.commit()
        return self.done(_("已恢复。"), url_for("SectionView.section", number=number, section=section))

    def _open(self, number: str, section: str, row_id: str = "") -> tuple[Checklist, SectionState]:
        whole = checklist.read(db.session, self.own(number), now=business_now())
        try:
            state = whole.section(section)
        except KeyError:
            abort(404)
        well_made = state.section.repeats and documents.NEW_ROW.fullmatch(row_id)
        if row_id and not well_made and state.row(row_id) is None:
            abort(404)
        return whole, state

    def _page(self, whole: Checklist, state: SectionState, template: str, row_id: str = "") -> Any:
        values = section_page.shown(whole, state, row_id, deleted=request.args.get("deleted", ""))
        back = way_back(whole.application.number, state.section.code)
        return self.page(template, title=_(state.section.name), back=back, **values)

    def _save(self, number: str, section: Section, row_id: str = "") -> Any:
        application, code = self.own(number), section.code
        values = section_forms.sent_values(db.session, section, request.form)
        try:
            saved = saving.save_section(
                db.session,
                application,
                current_actor(),
                code,
                values,
                version=sent_version(),
                now=business_now(),
                row_id=row_id,
            )
        except saving.Conflict as conflict:
            db.session.rollback()
            return self._conflict(number, code, row_id, conflict, values)
        except saving.UnknownSection:
            abort(404)
        except saving.NotSaved as error:
            db.session.rollback()
            return self._kept_page(number, code, row_id, values, wording.not_saved(error))
        db.session.commit()
        return self._after_save(number, section, row_id, saved)

    def _after_save(self, number: str, section: Section, row_id: str, saved: saving.Saved) -> Any:
        """Says whether the section is complete, and goes to the list, or back to what is still to be done."""
        code = section.code
        own = [each for each in saved.missing if not row_id or each.row_id == row_id]
        page = url_for("SectionView.section", number=number, section=code)
        here = url_for("SectionView.row", number=number, section=code, row_id=row_id) if row_id else page
        if saved.problems:
            return self.done(_("内容已保存，但有几处需要改正，请看下面的说明。"), here, "warning")
        if own:
            return self.done(_("已保存，还差 %(count)d 项，请看下面的清单。", count=len(own)), here, "info")
        if row_id:
            return self.done(_("这一条已保存，内容完整。"), page)
        return self.done(
            _("「%(name)s」已保存，内容完整。", name=_(section.name)), after_section(number, code)
        )

    def _looked_through(self, number: str, section: str) -> Any:
        """「保存」 on the page of rows: the rows are saved already, a return of this section has been dealt with."""
        now = business_now()
        try:
            _whole, state = saving.claim_for_change(db.session, self.own(number), section, now)
        except saving.NotSaved as error:
            return self._refuse(error, number, section)
        saving.mark_changed(state, now)
        db.session.commit()
        return self.done(_("已保存。"), after_section(number, section))

    def _conflict(
        self, number: str, code: str, row_id: str, conflict: saving.Conflict, values: Mapping[str, str]
    ) -> Any:
        """Both versions beside each other; the person chooses."""
        whole, state = self._open(number, code, row_id)
        touched = frozenset(request.form.getlist("touched"))
        both = section_page.beside_each_other(whole, state, row_id, values, conflict.stored, touched)
        return self.page(
            "my/conflict.html", status=409, title=_("两处都修改过"), version=conflict.version, **both
        )

    def _kept_page(
        self, number: str, code: str, row_id: str, values: Mapping[str, str], sentence: str
    ) -> Any:
        """What was typed stays readable, so that it can be copied, though it could not be saved."""
        whole, state = self._open(number, code, row_id)
        fields = section_forms.shown_fields(db.session, whole, state, values, row_id)
        return self.page(
            "my/not_saved.html", status=409, title=_("没有保存"), state=state, sentence=sentence, number=number,
            rows=[(each.label, each.shown) for each in fields if each.shown],
        )  # fmt: skip

    def _refuse(self, error: saving.NotSaved, number: str, section: str) -> Any:
        db.session.rollback()
        if isinstance(error, saving.UnknownSection):
            abort(404)
        flash(wording.not_saved(error), "warning")
        return redirect(url_for("SectionView.section", number=number, section=section))

    def _draft(self, number: str, section: Section, row_id: str) -> Any:
        application = self.own(number)
        values, now = section_forms.sent_values(db.session, section, request.form), business_now()
        try:
            saved = saving.save_section(
                db.session,
                application,
                current_actor(),
                section.code,
                values,
                version=sent_version(),
                now=now,
                row_id=row_id,
                draft=True,
            )
        except saving.UnknownSection:
            abort(404)
        except saving.NotSaved as error:
            db.session.rollback()
            conflict = isinstance(error, saving.Conflict)
            answer = {"ok": False, "conflict": conflict, "message": wording.not_saved(error)}
            return jsonify(answer), 409
        notice = section_page.closing(application, now)
        db.session.commit()
        at = f"{saved.at.astimezone(BEIJING):%H:%M}"
        return jsonify(
            {"ok": True, "version": saved.version, "saved_at": at, "message": "", "conflict": False, "notice": notice}
        )


def _declared(code: str) -> Section:
    """The section that the address names; whether the application has it, the save finds out."""
    return BY_CODE.get(code) or abort(404)
