"""The public pages: home, notices, public notices (公示), review conditions, help."""

from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_appbuilder import IndexView, expose
from flask_babel import gettext as _

from app.accounts.services import CONSENT_VERSION
from app.announcements import queries as announcements
from app.announcements.blocks import lines, paragraphs
from app.announcements.queries import NotPublished
from app.applications.views.home import services
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_choices, code_table
from app.extensions import business_now, db
from app.portal import queries
from app.portal.conditions import levels_of
from app.portal.doors import is_applicant
from app.web.theme import link
from app.web.views import TaskView

NOTICES_ON_HOME = 6
NOTICES_ON_A_PAGE = 20
MAX_PAGE = 10_000


class PortalView(IndexView, TaskView):
    """What everybody sees at the address of the site."""

    route_base = ""
    default_view = "home"
    shell = "public"
    exclude_route_methods = {"index"}

    @expose("/")
    def home(self) -> Any:
        moment = business_now()
        return self.page(
            "portal/home.html",
            campaigns=queries.running_campaigns(db.session, moment),
            notices=announcements.notices(db.session, moment, limit=NOTICES_ON_HOME),
            publicity=queries.public_notices(db.session, moment, limit=NOTICES_ON_HOME),
            series=code_choices(db.session, CodeList.TITLE_SERIES),
            services=services(),
            is_applicant=is_applicant(),
            now=moment,
        )

    @expose("/notices/")
    def notices(self) -> Any:
        text = request.args.get("page", "1")
        page = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else abort(404)
        if not 1 <= page <= MAX_PAGE:
            abort(404)
        now = business_now()
        found = announcements.notices(
            db.session, now, limit=NOTICES_ON_A_PAGE + 1, offset=(page - 1) * NOTICES_ON_A_PAGE
        )
        return self.page(
            "portal/notices.html", title=_("通知公告"), notices=found[:NOTICES_ON_A_PAGE], number=page,
            more=len(found) > NOTICES_ON_A_PAGE, now=now,
        )  # fmt: skip

    @expose("/notices/<int(max=2147483647):notice_id>")
    def notice(self, notice_id: int) -> Any:
        try:
            found = announcements.get(db.session, business_now(), notice_id)
        except NotPublished:
            abort(404)
        return self.page(
            "portal/notice.html", title=found.title, notice=found, blocks=paragraphs(found.body), lines=lines
        )

    @expose("/publicity/")
    def public_notices(self) -> Any:
        moment = business_now()
        return self.page(
            "portal/public_notices.html", title=_("公示"),
            running=queries.public_notices(db.session, moment, limit=200),
            over=queries.public_notices(db.session, moment, limit=50, over=True),
        )  # fmt: skip

    @expose("/conditions/")
    def conditions(self) -> Any:
        return self.page(
            "portal/conditions.html", title=_("评审条件"), series=code_choices(db.session, CodeList.TITLE_SERIES)
        )

    @expose("/conditions/<code>")
    def condition(self, code: str) -> Any:
        """One series: the ways in to each of its levels, and the office's own texts."""
        series = code_table(db.session, CodeList.TITLE_SERIES).get(code)
        if series is None or series.retired:
            abort(404)
        texts = announcements.conditions(db.session, business_now(), code)
        return self.page(
            "portal/condition.html", title=_("%(series)s评审条件", series=series.name),
            series=code, levels=levels_of(db.session, code, at=business_now()), texts=[(text, paragraphs(text.body)) for text in texts], lines=lines,
        )  # fmt: skip

    @expose("/privacy/")
    def privacy(self) -> Any:
        """The statement that a person consents to before registering; see accounts."""
        return self.page("portal/privacy.html", title=_("隐私声明"), version=CONSENT_VERSION)

    @expose("/accessibility/")
    def accessibility(self) -> Any:
        return self.page("portal/accessibility.html", title=_("无障碍说明"))

    @expose("/help/")
    def help(self) -> Any:
        return self.page("portal/help.html", title=_("填报说明"), verify=link("VerifyView.form"))
