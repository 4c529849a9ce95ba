"""我的资料库: the person's own rows, added and changed as in an application. Not here: the way into one (picking.py)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import documents, saving, section_forms, wording
from app.applications.naming import Names, code_names
from app.applications.sections.declaration import FieldType, Section
from app.applications.sections.portable import library_sections
from app.applications.sources import library
from app.applications.views.base import ApplicantView, sent_version
from app.extensions import business_now, db
from app.web.scoping import current_actor


class LibraryView(ApplicantView):
    default_view = "library"

    @expose("/library/")
    @has_access
    @permission_name("library")
    def library(self) -> Any:
        actor, names = current_actor(), code_names(db.session)
        rows: dict[str, list[Any]] = {}
        for row in library.rows_of(db.session, actor):
            rows.setdefault(row.section, []).append(row)
        undo = library.deleted_sections(db.session, actor)
        shown = [
            (section, [(row, _title(section, row.values, names)) for row in rows.get(section.code, ())])
            for section in library_sections()
        ]
        return self.page(
            "my/library.html", title=_("我的资料库"), total=sum(map(len, rows.values())), undo=undo,
            filled=[each for each in shown if each[1] or each[0].code in undo],
            empty=[section for section, held in shown if not held and section.code not in undo],
        )  # fmt: skip

    @expose("/library/<string:section>/new/")
    @has_access
    @permission_name("library")
    def new(self, section: str) -> Any:
        """A fresh row has its id before it is saved: a double click saves one row."""
        row_id = secrets.token_hex(documents.ROW_ID_LENGTH // 2)
        return redirect(url_for("LibraryView.row", section=_section(section).code, row_id=row_id))

    @expose("/library/<string:section>/<string:row_id>/", methods=["GET", "POST"])
    @has_access
    @permission_name("library")
    def row(self, section: str, row_id: str) -> Any:
        declared = _section(section)
        stored = library.get(db.session, current_actor(), section, row_id)
        well_made = documents.NEW_ROW.fullmatch(row_id)
        if stored is None and not well_made:
            abort(404)
        if request.method == "POST":
            return self._save(declared, row_id)
        values = stored.values if stored else {}
        return self._row_page(declared, row_id, values, stored.version if stored else 0, saved=stored is not None)

    @expose("/library/<string:section>/<string:row_id>/delete/", methods=["POST"])
    @has_access
    @permission_name("library")
    def delete(self, section: str, row_id: str) -> Any:
        library.delete(db.session, current_actor(), _section(section).code, row_id, now=business_now())
        db.session.commit()
        return self.done(_("已从资料库删除这一条；点「恢复」可以找回。已选用到申报中的内容不受影响。"), _home(section), "info")

    @expose("/library/<string:section>/restore/", methods=["POST"])
    @has_access
    @permission_name("library")
    def restore(self, section: str) -> Any:
        try:
            library.restore(db.session, current_actor(), _section(section).code)
        except saving.NotSaved as error:
            db.session.rollback()
            return self.done(wording.not_saved(error), _home(section), "warning")
        db.session.commit()
        return self.done(_("已恢复。"), _home(section))

    def _save(self, section: Section, row_id: str) -> Any:
        values = section_forms.sent_values(db.session, section, request.form)
        try:
            saved = library.save(
                db.session, current_actor(), section.code, row_id, values, version=sent_version(), now=business_now()
            )
        except saving.Conflict as conflict:
            db.session.rollback()
            sentence = _("这一条刚刚在别的窗口修改过。下面是您这次填写的内容，再点「保存」就以它为准。")
            return self._row_page(section, row_id, values, conflict.version, saved=True, sentence=sentence, status=409)
        except saving.NotSaved as error:
            db.session.rollback()
            sentence = wording.not_saved(error)
            return self._row_page(section, row_id, values, sent_version(), saved=False, sentence=sentence, status=409)
        db.session.commit()
        if saved.problems:
            here = url_for("LibraryView.row", section=section.code, row_id=row_id)
            return self.done(_("内容已保存，但有几处需要改正，请看下面的说明。"), here, "warning")
        return self.done(_("已存入资料库。"), _home(section.code))

    def _row_page(
        self, section: Section, row_id: str, values: Mapping[str, Any], version: int, *, saved: bool,
        sentence: str = "", status: int = 200,
    ) -> Any:  # fmt: skip
        context = library.context_for(db.session, current_actor(), business_now())
        fields = section_forms.library_fields(db.session, section, values, context)
        divisions = any(each.type is FieldType.DIVISION for each in section.fields)
        return self.page(
            "my/library_row.html", status=status, title=_(section.name), section=section, version=version, saved=saved,
            sentence=sentence, fields=fields, errors=[(each.id, each.label, each.error) for each in fields if each.error],
            divisions=section_forms.division_names(db.session) if divisions else [], back=_home(section.code),
        )  # fmt: skip


def _section(code: str) -> Section:
    try:
        return library.section_of(code)
    except saving.UnknownSection:
        abort(404)


def _title(section: Section, values: Mapping[str, Any], names: Names) -> str:
    return names.title(section, values) or _("还没有填写")


def _home(section: str) -> str:
    return url_for("LibraryView.library", _anchor=f"s-{section}")
