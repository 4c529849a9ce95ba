"""沿用以前的申报: which earlier application, which sections of it, and what that will change."""

from __future__ import annotations

from typing import Any

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import checklist, queries, saving, uploads, wording
from app.applications.models import Application
from app.applications.naming import code_names
from app.applications.sections import wording as section_wording
from app.applications.sections.portable import is_annual, is_portable
from app.applications.sources import taking_over
from app.applications.sources.taking_over import Offer
from app.applications.views.base import ApplicantView
from app.extensions import business_now, db
from app.files.wording import size_words
from app.web.scoping import current_actor
from app.workflow.states import EDITABLE

TITLES_SHOWN = 5


class TakeOverView(ApplicantView):
    default_view = "earlier"

    @expose("/<string:number>/earlier/")
    @has_access
    @permission_name("take_over")
    def earlier(self, number: str) -> Any:
        """Which application; the page of sections at once where there is only one."""
        application = self._open(number)
        person_id = current_actor().person_id
        assert person_id is not None
        others = [row for row in queries.of_person(db.session, person_id) if row.id != application.id]
        if len(others) == 1:
            return redirect(url_for("TakeOverView.sections", number=number, source=others[0].number))
        return self.page(
            "my/earlier.html", title=_("沿用以前的申报"), application=application, others=others, words=wording
        )

    @expose("/<string:number>/earlier/<string:source>/", methods=["GET", "POST"])
    @has_access
    @permission_name("take_over")
    def sections(self, number: str, source: str) -> Any:
        application, earlier = self._open(number), self.own(source)
        if earlier.id == application.id:
            abort(404)
        if request.method == "POST":
            return self._take(application, earlier)
        now = business_now()
        here, there = (checklist.read(db.session, each, now=now) for each in (application, earlier))
        portable = [state.section for state in here.sections if is_portable(state.section)]
        return self.page(
            "my/earlier_sections.html", title=_("沿用以前的申报"), application=application, earlier=earlier,
            offers=[(each, _titles(each), _changes(each)) for each in taking_over.offers(here, there)], words=wording,
            annual=[_(section.name) for section in portable if is_annual(section)],
            anew=[_(state.section.name) for state in here.sections if not is_portable(state.section)],
            year=application.year,
        )  # fmt: skip

    def _take(self, application: Application, earlier: Application) -> Any:
        number, source = application.number, earlier.number
        here = url_for("TakeOverView.sections", number=number, source=source)
        chosen = set(request.form.getlist("section"))
        versions = {code: int(text) for code in chosen if (text := request.form.get(f"v-{code}", "")).isdecimal()}
        if not chosen:
            return self.done(_("请先勾选要沿用的表。"), here, "warning")
        try:
            taken = taking_over.take(
                db.session, application, current_actor(), earlier, chosen=chosen,
                replacing=chosen & set(request.form.getlist("replace")), versions=versions, now=business_now(),
            )  # fmt: skip
        except saving.Conflict:
            db.session.rollback()
            return self.done(_("这份申报刚刚在别的窗口修改过，什么也没有沿用。请看清下面现在的内容后再确认。"), here, "warning")
        except saving.NotSaved as error:
            db.session.rollback()
            return self.done(_("没有沿用：%(why)s", why=wording.not_saved(error)), here, "warning")
        except uploads.QuotaFull as error:
            db.session.rollback()
            sentence = _("没有沿用：这份申报的文件合计不能超过 %(limit)s，请少选几个表。", limit=size_words(error.limit))
            return self.done(sentence, here, "warning")
        db.session.commit()
        return self.done(_said(taken), url_for("TasksView.tasks", number=number))

    def _open(self, number: str) -> Application:
        """An own application that can still be changed; what was handed in takes nothing over."""
        application = self.own(number)
        if application.state not in EDITABLE:
            abort(404)
        return application


def _titles(offer: Offer) -> list[str]:
    """By what the rows to come are recognised, the first of many."""
    names = code_names(db.session)
    titles = [names.title(offer.section, row) or _("还没有填写") for row in offer.rows]
    return titles if len(titles) <= TITLES_SHOWN else [*titles[:TITLES_SHOWN], _("等")]


def _changes(offer: Offer) -> list[tuple[str, str, str]]:
    """(field, what it says now, what it said then) of what would be replaced."""
    names = code_names(db.session)
    changes = [
        (_(field.label), section_wording.show(field, offer.now.values.get(field.code), names),
         section_wording.show(field, offer.earlier.values.get(field.code), names))
        for field in offer.differs
    ]  # fmt: skip
    kinds = list(dict.fromkeys(file.kind for file in offer.rivals))
    for item in offer.section.section_attachments:
        if item.kind in kinds:
            changes.append((_(item.label), _files(offer.now.files_at(item)), _files(offer.earlier.files_at(item))))
    return changes


def _files(found: list[Any]) -> str:
    return _("、").join(file.name for file in found)


def _said(taken: taking_over.Taken) -> str:
    if not taken.sections:
        return _("勾选的表里没有可以补充的内容，什么也没有改变。")
    sentence = _("已沿用 %(sections)d 个表：%(rows)d 条记录、%(values)d 项内容、%(files)d 个文件。请逐表核对。",
                 sections=taken.sections, rows=taken.rows, values=taken.values, files=taken.files)  # fmt: skip
    if taken.pages_left:
        sentence += _("有 %(n)d 条填的是以前合并PDF的页码，这份申报的合并PDF不同，页码没有带来，请重新填写。", n=taken.pages_left)
    return sentence
