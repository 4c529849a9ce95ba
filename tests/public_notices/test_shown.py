"""What the 公示表 says of an applicant's work, from the sections."""

from __future__ import annotations

from datetime import date

import pytest

from app.applications.models import SectionDocument
from app.public_notices.shown import shown_rows
from tests.applications.sections.complete import ROWS

DOCUMENTS = {
    "CE": [{"year": 2024, "total": "96"}, {"year": 2025, "total": "92.5"}],
    "ASSESS": [{"year": 2024, "grade": "A"}, {"year": 2025, "grade": "B"}],
    "PROJECT": [{"name": "道路改造", "rank": 1, "total": 6}],
    "AWARD": [ROWS["AWARD"]], "PATENT": [ROWS["PATENT"]], "PAPER": [ROWS["PAPER"]], "BOOK": [ROWS["BOOK"]],
}  # fmt: skip


@pytest.mark.requirement("U6")
def test_the_notice_names_assessments_hours_achievements_and_publications(story, session):
    row = story.row
    session.add_all(
        SectionDocument(application_id=row.id, section=code, document={"rows": rows}, saved_at=row.created_at)
        for code, rows in DOCUMENTS.items()
    )
    session.flush()
    shown = shown_rows(session, [row], today=date(2026, 11, 24))[row.id]
    assert shown["assessments"] == "2025年合格\n2024年优秀"
    assert shown["further_education"] == "2024—2025年\n每年不少于92.5学时"
    assert shown["achievements"] == "道路改造（排名 1/6）\n优秀设计（排名 1）\n一种雨水口（排名 1）"
    assert shown["publications"] == "岩溶地区路基沉陷的处治（排名 1）\n市政道路设计"
