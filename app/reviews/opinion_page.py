"""The page on which an office writes its opinion."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_appbuilder import expose, permission_name
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications.models import Application
from app.catalogue.lists import CodeList
from app.catalogue.queries import code_choices, code_name
from app.days import beijing_day
from app.extensions import business_now, db
from app.public_notices.queries import live_entry
from app.public_notices.wording import METHOD_NAMES
from app.reviews import queries, services
from app.reviews.forms import BodyOpinionForm, stored, unit_form
from app.reviews.models import Opinion
from app.reviews.views import application_of, grid_of
from app.reviews.wording import LACKS, opinion_refused
from app.web.scoping import current_actor
from app.web.views import TaskView
from app.workflow.states import Party


class OpinionPage(TaskView):
    """单位推荐意见 and the bodies' 审核意见; what is incomplete is kept too, with what still lacks."""

    route_base = "/review"
    default_view = "write"
    class_permission_name = "Application"

    @expose("/<number>/opinion", methods=["GET", "POST"])
    @has_access
    @permission_name("write_opinion")
    def write(self, number: str) -> Any:
        application, actor = application_of(number), current_actor()
        opinion = queries.own_opinion(db.session, application, actor)
        form = self._form(application, opinion)
        if request.method == "GET":
            return self._page(application, form, opinion)
        if not form.validate_on_submit():
            return self._page(application, form, opinion, status=422)
        version = form.version.data or ""
        try:
            saved = services.save_opinion(
                db.session, application, actor, form.said(), now=business_now(),
                version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1,
            )
            complete = saved.complete
            db.session.commit()
        except services.OpinionRefused as error:
            db.session.rollback()
            application = application_of(number)
            opinion = queries.own_opinion(db.session, application, actor)
            if isinstance(error, services.OpinionStale) and opinion is not None:
                form.version.data = str(opinion.version)
            status = 422 if isinstance(error, services.VotesWrong) else 409
            return self._page(application, form, opinion, refused=opinion_refused(error), status=status)
        arguments = grid_of(actor.party).place()
        if complete:
            return self.done(_("意见已保存，已填写完整。"), url_for("ReviewPage.show", number=number, **arguments))
        return self.done(_("意见已保存，还没有填写完整。"), url_for(".write", number=number, **arguments), "info")

    def _form(self, application: Application, opinion: Opinion | None) -> BodyOpinionForm:
        if current_actor().party is not Party.UNIT:
            return BodyOpinionForm(data=stored(opinion) if opinion else None)
        this_year = beijing_day(business_now()).year
        grades = [(each.code, each.name) for each in code_choices(db.session, CodeList.ANNUAL_ASSESSMENT)]
        form_class = unit_form(list(range(this_year - services.RECENT_YEARS, this_year)), grades)
        return form_class(data=stored(opinion) if opinion else {"text": self._model_words(application)})

    def _model_words(self, application: Application) -> str:
        """The usual wording with the facts known so far, to be changed by whoever signs."""
        series = code_name(db.session, CodeList.TITLE_SERIES, application.series_code)
        words = [
            _("经审核，%(name)s同志申报材料真实、完整，学历资历符合%(series)s%(title)s申报条件。",
              name=application.applicant_name, series=series, title=application.title_name)
        ]
        entry = live_entry(db.session, application.id)
        if entry is not None:
            words.append(
                _("本单位于%(start)s至%(end)s公示（%(n)s个工作日）。", start=entry.notice.posted_on,
                  end=entry.notice.closes_on, n=entry.notice.working_days)
            )
        words.append(_("同意推荐申报%(title)s。", title=application.title_name))
        return "".join(words)

    def _page(
        self, application: Application, form: BodyOpinionForm, opinion: Opinion | None, *, refused: str = "",
        status: int = 200,
    ) -> Any:
        actor = current_actor()
        entry = live_entry(db.session, application.id)
        lacks = ()
        if opinion is not None and not form.errors:
            said = services.OpinionText(**{name: getattr(opinion, name) for name in services.OpinionText.__dataclass_fields__})
            lacks = services.missing(said, party=opinion.party, defence_required=application.campaign.defence_required)
        name, unit = application.applicant_name, actor.party is Party.UNIT
        title = _("%(name)s 单位推荐意见", name=name) if unit else _("%(name)s 审核意见", name=name)
        return self.page(
            "reviews/opinion.html", title=title, a=application, form=form,
            unit=unit, notice=entry.notice if entry else None, methods=METHOD_NAMES,
            over=entry is not None and beijing_day(business_now()) > entry.notice.closes_on, refused=refused,
            lacks=[str(LACKS[name]) for name in lacks], again=opinion is not None and not opinion.complete and not lacks,
            in_hand=queries.has_in_hand(actor, application), place=grid_of(actor.party).place(),
            series=code_name(db.session, CodeList.TITLE_SERIES, application.series_code), status=status,
        )
