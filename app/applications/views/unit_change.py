"""单位调整: the key of another unit, its name, and the change of membership, which holds at once."""

from __future__ import annotations

from typing import Any

from flask import current_app, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.accounts.neighbours import TooManyKeys, UnknownKey
from app.applications import queries, wording
from app.applications.services import REASON_MAX
from app.applications.submitting import change_unit
from app.applications.views.base import ApplicantView
from app.extensions import business_now, db
from app.units.joining import find_unit
from app.units.models import Unit
from app.web.scoping import current_actor, current_person
from app.workflow.states import EDITABLE, FINAL, State

# what moves along, what is asked back first, and what has ended: all others keep the unit of record
SETTLED = EDITABLE | FINAL | {State.UNIT_REVIEW, State.CERTIFIED}


class UnitChangeView(ApplicantView):
    default_view = "change"

    @expose("/unit/", methods=["GET", "POST"])
    @has_access
    @permission_name("change_unit")
    def change(self) -> Any:
        person, actor, key = current_person(), current_actor(), request.form.get("key", "")
        found: Unit | None = None
        error = ""
        if request.method == "POST":
            found, error = _find(key)
            if found is not None and found.id == person.unit_id:
                found, error = None, _("您已经属于「%(unit)s」，不必调整。", unit=found.name)
            if found is not None and request.form.get("confirm"):
                moved = change_unit(db.session, person, found, actor, now=business_now())
                name = found.name
                db.session.commit()
                sentence = _("单位已调整为「%(unit)s」。", unit=name)
                if moved:
                    sentence += _("填报中的申报已随您转到新单位，请检查单位信息后提交。")
                if any(row.state is State.UNIT_REVIEW for row in queries.of_person(db.session, person.id)):
                    sentence += _("正在原单位审核的申报没有转走，要转的请先申请退还。")
                return self.done(sentence, url_for("MyHomeView.home"))
        applications = queries.of_person(db.session, person.id)
        return self.page(
            "my/unit.html", title=_("单位调整"), person=person, typed=key, found=found, error=error,
            moving=[row for row in applications if row.state in EDITABLE],
            reviewed=[row for row in applications if row.state is State.UNIT_REVIEW],
            further=[row for row in applications if row.state not in SETTLED],
            reason_max=REASON_MAX, words=wording, status=422 if error else 200,
        )  # fmt: skip


def _find(key: str) -> tuple[Unit | None, str]:
    """The unit of a key, or the sentence why there is none."""
    try:
        return find_unit(
            db.session, current_app.extensions["redis"], key, address=current_actor().address,
            person_id=current_person().id,
        ), ""  # fmt: skip
    except TooManyKeys:
        return None, _("输错次数太多，请一小时后再试，或向单位人事部门确认机构秘钥。")
    except UnknownKey:
        return None, _("没有这个机构秘钥。请核对 16 位秘钥；单位可能换过秘钥，请向单位人事部门确认。")
