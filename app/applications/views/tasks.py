"""申报清单: every section with its tick, what is missing, and where to go on."""

from __future__ import annotations

from typing import Any

from flask import flash, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import checklist, queries, wording
from app.applications.checklist import Checklist, SectionState
from app.applications.dossier import missing_sentence
from app.applications.facts import deadline_of
from app.applications.services import fire
from app.applications.submitting import follow_unit
from app.applications.views.base import ApplicantView, sent_version
from app.catalogue.queries import specialty_name
from app.extensions import business_now, db
from app.web.scoping import current_actor
from app.words import N_
from app.workflow.actions import Action
from app.workflow.machine import MoveRefused
from app.workflow.states import EDITABLE

GROUPS = (
    (N_("个人信息"), frozenset({"BASIC", "APPLY", "EDU", "TRAIN", "WORK", "GRASS"})),
    (N_("任职与考核"), frozenset({"TITLE", "LICENSE", "CE", "ASSESS", "EXAM"})),
    (N_("总结、承诺与附件"), frozenset({"SUMMARY", "EXC", "PROMISE", "ATTACH"})),
)
OTHERS = N_("业绩与成果")


class TasksView(ApplicantView):
    default_view = "tasks"

    @expose("/<string:number>/")
    @has_access
    @permission_name("tasks")
    def tasks(self, number: str) -> Any:
        application, now = self.own(number), business_now()
        if application.state in EDITABLE and follow_unit(db.session, application):
            db.session.commit()
            application = self.own(number)
        whole = checklist.read(db.session, application, now=now)
        moves = queries.history(db.session, application)
        return self.page(
            "my/tasks.html",
            title=_("申报清单"),
            application=application,
            whole=whole,
            editable=application.state in EDITABLE,
            specialty=specialty_name(db.session, application.specialty_code),
            groups=groups(whole),
            missing=missing_links(whole),
            deadline=wording.deadline(deadline_of(db.session, application), now),
            go_on=go_on(whole),
            timeline=wording.timeline(application, moves),
            words=wording,
        )

    @expose("/<string:number>/cancel/", methods=["POST"])
    @has_access
    @permission_name("tasks")
    def cancel(self, number: str) -> Any:
        """取消申报: nothing is deleted; another may be started afterwards."""
        application = self.own(number)
        try:
            fire(
                db.session,
                application,
                current_actor(),
                Action.CANCEL,
                now=business_now(),
                version=sent_version(),
            )
        except MoveRefused as error:
            db.session.rollback()
            flash(wording.refused(error), "warning")
            return self.done(_("没有取消。"), url_for("TasksView.tasks", number=number), "info")
        db.session.commit()
        return self.done(
            _("申报 %(number)s 已取消。需要时可以重新开始申报。", number=number), url_for("MyHomeView.home")
        )


def groups(whole: Checklist) -> list[tuple[str, list[tuple[SectionState, str, str]]]]:
    """(heading, [(section, status, line below its name)]); status is done, free, back, doing or todo."""
    found: dict[str, list[tuple[SectionState, str, str]]] = {}
    for state in whole.sections:
        heading = next((name for name, codes in GROUPS if state.section.code in codes), OTHERS)
        found.setdefault(_(heading), []).append((state, *_status(state)))
    return list(found.items())


def _status(state: SectionState) -> tuple[str, str]:
    if state.waiting and state.returned is not None:
        return "back", _("退回原因：%(reason)s", reason=state.returned.reason)
    if not state.missing:
        if state.not_needed:
            return "free", _("没有的可以不填")
        return "done", _("共 %(count)d 条", count=len(state.rows)) if state.section.repeats else ""
    status = "doing" if state.begun else "todo"
    return status, _("还差 %(count)d 项", count=len(state.missing))


def missing_links(whole: Checklist) -> list[tuple[str, str, str]]:
    """(section, sentence, address of the field) of everything that is missing; a section that was sent back and not
    changed yet is missing as a whole."""
    found = []
    for state in whole.sections:
        name = _(state.section.name)
        if state.waiting and not state.missing:
            place = url_for("SectionView.section", number=whole.application.number, section=state.section.code)
            found.append((name, _("按退回原因修改并保存"), place))
        found += [
            (name, missing_sentence(state, each), field_link(whole, state, each))
            for each in state.missing
        ]
    return found


def field_link(whole: Checklist, state: SectionState, each: Any) -> str:
    """Where a missing thing is filled in."""
    number, code = whole.application.number, state.section.code
    place = f"f-{each.place}" if each.place else None
    if each.row_id and state.section.repeats:
        return url_for("SectionView.row", number=number, section=code, row_id=each.row_id, _anchor=place)
    return url_for("SectionView.section", number=number, section=code, _anchor=place)


def go_on(whole: Checklist) -> str:
    """The page of the next thing to do."""
    number, following = whole.application.number, whole.next_section()
    if following is None:
        return url_for("CheckView.check", number=number)
    return url_for("SectionView.section", number=number, section=following.section.code)
