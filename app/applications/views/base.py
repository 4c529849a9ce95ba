"""What the applicant's pages share."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import abort, request, session, url_for
from flask_babel import gettext as _

from app.applications import checklist, queries
from app.applications.checklist import Checklist, SectionState
from app.applications.models import Application
from app.applications.sections.portable import is_portable
from app.extensions import business_now, db
from app.files.wording import size_words
from app.web.scoping import current_actor
from app.web.views import TaskView
from app.workflow.states import Party


class ApplicantView(TaskView):
    """A page under /my. `own` is the only way to an application: a number of somebody else is 404."""

    route_base = "/my"
    shell: ClassVar[str] = "person"

    def page(self, template: str, **values: Any) -> Any:
        return super().page(template, size_words=size_words, **values)

    def own(self, number: str) -> Application:
        actor = current_actor()
        if actor.party is not Party.APPLICANT:
            abort(404)
        try:
            return queries.get(db.session, actor, number)
        except queries.NotVisible:
            abort(404)

    def own_rows(self, number: str, section: str) -> tuple[Application, Checklist, SectionState]:
        """An own application with one repeating section of it whose rows may come and go; 404 for any other."""
        application = self.own(number)
        whole = checklist.read(db.session, application, now=business_now())
        state = next((each for each in whole.sections if each.section.code == section), None)
        if state is None or not state.section.repeats or not is_portable(state.section):
            abort(404)
        return application, whole, state


BACK = "back_to_check"  # the application that the person is correcting from its check page


def after_section(number: str, code: str) -> str:
    """Where a saved section leads: to its place on the check page for who came from there, else to the list."""
    if session.get(BACK) == number:
        return url_for("CheckView.check", number=number, _anchor=f"s-{code}")
    return url_for("TasksView.tasks", number=number)


def way_back(number: str, code: str) -> tuple[str, str]:
    """after_section() with what a link to it says."""
    return after_section(number, code), _("返回检查页") if session.get(BACK) == number else _("返回申报清单")


def sent_version() -> int:
    """The version that the page showed; a page without one is older than everything."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
