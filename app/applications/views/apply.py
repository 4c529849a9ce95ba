"""职称申报 → 开始申报: 评审须知, 评审承诺书, then 评审会, 专业 and 拟评资格."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, request, session, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.applications import choosing, wording
from app.applications.views.base import ApplicantView
from app.extensions import business_now, db
from app.review_bodies.models import Campaign
from app.review_bodies.queries import open_campaigns
from app.web.scoping import current_actor, current_person

# 评审须知 stays at least so long before it can be left; judged by the server's own clock, also without JavaScript.
READING_SECONDS = 5
KEPT = "apply"
CHOICES = ("campaign", "specialty", "title", "apply_type")


class ApplyView(ApplicantView):
    default_view = "notice"

    @expose("/apply/", methods=["GET", "POST"])
    @has_access
    @permission_name("apply")
    def notice(self) -> Any:
        """Step 1: the instructions of all open campaigns."""
        campaigns = open_campaigns(db.session, now=business_now())
        standing = choosing.in_the_way(db.session, current_person().id, campaigns)
        if request.method == "POST":
            if not campaigns or standing:
                return redirect(url_for("ApplyView.notice"))
            wait = READING_SECONDS - (_machine_now() - _kept().get("opened", _machine_now()))
            if not request.form.get("read"):
                flash(_("请读完评审须知后勾选「我已阅读评审须知」。"), "warning")
            elif wait > 0:
                flash(_("请先读完评审须知，%(seconds)d 秒后可以继续。", seconds=int(wait) + 1), "warning")
            else:
                _keep(read=True)
                return redirect(url_for("ApplyView.pledge"))
        elif "opened" not in _kept():
            _keep(opened=_machine_now())
        texts = _texts(campaigns, lambda campaign: campaign.instructions)
        return self.page(
            "my/apply_notice.html",
            title=_("职称申报"),
            texts=texts,
            campaigns=campaigns,
            standing=standing,
            step=1,
            words=wording,
            now=business_now(),
            ticked=bool(request.form.get("read")),
            seconds=READING_SECONDS,
        )

    @expose("/apply/pledge/", methods=["GET", "POST"])
    @has_access
    @permission_name("apply")
    def pledge(self) -> Any:
        """Step 2: the exact text of the pledge; its version and time are stored with the application."""
        if not _kept().get("read"):
            return redirect(url_for("ApplyView.notice"))
        campaigns = open_campaigns(db.session, now=business_now())
        if request.method == "POST":
            if request.form.get("agree"):
                _keep(pledged=sorted({choosing.pledge_digest(each.pledge) for each in campaigns}))
                return redirect(url_for("ApplyView.choose"))
            flash(_("请阅读评审承诺书后勾选「我作出以上承诺」。"), "warning")
        texts = _texts(campaigns, lambda campaign: campaign.pledge)
        return self.page(
            "my/apply_pledge.html", title=_("评审承诺书"), texts=texts, step=2, person=current_person()
        )

    @expose("/apply/choose/", methods=["GET", "POST"])
    @has_access
    @permission_name("apply")
    def choose(self) -> Any:
        """Step 3: each choice narrows the next; a choice of one is made for the person."""
        if not _kept().get("pledged"):
            return redirect(url_for("ApplyView.notice"))
        campaigns = open_campaigns(db.session, now=business_now())
        chosen = {name: request.form.get(name, "") for name in CHOICES}
        errors: dict[str, str] = {}
        if request.method == "POST":
            answer = self._start(campaigns, chosen, errors)
            if answer is not None:
                return answer
        lists = choosing.choices(db.session, campaigns)
        return self.page(
            "my/apply_choose.html", title=_("选择评审会、专业和资格"), step=3, errors=errors,
            lists=lists, chosen=_completed(lists, chosen),
            types=type_options(),
        )  # fmt: skip

    def _start(self, campaigns: Sequence[Campaign], chosen: dict[str, str], errors: dict[str, str]) -> Any:
        """The way to the new application; None when something is missing or refused (then said in `errors`)."""
        campaign, specialty = asked(campaigns, chosen, errors)
        if campaign is None or errors:
            return None
        if choosing.pledge_digest(campaign.pledge) not in _kept()["pledged"]:
            flash(wording.not_started(choosing.PledgeChanged()), "warning")
            return redirect(url_for("ApplyView.pledge"))
        try:
            application = choosing.start(
                db.session,
                current_person(),
                campaign=campaign,
                specialty=specialty,
                title=chosen["title"],
                apply_type=chosen["apply_type"] or "NORMAL",
                pledge_version=campaign.pledge_version,
                now=business_now(),
                address=current_actor().address,
            )
        except choosing.AlreadyStarted as error:
            db.session.rollback()
            flash(wording.not_started(error), "warning")
            return redirect(url_for("ProgressView.progress", number=error.number))
        except choosing.NotOffered as error:
            errors[error.field] = wording.not_started(error)
            return None
        except choosing.NotStarted as error:
            errors["campaign"] = wording.not_started(error)
            return None
        number = application.number
        db.session.commit()
        session.pop(KEPT, None)
        return self.done(
            _("申报已开始，编号 %(number)s。请逐项填写，内容随时保存。", number=number),
            url_for("TasksView.tasks", number=number),
        )


def type_options() -> list[tuple[str, str]]:
    """申报类型 to choose; the description tells one from another."""
    return [
        (each.code, _("%(name)s：%(description)s", name=each.name, description=each.extra["description"]))
        if each.extra and each.extra.get("description")
        else (each.code, each.name)
        for each in choosing.apply_types(db.session)
    ]


def asked(
    campaigns: Sequence[Campaign], chosen: dict[str, str], errors: dict[str, str]
) -> tuple[Campaign | None, str]:
    """The campaign and specialty that were chosen; what was not chosen is said in `errors`."""
    campaign = next((each for each in campaigns if str(each.id) == chosen["campaign"]), None)
    place, _dash, specialty = chosen["specialty"].partition("-")
    if campaign is None:
        errors["campaign"] = _("请选择评审会。")
    if not specialty or (campaign is not None and place != str(campaign.id)):
        errors["specialty"] = _("请选择这个评审会受理的专业。")
    if not chosen["title"]:
        errors["title"] = _("请选择拟评资格。")
    return campaign, specialty


def _machine_now() -> float:
    return datetime.now(UTC).timestamp()


def _kept() -> dict[str, Any]:
    return session.get(KEPT, {})


def _keep(**values: Any) -> None:
    session[KEPT] = {**_kept(), **values}


def _texts(campaigns: Sequence[Campaign], text_of: Any) -> list[tuple[list[Campaign], list[str]]]:
    """Each different text once, as paragraphs, with the campaigns whose it is."""
    found: dict[str, list[Campaign]] = {}
    for campaign in campaigns:
        found.setdefault(text_of(campaign), []).append(campaign)
    return [(owners, [part for part in text.splitlines() if part.strip()]) for text, owners in found.items()]


def _completed(lists: choosing.Choices, chosen: dict[str, str]) -> dict[str, str]:
    """A choice of one is made for the person."""
    done = dict(chosen)
    if not done["campaign"] and len(lists.campaigns) == 1:
        done["campaign"] = lists.campaigns[0].value
    places = [each for each in lists.specialties if done["campaign"] in each.within]
    if not done["specialty"] and len(places) == 1:
        done["specialty"] = places[0].value
    titles = [each for each in lists.titles if done["specialty"] in each.within]
    if not done["title"] and len(titles) == 1:
        done["title"] = titles[0].value
    return done
