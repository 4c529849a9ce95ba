"""修改申报信息: another 评审会, 专业, 拟评资格 or 申报类型 for a draft; what changes is said before it is confirmed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import choosing, wording
from app.applications.circumstances import facts_for, settings_for
from app.applications.models import Application
from app.applications.sections.registry import sections_for
from app.applications.services import Stale
from app.applications.views.apply import CHOICES, asked, type_options
from app.applications.views.base import ApplicantView, sent_version
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_name, specialty_name, title_tracks
from app.extensions import business_now, db
from app.review_bodies.models import Campaign
from app.review_bodies.queries import open_campaigns
from app.web.scoping import current_actor
from app.workflow.states import State


class ChangeView(ApplicantView):
    default_view = "change"

    @expose("/<string:number>/change/", methods=["GET", "POST"])
    @has_access
    @permission_name("change")
    def change(self, number: str) -> Any:
        application, now = self.own(number), business_now()
        tasks = url_for("TasksView.tasks", number=number)
        if application.state is not State.DRAFT:
            return self.done(wording.not_started(choosing.NotADraft()), tasks, "warning")
        if request.method == "GET":
            return self._form(application, _held(application), {})
        typed = {name: request.form.get(name, "") for name in CHOICES}
        errors: dict[str, str] = {}
        campaign, specialty = asked(open_campaigns(db.session, now=now), typed, errors)
        if campaign is None or errors:
            return self._form(application, typed, errors)
        try:
            chosen = choosing.choose(
                db.session, campaign, specialty=specialty, title=typed["title"], apply_type=typed["apply_type"], now=now
            )
        except choosing.NotOffered as error:
            return self._form(application, typed, {error.field: wording.not_started(error)})
        if typed == _held(application):
            return self.done(_("没有更改。"), tasks, "info")
        if not request.form.get("confirm"):
            return self._confirm(application, campaign, chosen, typed)
        return self._change(application, campaign, chosen, typed)

    def _form(self, application: Application, chosen: dict[str, str], errors: dict[str, str]) -> Any:
        return self.page(
            "my/change.html", title=_("修改申报信息"), application=application, errors=errors, chosen=chosen,
            lists=choosing.choices(db.session, open_campaigns(db.session, now=business_now())),
            types=type_options(), status=422 if errors else 200,
        )  # fmt: skip

    def _confirm(
        self, application: Application, campaign: Campaign, chosen: choosing.Chosen, typed: dict[str, str],
        error: str = "",
    ) -> Any:
        """What will be different, and the pledge of another campaign."""
        gained, lost = _sections(application, campaign, chosen)
        return self.page(
            "my/change_confirm.html", title=_("确认修改申报信息"), application=application, typed=typed,
            rows=_differences(application, campaign, chosen), gained=gained, lost=lost, error=error,
            pledge=campaign.pledge.splitlines() if campaign.id != application.campaign_id else [],
            digest=choosing.pledge_digest(campaign.pledge), status=422 if error else 200,
        )  # fmt: skip

    def _change(
        self, application: Application, campaign: Campaign, chosen: choosing.Chosen, typed: dict[str, str]
    ) -> Any:
        number = application.number
        if campaign.id != application.campaign_id and not request.form.get("agree"):
            return self._confirm(application, campaign, chosen, typed, _("请阅读评审承诺书后勾选「我作出以上承诺」。"))
        try:
            choosing.change(
                db.session, application, current_actor(), campaign=campaign, chosen=chosen,
                pledged=request.form.get("pledged", ""), version=sent_version(), now=business_now(),
            )  # fmt: skip
        except choosing.NotStarted as error:
            db.session.rollback()
            return self.done(wording.not_started(error), url_for("ChangeView.change", number=number), "warning")
        except Stale as error:
            db.session.rollback()
            return self.done(wording.refused(error), url_for("ChangeView.change", number=number), "warning")
        db.session.commit()
        return self.done(
            _("申报信息已修改，请按清单检查各表。"), url_for("TasksView.tasks", number=number)
        )


def _held(application: Application) -> dict[str, str]:
    """The choices as the form shows them."""
    campaign = str(application.campaign_id)
    return {
        "campaign": campaign, "specialty": f"{campaign}-{application.specialty_code}",
        "title": application.title_code, "apply_type": application.apply_type,
    }  # fmt: skip


def _differences(
    application: Application, campaign: Campaign, chosen: choosing.Chosen
) -> list[tuple[str, str, str]]:
    """(what, before, after) of everything that will be different."""
    rows = [
        (_("评审会"), application.campaign.body.name, campaign.body.name),
        (_("评审计划"), application.campaign.name, campaign.name),
        (_("专业"), *(specialty_name(db.session, each.specialty_code) for each in (application, chosen))),
        (_("拟评资格"), application.title_name, chosen.title_name),
        (_("拟评级别"), *(code_name(db.session, CodeList.TITLE_LEVEL, each.level_code) for each in (application, chosen))),
        (_("申报类型"), *(code_name(db.session, CodeList.APPLY_TYPE, each.apply_type) for each in (application, chosen))),
        (_("评审费"), *(_("%(yuan)s 元", yuan=f"{each.fee_fen / 100:g}") for each in (application, chosen))),
    ]
    return [row for row in rows if row[1] != row[2]]


def _sections(
    application: Application, campaign: Campaign, chosen: choosing.Chosen
) -> tuple[list[str], list[str]]:
    """The names of the sections that come, and of those that are no longer asked for."""
    facts = facts_for(db.session, application)
    settings = settings_for(db.session, application.campaign_id, application.service)
    after = replace(
        facts, series=chosen.series_code, level=chosen.level_code, apply_type=chosen.apply_type,
        track=title_tracks(db.session).get(chosen.title_code, ""),
    )  # fmt: skip
    before = {each.code: each.name for each in sections_for(facts, settings)}
    now = {
        each.code: each.name
        for each in sections_for(after, settings_for(db.session, campaign.id, application.service))
    }
    return [_(now[code]) for code in now if code not in before], [_(before[code]) for code in before if code not in now]
