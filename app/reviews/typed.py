"""What was typed at a decision of the review page, as the move that it means."""

from __future__ import annotations

from flask import abort, current_app, request

from app.applications.models import Application
from app.applications.sections.registry import BY_CODE
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_choices
from app.extensions import business_now, db
from app.files import services as files
from app.web.scoping import current_actor
from app.workflow.actions import Action
from app.workflow.case import Move, ReturnItem


def sent_version() -> int:
    """The version that the page showed; 400 for what no page sends."""
    version = request.form.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        abort(400)
    return int(version)


def said(application: Application, action: Action) -> Move:
    """What was typed, as a move."""
    form = request.form
    reason = form.get(f"reason_{action.value}", "").strip()
    if action is Action.RETURN_TO_APPLICANT:
        return Move(items=tuple(_item(code) for code in form.getlist("section") if code in BY_CODE))
    if action is Action.ENTRUST:
        target = form.get("target_body_id", "")
        letter = _keep_letter(application)
        return Move(
            reason=reason, target_body_id=int(target) if target.isascii() and target.isdigit() and len(target) < 10 else None,
            letter_file_id=letter,
        )
    return Move(reason=reason)


def _item(code: str) -> ReturnItem:
    """A section that is sent back; a phrase of the list does for a reason when nothing else was written."""
    phrase = request.form.get(f"code_{code}", "")
    known = {choice.code: choice.name for choice in code_choices(db.session, CodeList.RETURN_REASON)}
    written = request.form.get(f"reason_{code}", "").strip()
    return ReturnItem(code, written or known.get(phrase, ""), phrase if phrase in known else "")


def _keep_letter(application: Application) -> int | None:
    upload = request.files.get("letter")
    if upload is None or not upload.filename:
        return None
    gateways, actor = current_app.extensions["gateways"], current_actor()
    kept = files.keep(
        db.session, gateways.storage, gateways.scanner, upload.stream, name=upload.filename, kind="ENTRUST_LETTER",
        owner=files.Owner(application_id=application.id), formats=(files.Format.PDF, files.Format.JPG),
        uploaded_by_id=actor.person_id, now=business_now(),
    )
    return kept.id
