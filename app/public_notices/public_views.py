"""One notice as anybody may read it, and the form for an objection; their list is the portal's."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from redis.exceptions import RedisError

from app.accounts.edge import captcha_right
from app.accounts.wording import captcha_refused
from app.extensions import business_now, db
from app.public_notices import queries, services
from app.public_notices.forms import ObjectionForm
from app.public_notices.grids import how_long, is_over
from app.public_notices.models import PublicNotice
from app.public_notices.wording import KIND_NAMES, sentence
from app.web.views import TaskView

OBJECTIONS_AN_HOUR = 5


def too_many(address: str) -> bool:
    """Counts an objection from this address; True beyond OBJECTIONS_AN_HOUR, or when nobody can count."""
    redis, key = current_app.extensions["redis"], f"objections:{address}"
    try:
        with redis.pipeline() as pipe:
            pipe.incr(key).expire(key, 3600, nx=True)
            return pipe.execute()[0] > OBJECTIONS_AN_HOUR
    except RedisError:
        return True


class PublicNoticesPage(TaskView):
    """公示, without log-in. When a notice is over, its names are gone from the page."""

    route_base = "/notices/public"
    default_view = "show"
    shell = "public"

    def _notice(self, token: str) -> PublicNotice:
        try:
            return queries.public(db.session, token)
        except queries.NoSuchNotice:
            abort(404)

    @expose("/<token>")
    def show(self, token: str) -> Any:
        return self._page(self._notice(token), ObjectionForm(formdata=None))

    def _page(self, notice: PublicNotice, form: ObjectionForm, *, refused: str = "", status: int = 200) -> Any:
        entries = [] if is_over(notice) else [entry for entry in notice.entries if entry.ended_at is None]
        form.about.choices = [(entry.id, entry.shown["name"]) for entry in entries]
        return self.page(
            "public_notices/public_show.html", title=notice.title, notice=notice, entries=entries, form=form,
            over=is_over(notice), how_long=how_long(notice), kinds=KIND_NAMES, refused=refused, status=status,
        )

    @expose("/<token>/objection", methods=["POST"])
    def object(self, token: str) -> Any:
        """Takes an objection; what was typed stays on the page when it is refused."""
        notice, form = self._notice(token), ObjectionForm()
        entries = {entry.id: entry for entry in notice.entries if entry.ended_at is None}
        form.about.choices = [(key, entry.shown["name"]) for key, entry in entries.items()]
        if is_over(notice):
            return self._page(notice, form, refused=sentence(services.NoticeOver()), status=409)
        valid = form.validate_on_submit()
        if not captcha_right(form.captcha.data):
            form.captcha.errors = [captcha_refused(form.captcha.data)]
            valid = False
        if not valid:
            return self._page(notice, form, status=422)
        if too_many(request.remote_addr or ""):
            return self._page(notice, form, refused=_("提交太频繁，请一小时后再试，填写的内容请先自行保存。"), status=429)
        now = business_now()
        try:
            services.raise_objection(
                db.session, entries[form.about.data], text=form.text.data, contact=form.contact.data or "", now=now
            )
        except services.NoticeOver as error:
            db.session.rollback()
            return self._page(notice, form, refused=sentence(error), status=409)
        db.session.commit()
        return self.done(_("已收到您反映的情况，受理部门会核查。"), url_for(".show", token=token))
