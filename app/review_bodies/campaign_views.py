"""评审计划: the office keeps the campaigns with their windows, texts, series, levels and fees; a body sees its own."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import abort, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import inspect
from sqlalchemy.orm import joinedload, selectinload

from app.catalogue import queries as catalogue
from app.catalogue.lists import CodeList
from app.extensions import business_now, db
from app.review_bodies import queries, services
from app.review_bodies.forms import ExtendForm, sentence
from app.review_bodies.models import Campaign
from app.review_bodies.views import body_options
from app.web import fields
from app.web.reference import ReferenceView, Refusal
from app.web.rows import GridRows
from app.web.scoping import current_actor
from app.web.views import TaskView

TEXT_MAX = 20_000


class CampaignGrid(ReferenceView):
    """The campaigns; the row's name leads to its page with series, levels, fees and extension."""

    datamodel = GridRows(Campaign, eager=[joinedload(Campaign.body), selectinload(Campaign.scopes)])
    scope = staticmethod(queries.campaigns_visible_to)
    route_base = "/campaigns"
    list_title = _l("评审计划")
    add_title, edit_title, show_title = _l("新增评审计划"), _l("修改评审计划"), _l("评审计划")
    page_intro = _l("点计划名称设置受理的系列、级别和收费，或办理延期。时间都是北京时间。")
    conflict_message = _l("这个机构在同一年已有同名的评审计划，请换一个名称。")
    base_order = ("closes_at", "desc")
    list_columns: ClassVar[list[str]] = ["name", "body.name", "year", "opens_at", "closes_at", "scopes", "published"]
    show_columns: ClassVar[list[str]] = [
        "name", "body.name", "year", "opens_at", "closes_at", "unit_closes_at", "correction_days", "notice_days",
        "payment_days", "counts_until", "defence_required", "seal_required", "published", "instructions", "pledge", "pledge_version",
    ]
    search_columns: ClassVar[list[str]] = ["name", "year", "closes_at", "published"]
    order_columns: ClassVar[list[str]] = ["id", "closes_at"]
    label_columns: ClassVar[dict[str, Any]] = {
        "name": _l("名称"), "body.name": _l("评审机构"), "year": _l("年度"), "opens_at": _l("开始"),
        "closes_at": _l("个人申报截止"), "unit_closes_at": _l("单位上报截止"), "scopes": _l("受理范围"),
        "published": _l("已发布"), "correction_days": _l("补正期（工作日）"), "notice_days": _l("公示期（工作日）"),
        "payment_days": _l("缴费期（工作日）"), "defence_required": _l("须单位答辩"), "seal_required": _l("须电子印章"),
        "instructions": _l("评审须知"), "pledge": _l("评审承诺书"), "pledge_version": _l("承诺书版本"),
        "counts_until": _l("资历截止日"),
    }
    formatters_columns: ClassVar[dict[str, Any]] = {
        "scopes": lambda scopes: _("%(n)s 项", n=len(scopes)) if scopes else _("还没有设置"),
    }
    fixed = frozenset({"body_id"})
    fields: ClassVar[dict[str, Any]] = {
        "body_id": fields.choice(_l("评审机构"), body_options, as_number=True, first=_l("请选择")),
        "name": fields.text(_l("名称"), 100),
        "year": fields.number(_l("年度"), 2000, 2100),
        "opens_at": fields.moment(_l("开始")),
        "closes_at": fields.moment(_l("个人申报截止")),
        "unit_closes_at": fields.moment(_l("单位上报截止")),
        "correction_days": fields.number(_l("补正期（工作日）"), 1, 60, default=5),
        "notice_days": fields.number(_l("公示期（工作日）"), 5, 60, default=5, hint=_l("不少于 5 个工作日。")),
        "payment_days": fields.number(_l("缴费期（工作日）"), 1, 60, default=7),
        "qualification_cutoff": fields.day(
            _l("资历截止日"), required=False, hint=_l("任职年限计算到这一天；不填的，计算到当年 12 月 31 日。")
        ),
        "defence_required": fields.flag(_l("须单位组织答辩")),
        "seal_required": fields.flag(_l("须加盖单位电子印章")),
        "instructions": fields.long_text(_l("评审须知"), TEXT_MAX, required=True, hint=_l("空行分段。")),
        "pledge": fields.long_text(
            _l("评审承诺书"), TEXT_MAX, required=True, hint=_l("文字有改动时自动记为新版本，已确认的人不受影响。")
        ),
        "published": fields.flag(_l("发布"), default=True, hint=_l("不发布的计划申报人看不到。")),
    }

    def row_link(self, row: Campaign) -> str:
        return url_for("CampaignPageView.show", campaign_id=row.id)

    def save(self, item: Campaign, form: Any) -> None:
        before = inspect(item).attrs.pledge.history.deleted
        services.next_pledge_version(item, before[0] if before else None)
        try:
            services.check_windows(item)
        except services.WindowsDisagree as error:
            raise Refusal(sentence(error)) from error


