"""Filling in one section, or one row of it; every save also as a draft while typing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import checklist, saving, section_forms, wording
from app.applications.checklist import Checklist, SectionState
from app.applications.dossier import missing_sentence, row_title
from app.applications.models import Application
from app.applications.portable import is_portable
from app.applications.sections.declaration import FieldType
from app.applications.views.base import ApplicantView, sent_version
from app.catalogue.queries import StoredCodes
from app.days import BEIJING
from app.extensions import business_now, db
from app.web.scoping import current_actor

ROW_ID = frozenset("0123456789abcdef")
ROW_ID_LENGTH = 12


class SectionView(ApplicantView):
    default_view = "section"

    @expose("/<string:number>/<string:section>/", methods=["GET", "POST"])
    @has_access
    @permission_name("fill")
    def section(self, number: str, section: str) -> Any:
        application, whole, state = self._open(number, section)
        if request.method == "POST":
            if state.section.repeats:
                return self._looked_through(application, section)
            return self._save(application, state)
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
                row_id=secrets.token_hex(ROW_ID_LENGTH // 2),
            )
        )

    @expose("/<string:number>/<string:section>/rows/<string:row_id>/", methods=["GET", "POST"])
    @has_access
    @permission_name("fill")
    def row(self, number: str, section: str, row_id: str) -> Any:
        application, whole, state = self._open(number, section, row_id)
        if request.method == "POST":
            return self._save(application, state, row_id)
        return self._page(whole, state, "my/section.html", row_id)

    @expose("/<string:number>/<string:section>/draft", methods=["POST"])
    @has_access
    @permission_name("fill")
    def draft(self, number: str, section: str) -> Any:
        application, _whole, state = self._open(number, section)
        return self._draft(application, state, "")

    @expose("/<string:number>/<string:section>/rows/<string:row_id>/draft", methods=["POST"])
    @has_access
    @permission_name("fill")
    def row_draft(self, number: str, section: str, row_id: str) -> Any:
        application, _whole, state = self._open(number, section, row_id)
        return self._draft(application, state, row_id)

    @expose(
        "/<string:number>/<string:section>/rows/<string:row_id>/<any(delete,up,down):verb>/", methods=["POST"]
    )
    @has_access
    @permission_name("fill")
    def change_row(self, number: str, section: str, row_id: str, verb: str) -> Any:
        application, _whole, _state = self._open(number, section, row_id)
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
        application, _whole, _state = self._open(number, section)
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
        well_made = state.section.repeats and len(row_id) == ROW_ID_LENGTH and set(row_id) <= ROW_ID
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
        names = StoredCodes(db.session)
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
            order=[each.section.code for each in whole.sections].index(code) + 1,
            count=len(whole.sections),
            row_id=row_id,
            saved=row is not None or not row_id,
            fields=fields,
            errors=[(each.id, each.label, each.error) for each in fields if each.error],
            locked=section_forms.locked_values(db.session, whole, state.section) if not row_id else [],
            attachments=section_forms.shown_attachments(whole, state, values, row_id),
            rows=[
                (each["id"], row_title(state.section, each, names) or _("还没有填写"),
                 sum(1 for item in state.missing if item.row_id == each["id"]))
                for each in state.rows
            ],
            missing=missing if state.begun else [],
            whole_missing=[missing_sentence(state, each) for each in state.missing if not each.row_id],
            undo=bool(state.document.get(saving.DELETED)),
            portable=is_portable(state.section),
            divisions=section_forms.division_names(db.session) if divisions and state.unlocked else [],
            words=wording,
        )  # fmt: skip

    def _save(self, application: Application, state: SectionState, row_id: str = "") -> Any:
        number, code = application.number, state.section.code
        values = section_forms.sent_values(db.session, state.section, request.form)
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
        except saving.NotSaved as error:
            db.session.rollback()
            return self._kept_page(number, code, row_id, values, wording.not_saved(error))
        db.session.commit()
        return self._after_save(number, code, row_id, bool(saved.problems))

    def _after_save(self, number: str, code: str, row_id: str, problems: bool) -> Any:
        """Says whether the section is complete, and goes to the list, or back to what is still to be done."""
        _application, _whole, state = self._open(number, code, row_id)
        own = [each for each in state.missing if not row_id or each.row_id == row_id]
        page = url_for("SectionView.section", number=number, section=code)
        here = url_for("SectionView.row", number=number, section=code, row_id=row_id) if row_id else page
        if problems:
            return self.done(_("内容已保存，但有几处需要改正，请看下面的说明。"), here, "warning")
        if own:
            return self.done(_("已保存，还差 %(count)d 项，请看下面的清单。", count=len(own)), here, "info")
        if row_id:
            return self.done(_("这一条已保存，内容完整。"), page)
        return self.done(
            _("「%(name)s」已保存，内容完整。", name=_(state.section.name)),
            url_for("TasksView.tasks", number=number),
        )

    def _looked_through(self, application: Application, section: str) -> Any:
        """「保存」 on the page of rows: the rows are saved already, a return of this section has been dealt with."""
        try:
            now = business_now()
            saving.claim_for_change(db.session, application, section, now)
            saving.mark_changed(db.session, application, section, now)
        except saving.NotSaved as error:
            return self._refuse(error, application.number, section)
        number = application.number
        db.session.commit()
        return self.done(_("已保存。"), url_for("TasksView.tasks", number=number))

    def _conflict(
        self, number: str, code: str, row_id: str, conflict: saving.Conflict, values: Mapping[str, str]
    ) -> Any:
        """Both versions beside each other, field by field; the person chooses."""
        _application, whole, state = self._open(number, code, row_id)
        mine = section_forms.shown_fields(db.session, whole, state, values, row_id)
        theirs = {
            each.id: each
            for each in section_forms.shown_fields(db.session, whole, state, conflict.stored, row_id)
        }
        words = {each.id: dict((value, name) for value, name, _find in each.options) for each in mine}
        return self.page(
            "my/conflict.html", status=409, title=_("两处都修改过"), state=state, version=conflict.version,
            same=[each for each in mine if each.value == theirs[each.id].value],
            different=[(each, theirs[each.id].value) for each in mine if each.value != theirs[each.id].value],
            place={"number": number, "section": code} | ({"row_id": row_id} if row_id else {}), row_id=row_id,
            show=lambda field, value: words[field.id].get(value, value) or _("（空）"),
        )  # fmt: skip

    def _kept_page(
        self, number: str, code: str, row_id: str, values: Mapping[str, str], sentence: str
    ) -> Any:
        """What was typed stays readable, so that it can be copied, though it could not be saved."""
        _application, whole, state = self._open(number, code, row_id)
        fields = section_forms.shown_fields(db.session, whole, state, values, row_id)
        return self.page(
            "my/not_saved.html", status=409, title=_("没有保存"), state=state, sentence=sentence, number=number,
            rows=[(each.label, each.value) for each in fields if each.value],
        )  # fmt: skip

    def _refuse(self, error: saving.NotSaved, number: str, section: str) -> Any:
        db.session.rollback()
        flash(wording.not_saved(error), "warning")
        return redirect(url_for("SectionView.section", number=number, section=section))

    def _draft(self, application: Application, state: SectionState, row_id: str) -> Any:
        values = section_forms.sent_values(db.session, state.section, request.form)
        try:
            saved = saving.save_section(
                db.session,
                application,
                current_actor(),
                state.section.code,
                values,
                version=sent_version(),
                now=business_now(),
                row_id=row_id,
                draft=True,
            )
        except saving.NotSaved as error:
            db.session.rollback()
            conflict = isinstance(error, saving.Conflict)
            answer = {"ok": False, "conflict": conflict, "message": wording.not_saved(error)}
            return jsonify(answer), 409
        db.session.commit()
        at = f"{saved.at.astimezone(BEIJING):%H:%M}"
        return jsonify(
            {"ok": True, "version": saved.version, "saved_at": at, "message": "", "conflict": False}
        )
