"""Out of the library into an application, and back: rows are ticked on a page of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import saving, wording
from app.applications.checklist import SectionState
from app.applications.models import Application
from app.applications.naming import code_names
from app.applications.sections.portable import Held
from app.applications.sources import library
from app.applications.views.base import ApplicantView
from app.extensions import business_now, db
from app.web.scoping import current_actor
from app.words import N_

# What keeping a row would do, with the tone of its badge.
KEEPING = {
    "add": (N_("资料库中没有"), "info"),
    "update": (N_("资料库中的内容不同，将更新"), "warn"),
    "same": (N_("资料库中已有，内容相同"), "plain"),
}


class PickRow(NamedTuple):
    """A row to tick. `free` says whether it may be ticked; `note` is a badge."""

    id: str
    title: str
    note: str
    tone: str
    free: bool
    ticked: bool


class PickView(ApplicantView):
    default_view = "choose"

    @expose("/<string:number>/<string:section>/library/", methods=["GET", "POST"])
    @has_access
    @permission_name("pick")
    def choose(self, number: str, section: str) -> Any:
        """从资料库选择: rows of the library become rows of the application, in one save."""
        application, _whole, state = self.own_rows(number, section)
        kept = library.rows_of(db.session, current_actor(), section)
        rows, held = [{"id": row.row_id, **row.values} for row in kept], Held(state.section, state.rows)
        if request.method == "POST":
            return self._choose(application, state, _picked([row for row in rows if row not in held]))
        return self._page(
            state, number, _("从资料库选择"), _("加入这份申报"),
            _("勾选要用在这份申报中的内容。这里加入的是副本，以后修改不影响资料库。"),
            _("资料库里还没有「%(name)s」。可以先把以前或这份申报中的内容存入资料库，也可以在「我的资料库」中添加。",
              name=_(state.section.name)),
            [(row, _("这份申报中已有") if row in held else "", "plain", row not in held, False) for row in rows],
        )  # fmt: skip

    @expose("/<string:number>/<string:section>/library/keep/", methods=["GET", "POST"])
    @has_access
    @permission_name("pick")
    def keep(self, number: str, section: str) -> Any:
        """存入资料库: rows of the application, also of one that cannot be changed any more."""
        _application, _whole, state = self.own_rows(number, section)
        if request.method == "POST":
            return self._keep(state, number)
        found = library.compare(db.session, current_actor(), state.section, state.rows)
        return self._page(
            state, number, _("存入资料库"), _("存入资料库"),
            _("存入后，以后的申报可以直接选用。只存填写的内容，证明材料留在这份申报里。"),
            _("这份申报的「%(name)s」还没有内容。", name=_(state.section.name)),
            [
                (row, _(KEEPING[found[row["id"]]][0]), KEEPING[found[row["id"]]][1], True, found[row["id"]] != "same")
                for row in state.rows
            ],
        )  # fmt: skip

    def _choose(self, application: Application, state: SectionState, picked: Sequence[Mapping[str, Any]]) -> Any:
        code, back = state.section.code, _back(application.number, state)
        try:
            added = saving.add_rows(db.session, application, current_actor(), code, picked, now=business_now())
        except saving.NotSaved as error:
            db.session.rollback()
            return self.done(wording.not_saved(error), back, "warning")
        db.session.commit()
        if not added:
            return self.done(_("没有勾选可以加入的内容，什么也没有改变。"), back, "info")
        return self.done(_("已从资料库加入 %(n)d 条；证明材料请在各条中上传。", n=len(added)), back)

    def _keep(self, state: SectionState, number: str) -> Any:
        back = _back(number, state)
        try:
            kept = library.keep(db.session, current_actor(), state.section, _picked(state.rows), now=business_now())
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

    def _page(
        self, state: SectionState, number: str, title: str, button: str, intro: str, nothing: str,
        rows: Sequence[tuple[Mapping[str, Any], str, str, bool, bool]],
    ) -> Any:  # fmt: skip
        names = code_names(db.session)
        return self.page(
            "my/pick_rows.html", title=title, state=state, button=button, intro=intro, nothing=nothing,
            back=_back(number, state),
            rows=[
                PickRow(row["id"], names.title(state.section, row) or _("还没有填写"), *rest) for row, *rest in rows
            ],
        )  # fmt: skip


def _back(number: str, state: SectionState) -> str:
    return url_for("SectionView.section", number=number, section=state.section.code)


def _picked(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    ticked = set(request.form.getlist("row"))
    return [row for row in rows if row["id"] in ticked]
