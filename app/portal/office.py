"""The home page of the office (职改办): what waits for it, in numbers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications.models import Application
from app.extensions import business_now, db
from app.portal import queries
from app.units import queries as units
from app.units.models import Unit, UnitStatus
from app.web.scoping import current_actor
from app.web.theme import link
from app.web.views import TaskView
from app.workflow.states import State

NEWEST = 8


class OfficeHomeView(TaskView):
    route_base = "/office"
    default_view = "home"

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("home")
    def home(self) -> Any:
        actor, moment = current_actor(), business_now()
        campaigns = queries.running_campaigns(db.session, moment)
        visible = units.visible_to(actor)
        counts = dict(
            db.session.execute(
                sa.union_all(
                    _count("units", Unit, visible, Unit.status == UnitStatus.PENDING),
                    _count("results", Application, Application.state == State.PUBLICISED),
                    _count("approved", Application, Application.state == State.APPROVED),
                    _count("review", Application, Application.state.in_((State.UNIT_REVIEW, State.BODY_REVIEW))),
                )
            ).all()
        )
        newest = db.session.scalars(sa.select(Unit).where(visible).order_by(Unit.id.desc()).limit(NEWEST)).all()
        numbers = [
            (counts["units"], _("待审核单位"), "warn" if counts["units"] else "plain", link("UnitGrid.list")),
            (counts["results"], _("公示中的结果"), "info", link("ResultApprovalGrid.list")),
            (counts["approved"], _("已批准，待发证"), "ok", link("CertificateGrid.list")),
            (counts["review"], _("审核中的申报"), "violet", link("OfficeApplicationGrid.list")),
            (len(campaigns), _("正在受理的评审计划"), "info", link("CampaignGrid.list")),
        ]
        return self.page(
            "portal/office.html", title=actor.name or _("职改办首页"), numbers=numbers, campaigns=campaigns, newest=newest
        )


def _count(name: str, model: type[Any], *conditions: Any) -> Any:
    return sa.select(sa.literal(name), sa.func.count()).select_from(model).where(*conditions)
