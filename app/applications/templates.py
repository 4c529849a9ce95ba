"""The files that an applicant takes home, fills in with an office program and sends back: one for a kind of material.
They lie under static/templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.words import N_


@dataclass(frozen=True)
class Template:
    """`file` under static/, `name` what it is called when it is saved."""

    file: str
    name: str


TEMPLATES: Mapping[str, Template] = {
    "ACHIEVE": Template("templates/achievements.rtf", N_("业绩成果材料模板.rtf")),
    "CASE": Template("templates/case-records.rtf", N_("病案模板.rtf")),
    "EXC": Template("templates/exception-approval.rtf", N_("破格审批表.rtf")),
    "PROMISE": Template("templates/applicant-pledge.rtf", N_("诚信承诺书.rtf")),
}
