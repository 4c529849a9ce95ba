"""The roles that the platform seeds: ordinary database roles, afterwards the administrators' own to change.

Which pages each opens stands in app/site.py; here only names, and which exclude each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.words import N_
from app.workflow.states import Party


class Role(StrEnum):
    """The stored name of a role, shown as it is in FAB's screens."""

    APPLICANT = N_("申报人员")
    UNIT_OPERATOR = N_("单位经办人")
    UNIT_ADMIN = N_("单位管理员")
    BODY_REVIEWER = N_("评审机构审核人")
    BODY_ADMIN = N_("评审机构管理员")
    OFFICE_ADMIN = N_("职改办管理员")
    SYSTEM_ADMIN = N_("系统管理员")
    SECURITY_ADMIN = N_("安全管理员")
    AUDIT_ADMIN = N_("审计管理员")


PARTY_OF: dict[Role, Party] = {
    Role.APPLICANT: Party.APPLICANT,
    Role.UNIT_OPERATOR: Party.UNIT,
    Role.UNIT_ADMIN: Party.UNIT,
    Role.BODY_REVIEWER: Party.BODY,
    Role.BODY_ADMIN: Party.BODY,
    Role.OFFICE_ADMIN: Party.OFFICE,
    Role.SYSTEM_ADMIN: Party.STAFF,
    Role.SECURITY_ADMIN: Party.STAFF,
    Role.AUDIT_ADMIN: Party.STAFF,
}

# 三员分立: nobody holds two of these, and none of them has a part in applications
SEPARATED = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


@dataclass(frozen=True)
class RolesExclude(Exception):
    """Two roles that one account may not hold together."""

    first: str
    second: str


def check_together(names: list[str]) -> None:
    """Raises RolesExclude if one account may not hold all of `names`: a separated administrator holds nothing else."""
    known = [Role(name) for name in names if name in Role._value2member_map_]
    for role in known:
        others = [other for other in known if other is not role]
        if role in SEPARATED and others:
            raise RolesExclude(role.value, others[0].value)
        for other in others:
            if PARTY_OF[other] is not PARTY_OF[role]:
                raise RolesExclude(role.value, other.value)
