"""我的资料库: its own pages, and the way out of it into an application and back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import library, saving, section_forms, wording
from app.applications.dossier import row_title
from app.applications.portable import Held, library_sections
from app.applications.sections.declaration import FieldType, Section
from app.applications.views.base import ApplicantView, sent_version
from app.applications.views.sections import ROW_ID, ROW_ID_LENGTH
from app.catalogue.queries import StoredCodes
from app.extensions import business_now, db
from app.web.scoping import current_actor
from app.words import N_

WORDS = {
    "add": (N_("资料库中没有"), "info"),
    "update": (N_("资料库中的内容不同，将更新"), "warn"),
    "same": (N_("资料库中已有，内容相同"), "plain"),
}


class LibraryView(ApplicantView):
    default_view = "library"

    @expose("/library/")
    @has_access
    @permission_name("library")
    def library(self) -> Any:
        actor, names = current_actor(), StoredCodes(db.session)
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
        row_id = secrets.token_hex(ROW_ID_LENGTH // 2)
        return redirect(url_for("LibraryView.row", section=_section(section).code, row_id=row_id))

    @expose("/library/<string:section>/<string:row_id>/", methods=["GET", "POST"])
    @has_access
    @permission_name("library")
    def row(self, section: str, row_id: str) -> Any:
        declared = _section(section)
        stored = library.get(db.session, current_actor(), section, row_id)
        well_made = len(row_id) == ROW_ID_LENGTH and set(row_id) <= ROW_ID
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

    @expose("/<string:number>/<string:section>/library/", methods=["GET", "POST"])
    @has_access
    @permission_name("library")
    def choose(self, number: str, section: str) -> Any:
        """从资料库选择: rows of the library become rows of the application, in one save."""
        application, _whole, state = self.own_rows(number, section)
        actor, back = current_actor(), url_for("SectionView.section", number=number, section=section)
        rows = [{"id": row.row_id, **row.values} for row in library.rows_of(db.session, actor, section)]
        held = Held(state.section, state.rows)
        if request.method == "POST":
            picked = _picked([row for row in rows if row not in held])
            try:
                added = saving.add_rows(db.session, application, actor, section, picked, now=business_now())
            except saving.NotSaved as error:
                db.session.rollback()
                return self.done(wording.not_saved(error), back, "warning")
            db.session.commit()
            if added:
                return self.done(_("已从资料库加入 %(n)d 条；证明材料请在各条中上传。", n=len(added)), back)
            return self.done(_("没有勾选可以加入的内容，什么也没有改变。"), back, "info")
        names = StoredCodes(db.session)
        return self.page(
            "my/pick_rows.html", title=_("从资料库选择"), state=state, application=application, back=back,
            intro=_("勾选要用在这份申报中的内容。这里加入的是副本，以后修改不影响资料库。"), button=_("加入这份申报"),
            rows=[
                (row["id"], _title(state.section, row, names), *((_("这份申报中已有"), "plain") if row in held else ("", "")),
                 row not in held, False)
                for row in rows
            ],
            nothing=_("资料库里还没有「%(name)s」。可以先把以前或这份申报中的内容存入资料库，也可以在「我的资料库」中添加。",
                      name=_(state.section.name)),
        )  # fmt: skip

    @expose("/<string:number>/<string:section>/library/keep/", methods=["GET", "POST"])
    @has_access
    @permission_name("library")
    def keep(self, number: str, section: str) -> Any:
        """存入资料库: rows of the application, also of one that cannot be changed any more."""
        application, _whole, state = self.own_rows(number, section)
        actor, back = current_actor(), url_for("SectionView.section", number=number, section=section)
        if request.method == "POST":
            try:
                kept = library.keep(db.session, actor, state.section, _picked(state.rows), now=business_now())
            except saving.Conflict:
                db.session.rollback()
                return self.done(_("资料库刚刚在别的窗口修改过，请再存一次。"), back, "warning")
            except saving.NotSaved as error:
                db.session.rollback()
                return self.done(wording.not_saved(error), back, "warning")
            db.session.commit()
            sentence = _("已存入资料库：新增 %(added)d 条，更新 %(updated)d 条，原样 %(same)d 条。",
                         added=kept.added, updated=kept.updated, same=kept.same)  # fmt: skip
            return self.done(sentence, back)
        names, found = StoredCodes(db.session), library.compare(db.session, actor, state.section, state.rows)
        return self.page(
            "my/pick_rows.html", title=_("存入资料库"), state=state, application=application, back=back,
            intro=_("存入后，以后的申报可以直接选用。只存填写的内容，证明材料留在这份申报里。"), button=_("存入资料库"),
            rows=[
                (row["id"], _title(state.section, row, names), _(WORDS[found[row["id"]]][0]), WORDS[found[row["id"]]][1],
                 True, found[row["id"]] != "same")
                for row in state.rows
            ],
            nothing=_("这份申报的「%(name)s」还没有内容。", name=_(state.section.name)),
        )  # fmt: skip

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


def _picked(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    ticked = set(request.form.getlist("row"))
    return [row for row in rows if row["id"] in ticked]


def _title(section: Section, values: Mapping[str, Any], names: StoredCodes) -> str:
    return row_title(section, values, names) or _("还没有填写")


def _home(section: str) -> str:
    return url_for("LibraryView.library", _anchor=f"s-{section}")
