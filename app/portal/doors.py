"""Who stands at the door of a public page."""

from __future__ import annotations

from flask_login import current_user

from app.web.scoping import current_person
from app.workflow.states import Party


def is_applicant() -> bool:
    return current_user.is_authenticated and current_person().kind is Party.APPLICANT
