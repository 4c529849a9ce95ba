"""The kinds of identity documents, as accounts ask for them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts.neighbours import IdKind
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_choices


def id_kinds(session: Session, keep: str = "") -> list[IdKind]:
    """In the order of their file; `keep` stays offered although it is retired."""
    return [
        IdKind(kind.code, kind.name, (kind.extra or {}).get("pattern", ""))
        for kind in code_choices(session, CodeList.ID_TYPE, keep=keep)
    ]
