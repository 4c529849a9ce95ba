"""操作日志, for the audit administrator alone: read, filtered, never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from app.audit.models import AuditEntry
from app.audit.words import OBJECTS, PARTIES, RESULTS, VERBS, object_word, verb_word
from app.web.rows import GridRows
from app.web.views import Grid
from app.workflow.actor import Actor
from app.workflow.states import Party


def log_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Only for the administration, and of it only whose role opens the log."""
    allowed = actor.party is Party.STAFF and actor.may("can_list", "AuditGrid")
    return sa.true() if allowed else sa.false()


def options(words: Mapping[str, Any]) -> Any:
    return lambda: [(code, str(word)) for code, word in words.items()]


class AuditGrid(Grid):
    """Who did what to which record, when, from where, and with which result."""

    datamodel = GridRows(AuditEntry, eager=[joinedload(AuditEntry.person)])
    scope = staticmethod(log_visible_to)
    route_base = "/audit"
    list_title, show_title = _l("操作日志"), _l("日志记录")
    page_intro = _l("日志只能增加，不能修改和删除；每一批都有校验值。")
    list_columns: ClassVar[list[str]] = [
        "at", "person.name", "party", "verb", "object_kind", "object_id", "result", "address",
    ]
    mobile_columns = ("person.name", "verb", "object_kind", "result")
    show_columns: ClassVar[list[str]] = [
        "id", "at", "person_id", "person.name", "party", "address", "verb", "object_kind", "object_id", "result", "detail",
    ]
    search_columns: ClassVar[list[str]] = ["at", "verb", "object_kind", "object_id", "result", "person_id"]
    order_columns: ClassVar[list[str]] = ["id", "at"]
    base_order = ("id", "desc")
    choices: ClassVar[dict[str, Any]] = {
        "verb": options(VERBS), "object_kind": options(OBJECTS), "result": options(RESULTS),
    }
    label_columns: ClassVar[dict[str, Any]] = {
        "id": _l("序号"), "at": _l("时间"), "person_id": _l("人员编号"), "person.name": _l("人员"), "party": _l("身份"),
        "address": _l("来源地址"), "verb": _l("操作"), "object_kind": _l("对象"), "object_id": _l("对象编号"), "result": _l("结果"),
        "detail": _l("明细"),
    }
    formatters_columns: ClassVar[dict[str, Any]] = {
        "verb": verb_word,
        "object_kind": object_word,
        "party": lambda party: PARTIES.get(party, party),
        "result": lambda result: RESULTS.get(result, result),
        "detail": lambda detail: json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else "—",
    }
