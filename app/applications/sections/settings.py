"""What a campaign changes in the declarations: rules of the administrator and the materials that a business asks for.
Pure: a declaration and the settings go in, the declaration that holds for this application comes out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.applications.sections import attach
from app.applications.sections.declaration import Attachment, Facts, Field, Section
from app.catalogue.conditions import ALWAYS
from app.catalogue.queries import WantedMaterial

MANY = 10
BOUNDED = "text"  # the field whose length a rule may bound


class Mode(StrEnum):
    DEFAULT = "default"
    REQUIRED = "required"
    OPTIONAL = "optional"
    OFF = "off"


@dataclass(frozen=True)
class Rule:
    """`series` and `level` empty: for all of them. A bound that is None stays as declared."""

    section: str
    series: str = ""
    level: str = ""
    mode: Mode = Mode.DEFAULT
    min_rows: int | None = None
    max_rows: int | None = None
    min_length: int | None = None
    max_length: int | None = None

    def fits(self, facts: Facts) -> bool:
        return self.series in ("", facts.series) and self.level in ("", facts.level)

    @property
    def precision(self) -> tuple[bool, bool]:
        """The most precise rule wins; a series says more than a level."""
        return bool(self.series), bool(self.level)


@dataclass(frozen=True)
class Settings:
    rules: tuple[Rule, ...] = ()
    materials: tuple[WantedMaterial, ...] = ()

    def rule(self, section: str, facts: Facts) -> Rule:
        """The rule that wins; one that changes nothing where none fits."""
        fitting = (rule for rule in self.rules if rule.section == section and rule.fits(facts))
        return max(fitting, key=lambda rule: rule.precision, default=Rule(section))


NO_SETTINGS = Settings()


def adapted(section: Section, facts: Facts, settings: Settings) -> Section:
    """The section as it holds for an application with these facts (a rule that takes it away is not judged here)."""
    if section.code == attach.CODE and settings.materials:
        section = replace(section, attachments=tuple(map(_attachment, settings.materials)))
    rule = settings.rule(section.code, facts)
    if rule == Rule(section.code, rule.series, rule.level):
        return section
    required = {Mode.REQUIRED: ALWAYS, Mode.OPTIONAL: ""}.get(rule.mode, section.required_when)
    least = section.min_rows if rule.min_rows is None else rule.min_rows
    return replace(
        section,
        required_when=required,
        min_rows=max(least, 1) if rule.mode is Mode.REQUIRED else least,
        max_rows=max(section.max_rows if rule.max_rows is None else rule.max_rows, least),
        fields=tuple(_bounded(field, rule) if field.code == BOUNDED else field for field in section.fields),
    )


def _bounded(field: Field, rule: Rule) -> Field:
    longest = field.max_length if rule.max_length is None else rule.max_length
    least = field.min_length if rule.min_length is None else rule.min_length
    return replace(field, min_length=min(least, longest), max_length=longest)


def _attachment(material: WantedMaterial) -> Attachment:
    if material.kind == attach.MERGED_KIND:
        return replace(attach.MERGED_PDF, required_when=material.required_when)
    return Attachment(
        material.kind.lower(), material.kind, material.name, material.formats,
        required_when=material.required_when, hint=material.note, max_files=MANY,
    )
