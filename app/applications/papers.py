"""What the printed papers of an applicant say: the 材料清单 and the receipt of a submission."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext
from sqlalchemy.orm import Session

from app.applications import checklist, dossier, snapshots
from app.applications.models import Application, Snapshot
from app.applications.naming import Names, names_of
from app.applications.wording import day_words
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_name
from app.gateways.documents import MaterialFile, MaterialListData, MaterialSection, SubmissionReceiptData
from app.workflow.states import EDITABLE, State


def material_list(
    session: Session, application: Application, specialty: str, *, now: datetime
) -> MaterialListData:
    """Every section with its files, pages and sizes, and what is missing, as it is now; which submission that is, unless
    the applicant can still change it."""
    open_still = application.state in EDITABLE | {State.CANCELLED}
    last = None if open_still else next(iter(snapshots.list_of(session, application)), None)
    whole = checklist.read(session, application, now=now)
    names = names_of(whole)
    return MaterialListData(
        application_number=application.number,
        year=application.year,
        applicant_name=application.applicant_name,
        unit=application.unit.name if application.unit else "",
        review_body=application.campaign.body.name,
        series=code_name(session, CodeList.TITLE_SERIES, application.series_code),
        specialty=specialty,
        title=application.title_name,
        sections=tuple(_section(state, names) for state in whole.sections),
        printed_at=now,
        submission=last.number if last else 0,
        submitted_at=last.at if last else None,
        check_code=snapshots.check_code(last.digest) if last else "",
    )


def _section(state: checklist.SectionState, names: Names) -> MaterialSection:
    titles = {row["id"]: names.title(state.section, row) for row in state.rows}
    return MaterialSection(
        name=gettext(state.section.name),
        rows=len(state.rows) if state.section.repeats else int(state.begun),
        files=tuple(
            MaterialFile(
                dossier.label_of(state.section, file.kind),
                file.name,
                file.size,
                file.pages,
                titles.get(file.row_id, ""),
            )
            for file in state.files
        ),
        missing=tuple(dossier.missing_sentence(state, each) for each in state.missing),
        required=state.required,
    )


def receipt(
    session: Session, application: Application, row: Snapshot, specialty: str, *, progress_url: str
) -> SubmissionReceiptData:
    """The receipt of one submission, from what was frozen."""
    frozen = snapshots.open_snapshot(row)
    files = [file for section in frozen.content["sections"] for file in section["files"]]
    unit = frozen.content["unit"] or {"name": ""}
    return SubmissionReceiptData(
        application_number=application.number,
        year=application.year,
        campaign=application.campaign.name,
        applicant_name=application.applicant_name,
        id_number_masked=application.applicant.id_no_masked,
        unit=unit["name"],
        review_body=application.campaign.body.name,
        series=code_name(session, CodeList.TITLE_SERIES, application.series_code),
        specialty=specialty,
        title=application.title_name,
        apply_type=code_name(session, CodeList.APPLY_TYPE, application.apply_type),
        version=frozen.number,
        sections=len(frozen.content["sections"]),
        files=len(files),
        pages=sum(file["pages"] or 0 for file in files),
        digest=frozen.digest,
        submitted_at=frozen.at,
        next_step=gettext(
            "单位应在%(day)s前审核、公示并上报评审机构；需要您办理时将以短信通知。",
            day=day_words(application.campaign.unit_closes_at),
        ),
        progress_url=progress_url,
    )
