"""The copy to take away: a ZIP with everything in words (JSON), each application's sections, and an index of the files."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.models import Person
from app.applications import dossier
from app.applications.dossier import Dossier, DossierValue
from app.applications.models import Application
from app.applications.naming import code_names
from app.applications.queries import of_person
from app.applications.sections.portable import portable_fields
from app.applications.sections.wording import show
from app.applications.sources import library
from app.files.models import StoredFile
from app.personal_data.contents import topics
from app.web.theme import show_value
from app.workflow.actor import Actor

IN_MEMORY = 2 * 1024 * 1024
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so


def make(session: Session, person: Person, actor: Actor, *, url: Callable[[str], str], now: datetime) -> IO[bytes]:
    """The ZIP, open at its beginning; on disk beyond IN_MEMORY. `url` makes the address of a file from its public id. The
    files themselves, hundreds of megabytes, are opened from there."""
    out = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # whoever sends it closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _entries(session, person, actor, url, now):
            archive.writestr(name, text)
    out.seek(0)
    return out


def _entries(
    session: Session, person: Person, actor: Actor, url: Callable[[str], str], now: datetime
) -> Iterator[tuple[str, str]]:
    about = {str(topic.title): _pairs(topic.rows) for topic in topics(session, person, full=True)}
    yield _("我的数据") + ".json", _json({_("生成时间"): show_value(now)} | about)
    for application in of_person(session, person.id):
        read = dossier.read(session, application, actor=actor, url=url, now=now)
        yield f"{_('申报')}/{application.number}.json", _json(_sections(read))
    if kept := _library(session, actor):
        yield _("我的资料库") + ".json", _json(kept)
    yield _("文件清单") + ".csv", _index(session, person, url)


def _pairs(rows: Any) -> list[dict[str, str]]:
    return [{_("项目"): str(label), _("内容"): str(show_value(value))} for label, value in rows]


def _sections(read: Dossier) -> dict[str, Any]:
    return {
        section.name: {
            _("内容"): _values(section.values),
            _("各条"): [_values(row.values) for row in section.rows],
            _("文件"): [file.name for part in (section, *section.rows) for file in part.files],
        }
        for section in read.sections
    }


def _library(session: Session, actor: Actor) -> dict[str, Any]:
    names, kept = code_names(session), {}
    for row in library.rows_of(session, actor):
        section = library.section_of(row.section)
        said = {_(field.label): show(field, row.values.get(field.code), names) for field in portable_fields(section)}
        kept.setdefault(_(section.name), []).append({label: value for label, value in said.items() if value})
    return kept


def _values(values: tuple[DossierValue, ...]) -> dict[str, str]:
    return {value.label: value.value for value in values}


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1)


def _index(session: Session, person: Person, url: Callable[[str], str]) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([_("申报编号"), _("文件名"), _("大小（字节）"), _("页数"), _("上传时间"), _("SHA-256"), _("地址")])
    found = session.execute(
        sa.select(Application.number, StoredFile)
        .join(StoredFile, StoredFile.application_id == Application.id)
        .where(Application.applicant_id == person.id)
        .order_by(StoredFile.id)
    )
    for number, file in found:
        name = "'" + file.name if file.name.startswith(FORMULA) else file.name
        uploaded = show_value(file.uploaded_at)
        table.writerow([number, name, file.size, file.pages or "", uploaded, file.sha256, url(file.public_id)])
    return "\ufeff" + out.getvalue()  # by the mark spreadsheets know the encoding