class CampaignPageView(TaskView):
    """One campaign: what it takes and for which fee, and moving its ends later."""

    route_base = "/campaign"

    @expose("/<int:campaign_id>/", methods=["GET"])
    @has_access
    def show(self, campaign_id: int) -> Any:
        campaign = self._campaign(campaign_id)
        return self._page(campaign, self._typed(campaign), ExtendForm(obj=campaign))

    @expose("/<int:campaign_id>/scopes", methods=["POST"])
    @has_access
    @permission_name("keep_scopes")
    def keep_scopes(self, campaign_id: int) -> Any:
        campaign = self._campaign(campaign_id)
        known = self._pairs(campaign)
        typed = {pair: request.form.get(f"fee-{'-'.join(pair)}", "").strip() for pair in known}
        taken = set(request.form.getlist("scope"))
        fees: dict[services.Pair, int] = {}
        errors: dict[services.Pair, str] = {}
        for pair in known:
            if "-".join(pair) in taken:
                try:
                    fees[pair] = fields.fen(typed[pair] or "0")
                except ValueError as error:
                    errors[pair] = str(error)
        if errors:
            shown = {pair: ("-".join(pair) in taken, typed[pair], errors.get(pair, "")) for pair in known}
            return self._page(campaign, shown, ExtendForm(formdata=None, obj=campaign), status=422)
        services.set_scopes(
            db.session, campaign, fees, current_actor(), now=business_now()
        )
        db.session.commit()
        return self.done(_("受理范围和收费已保存。"), url_for("CampaignPageView.show", campaign_id=campaign.id))

    @expose("/<int:campaign_id>/extend", methods=["POST"])
    @has_access
    @permission_name("extend")
    def extend(self, campaign_id: int) -> Any:
        campaign = self._campaign(campaign_id)
        form = ExtendForm()
        if form.validate():
            try:
                services.extend(
                    db.session, campaign, current_actor(), closes_at=form.closes_at.data,
                    unit_closes_at=form.unit_closes_at.data, now=business_now(),
                )
            except services.WindowsDisagree as error:
                db.session.rollback()
                campaign = self._campaign(campaign_id)
                form.closes_at.errors = [sentence(error)]
            else:
                db.session.commit()
                return self.done(_("已延期。"), url_for("CampaignPageView.show", campaign_id=campaign_id))
        return self._page(campaign, self._typed(campaign), form, status=422)

    def _page(self, campaign: Campaign, scopes: Any, form: ExtendForm, status: int = 200) -> Any:
        actor = current_actor()
        names = {
            pair: (
                catalogue.code_name(db.session, CodeList.TITLE_SERIES, pair[0]),
                catalogue.code_name(db.session, CodeList.TITLE_LEVEL, pair[1]),
            )
            for pair in scopes
        }
        may = {verb: actor.may(f"can_{verb}", "CampaignPageView") for verb in ("keep_scopes", "extend")}
        may["edit"] = actor.may("can_edit", "CampaignGrid")
        return self.page(
            "review_bodies/campaign.html", campaign=campaign, scopes=scopes, names=names, form=form, may=may, status=status
        )

    def _pairs(self, campaign: Campaign) -> list[services.Pair]:
        """What may be taken: the body's powers, and what the campaign already takes."""
        powers = {(power.series_code, power.level_code) for power in campaign.body.powers}
        return sorted(powers | {(scope.series_code, scope.level_code) for scope in campaign.scopes})

    def _typed(self, campaign: Campaign) -> dict[services.Pair, tuple[bool, str, str]]:
        """(taken, fee in yuan, error) for each pair."""
        held = {(scope.series_code, scope.level_code): scope.fee_fen for scope in campaign.scopes}
        return {
            pair: (pair in held, fields.yuan(held[pair]) if pair in held else "0", "") for pair in self._pairs(campaign)
        }

    def _campaign(self, campaign_id: int) -> Campaign:
        try:
            return queries.get_campaign(db.session, current_actor(), campaign_id)
        except queries.NotVisible:
            abort(404)
