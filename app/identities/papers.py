"""The edge of the proofs: what was uploaded beside a form and waits for it, and a stored proof shown in the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, current_app
from flask_babel import lazy_gettext as _l

from app.audit.services import record
from app.extensions import business_now, db
from app.files.models import StoredFile
from app.files.services import Taken
from app.files.wording import size_words
from app.identities import queries
from app.identities.models import IdentityChange, PhoneRecovery
from app.units import paperwork
from app.units.pending import PendingUploads
from app.web.scoping import current_actor

NAMES: Mapping[str, Any] = {
    "document": _l("身份证件（正反面）"),
    "proof": _l("变更证明"),
    "recovery": _l("核实身份的材料"),
}
RULES: Mapping[str, Any] = {
    "document": _l("新姓名、新号码的证件。JPG 不超过 1 MB，或 PDF 不超过 30 MB；四角完整、字迹清楚"),
    "proof": _l("户口簿变更页、公安机关证明等；更正填错的可以不传。JPG 不超过 1 MB，或 PDF 不超过 30 MB"),
    "recovery": _l("本人签名的书面申请和证件复印件的扫描件。JPG 不超过 1 MB，或 PDF 不超过 30 MB"),
}


def waiting(place: str) -> PendingUploads:
    """What was uploaded for the form `place` (which names who fills it in) and belongs to no request yet."""
    extensions = current_app.extensions
    return PendingUploads(extensions["redis"], extensions["gateways"].storage, place)


def take(place: str, kind: str, address: str) -> Any:
    """Keeps the posted file for the form; the answer for the upload row, whose preview is at `address`."""
    return paperwork.take_paper(kind, address, waiting(place))


def show_waiting(place: str, kind: str) -> Any:
    """A file that waits; 404 if there is none."""
    return paperwork.send(waiting(place).get(kind) or abort(404))


def rows(kinds: Sequence[str], held: Mapping[str, Taken], address: Any, errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """The upload rows for the template; `address(kind)` takes and shows."""
    return [
        {
            "id": kind, "label": NAMES[kind], "rule": RULES[kind], "url": address(kind), "error": errors.get(kind, ""),
            "name": held[kind].name if kind in held else "", "size": size_words(held[kind].size) if kind in held else "",
            "href": address(kind) if kind in held else "",
        }
        for kind in kinds
    ]  # fmt: skip


def stored(session: Any, request: IdentityChange | PhoneRecovery, kind: str) -> StoredFile:
    """One paper of a visible request; 404 for any other."""
    return queries.files_of(session, request).get(kind) or abort(404)


def show(file: StoredFile, owner_id: int) -> Any:
    """A stored proof in the page; a look by anybody but its owner is recorded."""
    actor, answer = current_actor(), paperwork.send(file)
    if actor.person_id != owner_id:
        record(db.session, actor, "view_file", "stored_file", file.id, now=business_now())
        db.session.commit()
    return answer
