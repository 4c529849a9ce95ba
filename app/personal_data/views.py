"""我的数据 and 申请注销, for the applicant."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired

from app.accounts import edge
from app.accounts.asking import knows_password
from app.accounts.forms import AgainForm
from app.audit.services import record
from app.extensions import business_now, db
from app.personal_data import contents, copies, queries, services, wording
from app.web.scoping import current_actor, current_person
from app.web.views import TaskView


class MyDataView(TaskView):
    """What is stored, masked; whole, or as a copy, against the password."""

    route_base = "/my/data"
    default_view = "data"
    shell = "person"
    limits = [edge.per_address("30 per minute", "POST")]

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("data")
    def data(self) -> Any:
        return self._page(AgainForm(formdata=None))

    @expose("/reveal", methods=["POST"])
    @has_access
    @permission_name("data")
    def reveal(self) -> Any:
        form = AgainForm()
        if not (form.validate() and knows_password(form)):
            return self._page(form)
        self._record("reveal")
        return self._page(AgainForm(formdata=None), full=True)

    @expose("/download", methods=["POST"])
    @has_access
    @permission_name("data")
    def download(self) -> Any:
        form = AgainForm()
        if not (form.validate() and knows_password(form)):
            return self._page(form)
        self._record("download_data")
        made = copies.make(
            db.session, current_person(), current_actor(), now=business_now(),
            url=lambda public_id: current_app.config["PUBLIC_BASE_URL"] + url_for("FileView.file", public_id=public_id),
        )  # fmt: skip
        answer = send_file(made, "application/zip", as_attachment=True, download_name=_("我的数据") + ".zip")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def _record(self, verb: str) -> None:
        record(db.session, current_actor(), verb, "person", current_person().id, now=business_now())
        db.session.commit()

    def _page(self, form: AgainForm, full: bool = False) -> Any:
        return self.page(
            "personal_data/data.html", title=_("我的数据"), form=form, full=full, kept=wording.KEPT,
            topics=contents.topics(db.session, current_person(), full=full), status=422 if form.errors else 200,
        )  # fmt: skip


class DeletionForm(AgainForm):
    agree = BooleanField(
        _l("我已了解注销的后果，确定注销，并撤回对《个人信息处理说明》的同意"),
        validators=[DataRequired(_l("请看清注销的后果，确定后勾选。"))],
    )


class DeletionView(TaskView):
    """申请注销: its consequences, what stands against it, the request, and taking it back."""

    route_base = "/my/data/deletion"
    default_view = "deletion"
    shell = "person"
    limits = [edge.per_address("30 per minute", "POST")]

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("data")
    def deletion(self) -> Any:
        person, form = current_person(), DeletionForm()
        if form.validate_on_submit() and knows_password(form):
            try:
                services.ask(db.session, person, current_actor(), now=business_now())
                db.session.commit()
                return self.done(_("注销申请已提交，同意已撤回。执行前您可以随时撤回申请。"), url_for(".deletion"))
            except services.Obstructed:
                db.session.commit()
            except services.AlreadyAsked:
                db.session.rollback()
            return self.done(_("现在不能提交注销申请，原因见本页。"), url_for(".deletion"), "warning")
        return self.page(
            "personal_data/deletion.html", title=_("申请注销账号"), form=form, kept=wording.KEPT,
            asked=queries.open_request(db.session, person.id),
            against=wording.against(services.obstacles(db.session, person.id)), status=422 if form.errors else 200,
        )  # fmt: skip

    @expose("/withdraw", methods=["POST"])
    @has_access
    @permission_name("data")
    def withdraw(self) -> Any:
        asked = queries.open_request(db.session, current_person().id) or abort(404)
        try:
            services.withdraw(db.session, asked, current_actor(), now=business_now())
            db.session.commit()
        except services.AlreadyEnded:
            db.session.rollback()
            return self.done(_("申请刚刚已由他人办理。"), url_for(".deletion"), "warning")
        return self.done(_("注销申请已撤回，账号照常使用；您已重新同意《个人信息处理说明》。"), url_for("MyDataView.data"))
