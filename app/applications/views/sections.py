"""Filling in one section, or one row of it; every save also as a draft while typing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import checklist, saving, section_forms, uploads, wording
from app.applications.checklist import Checklist, SectionState
from app.applications.dossier import missing_sentence
from app.applications.facts import campaign_opened, deadline_of
from app.applications.models import Application
from app.applications.naming import names_of
from app.applications.portable import is_portable
from app.applications.sections.declaration import FieldType, Section
from app.applications.sections.registry import BY_CODE
from app.applications.views.base import ApplicantView, after_section, sent_version, way_back
from app.days import BEIJING
from app.extensions import business_now, db
from app.files.models import StoredFile
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
        _application, whole, state = self._open(number, section)
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
                row_id=secrets.token_hex(saving.ROW_ID_LENGTH // 2),
            )
        )

    @expose("/<string:number>/<string:section>/rows/<string:row_id>/", methods=["GET", "POST"])
    @has_access
    @permission_name("fill")
    def row(self, number: str, section: str, row_id: str) -> Any:
        if request.method == "POST":
            return self._save(number, _declared(section), row_id)
        _application, whole, state = self._open(number, section, row_id)
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

    def _open(
        self, number: str, section: str, row_id: str = ""
    ) -> tuple[Application, Checklist, SectionState]:
        application = self.own(number)
        whole = checklist.read(db.session, application, now=business_now())
        try:
            state = whole.section(section)
        except KeyError:
            abort(404)
        well_made = state.section.repeats and saving.NEW_ROW.fullmatch(row_id)
        if row_id and not well_made and state.row(row_id) is None:
            abort(404)
        return application, whole, state

    def _page(self, whole: Checklist, state: SectionState, template: str, row_id: str = "") -> Any:
        number, code = whole.application.number, state.section.code
        row = state.row(row_id) if row_id else None
        values = (row or {}) if row_id else state.values
        fields = (
            []
            if state.section.repeats and not row_id
            else section_forms.shown_fields(db.session, whole, state, values, row_id)
        )
        names = names_of(whole)
        divisions = any(each.type is FieldType.DIVISION and each.typed for each in state.section.fields)
        place = {"number": number, "section": code} | ({"row_id": row_id} if row_id else {})
        missing = [
            (missing_sentence(state, each), f"#f-{each.place}" if each.place else "")
            for each in state.missing
            if not row_id or each.row_id == row_id
        ]
        return self.page(
            template,
            title=_(state.section.name),
            application=whole.application,
            state=state,
            place=place,
            back=way_back(number, code),
            order=[each.section.code for each in whole.sections].index(code) + 1,
            count=len(whole.sections),
            row_id=row_id,
            saved=row is not None or not row_id,
            fields=fields,
            errors=[(each.id, each.label, each.error) for each in fields if each.error],
            locked=section_forms.locked_values(db.session, whole, state.section) if not row_id else [],
            attachments=section_forms.shown_attachments(whole, state, values, row_id),
            deleted=self._deleted(whole.application) if state.unlocked else None,
            draft_key=_draft_key(whole.application, code, row_id),
            notice=_closing(whole.application, business_now()) if state.unlocked else "",
            rows=[
                (each["id"], names.title(state.section, each) or _("还没有填写"),
                 sum(1 for item in state.missing if item.row_id == each["id"]))
                for each in state.rows
            ],
            missing=missing if state.begun else [],
            whole_missing=[missing_sentence(state, each) for each in state.missing if not each.row_id],
            undo=bool(state.document.get(saving.DELETED)),
            portable=is_portable(state.section),
            divisions=section_forms.division_names(db.session) if divisions and state.unlocked else [],
            merged_pages=whole.context.merged_pages if state.section.merged else None,
            words=wording,
        )  # fmt: skip

    def _deleted(self, application: Application) -> StoredFile | None:
        """The file that has just been deleted, if it can be brought back."""
        public_id = request.args.get("deleted", "")
        return uploads.removed_file(db.session, application, public_id) if public_id else None

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
        """Both versions beside each other, field by field; the person chooses. What this page had not changed is proposed
        as it is stored; a browser without the script does not say which that is."""
        touched = set(request.form.getlist("touched"))
        application, whole, state = self._open(number, code, row_id)
        shown = section_forms.shown_fields(db.session, whole, state, values, row_id)
        mine = [each for each in shown if each.kind != "computed"]
        theirs = {
            each.id: each
            for each in section_forms.shown_fields(db.session, whole, state, conflict.stored, row_id)
        }
        return self.page(
            "my/conflict.html", status=409, title=_("两处都修改过"), state=state, version=conflict.version, fields=mine,
            same=[each for each in mine if each.value == theirs[each.id].value],
            different=[
                (each, theirs[each.id], not touched or each.id in touched)
                for each in mine
                if each.value != theirs[each.id].value
            ],
            place={"number": number, "section": code} | ({"row_id": row_id} if row_id else {}), row_id=row_id,
            draft_key=_draft_key(application, code, row_id),
            at=wording.moment(state.saved_at) if state.saved_at else "",
        )  # fmt: skip

    def _kept_page(
        self, number: str, code: str, row_id: str, values: Mapping[str, str], sentence: str
    ) -> Any:
        """What was typed stays readable, so that it can be copied, though it could not be saved."""
        _application, whole, state = self._open(number, code, row_id)
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
        notice = _closing(application, now)
        db.session.commit()
        at = f"{saved.at.astimezone(BEIJING):%H:%M}"
        return jsonify(
            {"ok": True, "version": saved.version, "saved_at": at, "message": "", "conflict": False, "notice": notice}
        )


def _declared(code: str) -> Section:
    """The section that the address names; whether the application has it, the save finds out."""
    return BY_CODE.get(code) or abort(404)
def _draft_key(application: Application, code: str, row_id: str) -> str:
    """Under which name a browser keeps what it could not send; that of another account is never offered."""
    return ":".join(filter(None, ("draft", str(application.applicant_id), application.number, code, row_id)))


def _closing(application: Application, now: datetime) -> str:
    """What whoever is filling in should know about the deadline before they try to submit."""
    opened = campaign_opened(db.session, application, now)
    return wording.closing(deadline_of(db.session, application), now, opened)
