"""What the page of a section or of one row shows, the page on which two versions stand beside each other too."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.applications import documents, section_forms, uploads, wording
from app.applications.checklist import Checklist, SectionState
from app.applications.dossier import missing_sentence
from app.applications.facts import campaign_opened, deadline_of
from app.applications.models import Application
from app.applications.naming import names_of
from app.applications.sections.declaration import FieldType
from app.applications.sections.portable import is_portable
from app.extensions import business_now, db


def shown(whole: Checklist, state: SectionState, row_id: str, *, deleted: str) -> dict[str, Any]:
    """For my/section.html, and for my/rows.html where a section repeats and no row is named. `deleted` is the file that
    has just been deleted, by its public id; it is offered back if it can be brought back."""
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
    missing = [
        (missing_sentence(state, each), f"#f-{each.place}" if each.place else "")
        for each in state.missing
        if not row_id or each.row_id == row_id
    ]
    offers_back = deleted and state.unlocked
    return dict(
        application=whole.application,
        state=state,
        place=_place(number, code, row_id),
        order=[each.section.code for each in whole.sections].index(code) + 1,
        count=len(whole.sections),
        row_id=row_id,
        saved=row is not None or not row_id,
        fields=fields,
        errors=[(each.id, each.label, each.error) for each in fields if each.error],
        locked=section_forms.locked_values(db.session, whole, state.section) if not row_id else [],
        attachments=section_forms.shown_attachments(whole, state, values, row_id),
        deleted=uploads.removed_file(db.session, whole.application, deleted) if offers_back else None,
        draft_key=_draft_key(whole.application, code, row_id),
        notice=closing(whole.application, business_now()) if state.unlocked else "",
        rows=[
            (each["id"], names.title(state.section, each) or _("还没有填写"),
             sum(1 for item in state.missing if item.row_id == each["id"]))
            for each in state.rows
        ],
        missing=missing if state.begun else [],
        whole_missing=[missing_sentence(state, each) for each in state.missing if not each.row_id],
        undo=bool(state.document.get(documents.DELETED)),
        portable=is_portable(state.section),
        divisions=section_forms.division_names(db.session) if divisions and state.unlocked else [],
        merged_pages=whole.context.merged_pages if state.section.merged else None,
        words=wording,
    )  # fmt: skip


def beside_each_other(
    whole: Checklist, state: SectionState, row_id: str, sent: Mapping[str, str], stored: Mapping[str, Any],
    touched: Collection[str],
) -> dict[str, Any]:  # fmt: skip
    """For my/conflict.html: what was sent and what is stored, field by field. What the page had not `touched` is proposed
    as it is stored; a browser without the script does not say which that is."""
    number, code = whole.application.number, state.section.code
    fields = section_forms.shown_fields(db.session, whole, state, sent, row_id)
    mine = [each for each in fields if each.kind != "computed"]
    theirs = {each.id: each for each in section_forms.shown_fields(db.session, whole, state, stored, row_id)}
    return dict(
        state=state, fields=mine, same=[each for each in mine if each.value == theirs[each.id].value],
        different=[
            (each, theirs[each.id], not touched or each.id in touched)
            for each in mine
            if each.value != theirs[each.id].value
        ],
        place=_place(number, code, row_id), row_id=row_id, draft_key=_draft_key(whole.application, code, row_id),
        at=wording.moment(state.saved_at) if state.saved_at else "",
    )  # fmt: skip


def closing(application: Application, now: datetime) -> str:
    """What whoever is filling in should know about the deadline before they try to submit."""
    opened = campaign_opened(db.session, application, now)
    return wording.closing(deadline_of(db.session, application), now, opened)


def _place(number: str, code: str, row_id: str) -> dict[str, str]:
    """The page in an address, for url_for."""
    return {"number": number, "section": code} | ({"row_id": row_id} if row_id else {})


def _draft_key(application: Application, code: str, row_id: str) -> str:
    """Under which name a browser keeps what it could not send; that of another account is never offered."""
    return ":".join(filter(None, ("draft", str(application.applicant_id), application.number, code, row_id)))
