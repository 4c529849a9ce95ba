"""A catalogue to load into, and a folder of reference files to spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.catalogue import models, queries
from app.catalogue.loading import REFERENCE_FOLDER, load_reference

Spoil = Callable[[str, str, str], None]


@pytest.fixture
def catalogue(session: Session) -> Iterator[Session]:
    """A session that sees the reference data as the files have it, and forgets what a test did to them."""
    queries.forget()
    load_reference(session)
    yield session
    session.rollback()
    queries.forget()


@pytest.fixture
def empty_catalogue(session: Session) -> Iterator[Session]:
    """A session that sees no reference data at all."""
    tables = [table for table in models.Base.metadata.sorted_tables if table.name.startswith("catalogue_")]
    for table in reversed(tables):
        session.execute(sa.delete(table))
    queries.forget()
    yield session
    session.rollback()
    queries.forget()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the reference files."""
    copy = tmp_path / "data"
    shutil.copytree(REFERENCE_FOLDER, copy)
    return copy


@pytest.fixture
def spoil(folder: Path) -> Spoil:
    """`spoil(file, old, new)` replaces a text that must be there once."""

    def replace(file: str, old: str, new: str) -> None:
        path = folder / f"{file}.csv"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
