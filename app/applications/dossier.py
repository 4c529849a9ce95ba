"""The whole application as it is read: section by section, in words, with its files. One description for the review page,
the applicant's check page, the 材料清单 and the snapshot."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class DossierFile:
    """A file as it is shown; `url` opens it in the page for whoever sees the application. `size` in bytes."""

    public_id: str
    kind: str
    label: str
    name: str
    size: int
    pages: int | None
    media_type: str
    url: str
    row_id: str = ""


@dataclass(frozen=True)
class DossierValue:
    """One field in words; `before` is the value of the last submission if it has changed since."""

    field: str
    label: str
    value: str
    before: str | None = None


@dataclass(frozen=True)
class DossierRow:
    """One row of a repeating section."""

    row_id: str
    values: tuple[DossierValue, ...]
    files: tuple[DossierFile, ...] = ()
    added: bool = False  # not there at the last submission


@dataclass(frozen=True)
class DossierSection:
    """One 表. `missing` are whole sentences; `returned` is the reason of an open return of this section."""

    code: str
    name: str
    version: int
    values: tuple[DossierValue, ...] = ()
    rows: tuple[DossierRow, ...] = ()
    files: tuple[DossierFile, ...] = ()
    missing: tuple[str, ...] = ()
    returned: str = ""
    changed: bool = False  # since the last submission

    @property
    def complete(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Dossier:
    """Everything of one application that a reviewer reads."""

    number: str
    sections: tuple[DossierSection, ...] = field(default_factory=tuple)
