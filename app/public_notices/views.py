"""The pages of whoever posts a notice: start one, look at it, print its sheet, answer objections."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, request, send_file, url_for
from flask_appbuilder import expose, permission_name
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications.models import Application
from app.days import beijing_day
from app.extensions import business_now, db
from app.files import services as files
from app.files.models import StoredFile
from app.gateways.scanner import ScannerUnavailable
from app.gateways.storage import FileRefused, StorageUnavailable
from app.public_notices import exports, queries, services
from app.public_notices.forms import AnswerForm, NoticeForm
from app.public_notices.grids import how_long, is_over
from app.public_notices.models import NoticeMethod, ObjectionStatus, PublicNotice
from app.public_notices.wording import KIND_NAMES, METHOD_NAMES, OBJECTION_NAMES, sentence
from app.review_bodies.models import Campaign, ReviewBody
from app.units.models import Unit
from app.web.scoping import current_actor
from app.web.views import TaskView
from app.workflow.machine import MoveRefused

LISTED = 200


class NoticePage(TaskView):
    """One notice, for the office that posted it."""

    route_base = "/notice"
    default_view = "add"

    def _notice(self, token: str) -> PublicNotice:
        try:
            return queries.get(db.session, current_actor(), token)
        except queries.NoSuchNotice:
            abort(404)

    @expose("/add", methods=["GET", "POST"])
    @has_access
    @permission_name("post")
    def add(self) -> Any:
        """发起公示: the applications named in the address are ticked."""
        listed = queries.to_be_posted(db.session, current_actor(), limit=LISTED)
        chosen = set(request.form.getlist("number") or request.args.getlist("number"))
        form = NoticeForm(working_days=max((each.campaign.notice_days for each in listed), default=5))
        refused = ""
        if form.validate_on_submit():
            try:
                notice = self._post([each for each in listed if each.number in chosen], form)
                db.session.commit()
                return self.done(_("公示已经开始，期满后可以上报。"), url_for(".show", token=notice.token))
            except services.NoticeRefused as error:
                db.session.rollback()
                refused = sentence(error)
            except FileRefused:
                db.session.rollback()
                form.paper.errors = [_("这个文件不能用：请上传不超过 1 MB 的 jpg 图片，或不超过 30 MB、没有加密的 pdf。")]
            except (StorageUnavailable, ScannerUnavailable):
                db.session.rollback()
                refused = _("文件暂时存不进去，请过几分钟再试；填写的内容仍在。")
            listed = queries.to_be_posted(db.session, current_actor(), limit=LISTED)
        status = 422 if request.method == "POST" else 200
        return self.page(
            "public_notices/add.html", title=_("发起公示"), form=form, listed=listed, chosen=chosen, refused=refused,
            status=status,
        )

    def _post(self, applications: list[Application], form: NoticeForm) -> PublicNotice:
        actor, method = current_actor(), NoticeMethod(form.method.data)
        if not applications:
            raise services.NothingChosen()
        paper = self._keep_paper(form) if method is NoticeMethod.PAPER and form.paper.data else None
        return services.post_notice(
            db.session, applications, actor, method=method, posted_on=form.posted_on.data or beijing_day(business_now()),
            place=form.place.data, contact=form.contact.data, working_days=form.working_days.data, paper_file=paper,
            now=business_now(),
        )

    def _keep_paper(self, form: NoticeForm) -> StoredFile:
        actor, gateways, upload = current_actor(), current_app.extensions["gateways"], form.paper.data
        return files.keep(
            db.session, gateways.storage, gateways.scanner, upload.stream, name=upload.filename or "", kind="NOTICE_PAPER",
            owner=files.Owner(unit_id=actor.unit_id), formats=(files.Format.JPG, files.Format.PDF),
            uploaded_by_id=actor.person_id, now=business_now(),
        )

    @expose("/<token>")
    @has_access
    @permission_name("show")
    def show(self, token: str) -> Any:
        return self._page(self._notice(token), AnswerForm(formdata=None))

    def _page(self, notice: PublicNotice, form: AnswerForm, *, answering: int = 0, status: int = 200) -> Any:
        numbers = dict(
            db.session.query(Application.id, Application.number)
            .filter(Application.id.in_([entry.application_id for entry in notice.entries]))
            .all()
        )
        return self.page(
            "public_notices/show.html", title=notice.title, notice=notice, form=form, answering=answering,
            objections=queries.objections_of(db.session, notice), numbers=numbers, how_long=how_long(notice),
            over=is_over(notice), kinds=KIND_NAMES, methods=METHOD_NAMES, objection_names=OBJECTION_NAMES,
            open_status=ObjectionStatus.OPEN, may_answer=current_actor().may("can_answer", "NoticePage"), status=status,
            names={entry.id: entry.shown["name"] for entry in notice.entries},
        )

    @expose("/<token>/sheet.pdf")
    @has_access
    @permission_name("show")
    def sheet(self, token: str) -> Any:
        """公示表, to print and post."""
        notice = self._notice(token)
        poster: Any = db.session.get_one(Unit, notice.unit_id) if notice.unit_id else db.session.get_one(ReviewBody, notice.body_id)
        campaigns = db.session.query(Campaign.name).filter(
            Campaign.id.in_(
                db.session.query(Application.campaign_id).filter(
                    Application.id.in_([entry.application_id for entry in notice.entries])
                )
            )
        )
        names = "、".join(name for (name,) in campaigns.order_by(Campaign.id).limit(3))
        data = exports.sheet(notice, poster=poster.name, campaign=names, printed_at=business_now())
        printed = current_app.extensions["gateways"].documents.public_notice_sheet(data)
        return Response(
            printed, mimetype="application/pdf", headers={"Content-Disposition": "inline; filename=notice.pdf"}
        )

    @expose("/<token>/paper")
    @has_access
    @permission_name("show")
    def paper(self, token: str) -> Any:
        """The photo or scan of the posted sheet."""
        notice = self._notice(token)
        kept = db.session.get(StoredFile, notice.paper_file_id) if notice.paper_file_id else None
        if kept is None:
            abort(404)
        return send_file(
            current_app.extensions["gateways"].storage.open(kept.storage_key), mimetype=kept.media_type,
            download_name=kept.name,
        )

    @expose("/objection/<int:objection_id>", methods=["POST"])
    @has_access
    @permission_name("answer")
    def answer(self, objection_id: int) -> Any:
        """Dismisses or upholds an objection."""
        actor = current_actor()
        try:
            objection, entry = queries.objection(db.session, actor, objection_id)
        except queries.NoSuchNotice:
            abort(404)
        notice, form = entry.notice, AnswerForm()
        if not form.validate_on_submit():
            return self._page(notice, form, answering=objection_id, status=422)
        address = url_for(".show", token=notice.token)
        try:
            services.answer_objection(
                db.session, objection, entry, actor, upheld=form.upheld.data == "1", answer=form.answer.data, now=business_now()
            )
            db.session.commit()
        except services.AlreadyAnswered as error:
            db.session.rollback()
            return self.done(sentence(error), address, "warning")
        except MoveRefused:
            db.session.rollback()
            return self.done(_("材料已不在公示阶段，不能再认定异议成立；请刷新后再看。"), address, "warning")
        return self.done(_("异议已答复。"), address)


