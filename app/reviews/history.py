"""The history of an application as rows of the timeline."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.applications.models import Application
from app.applications.sections.registry import BY_CODE
from app.reviews.queries import Past
from app.web.theme import show_value
from app.workflow.actions import Action
from app.workflow.states import FINAL, NAMES
from app.workflow.transitions import TRANSITIONS

LABELS = {row.action: row.label for row in TRANSITIONS}
BACK = frozenset({Action.RETURN_TO_APPLICANT, Action.RETURN_TO_UNIT, Action.GRANT_RETURN, Action.DECLINE, Action.REJECT})


def steps(pasts: Sequence[Past], application: Application) -> list[tuple[str, str, str, str, str]]:
    """(state, what, who, when, note) for ui.timeline, the oldest first, with where it stands now at the end."""
    rows = [
        ("back" if past.row.action in BACK else "done", _(LABELS[past.row.action]), past.row.office,
         str(show_value(past.row.at)), _note(past))
        for past in pasts
    ]
    if application.state not in FINAL:
        rows.append(("now", _(NAMES[application.state].staff), _holder(application), "", ""))
    return rows


def _note(past: Past) -> str:
    items = "；".join(
        _("%(section)s：%(reason)s", section=_(BY_CODE[item.section].name) if item.section in BY_CODE else item.section,
          reason=item.reason.rstrip("。；"))
        for item in past.sections
    )
    return items or past.row.reason


def _holder(application: Application) -> str:
    if application.holder_body is not None:
        return application.holder_body.name
    return application.unit.name if application.holder == "unit" and application.unit else ""
