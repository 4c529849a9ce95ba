"""What sections show of an application but never hold."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.applications.models import Application
from app.applications.sections.apply import derived
from app.applications.sections.declaration import Facts, Source
from app.catalogue.queries import specialty_name
from app.days import BEIJING


def joined_values(session: Session, application: Application, facts: Facts) -> dict[tuple[Source, str], Any]:
    """Identity (masked), unit, what was chosen at the start and what follows from it, by source and field. Codes stay
    codes; the application has its relations loaded."""
    person, unit, campaign = application.applicant, application.unit, application.campaign
    known = campaign.pledge if application.pledge_version == campaign.pledge_version else ""
    chosen: dict[str, Any] = derived(facts) | {
        "review_body": campaign.body.name,
        "qualification": application.title_name,
        "campaign": campaign.name,
        "series": application.series_code,
        "specialty": specialty_name(session, application.specialty_code),
        "level": application.level_code,
        "apply_type": application.apply_type,
        "defense": campaign.defence_required,
        "final_years": f"{application.year}-12-31",
        "pledge": known,
        "pledge_version": application.pledge_version,
        "pledge_code": application.pledge_digest[:16].upper(),
        "pledge_at": f"{application.pledge_at.astimezone(BEIJING):%Y-%m-%d %H:%M}",
    }
    values: dict[tuple[Source, str], Any] = {(Source.APPLICATION, code): value for code, value in chosen.items()}
    values |= {
        (Source.PERSON, "name"): person.name,
        (Source.PERSON, "gender"): person.gender or "",
        (Source.PERSON, "id_type"): person.id_type or "",
        (Source.PERSON, "id_no"): person.id_no_masked,
        (Source.PERSON, "birth_date"): person.birth_date.isoformat() if person.birth_date else "",
        (Source.PERSON, "mobile"): person.phone_masked,
    }
    if unit is not None:
        values |= {
            (Source.UNIT, "unit_name"): unit.name,
            (Source.UNIT, "unit_uscc"): unit.uscc,
            (Source.UNIT, "unit_nature"): unit.nature_code,
            (Source.UNIT, "unit_level"): unit.level_code,
            (Source.UNIT, "unit_division"): unit.division_code,
        }
    return values
