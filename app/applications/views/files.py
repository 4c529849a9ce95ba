"""Uploads of the applicant, and files for everybody who sees the application."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from werkzeug.utils import send_file

from app.applications import saving, uploads, wording
from app.applications.models import Application
from app.applications.views.base import ApplicantView, wants_json
from app.audit.services import record
from app.extensions import business_now, db
from app.files.models import StoredFile
from app.files.services import shown_name
from app.files.wording import say, size_words
from app.gateways.scanner import Busy, ScannerUnavailable
from app.gateways.storage import FileRefused, NoSuchObject, StorageUnavailable
from app.web.scoping import current_actor
from app.web.views import TaskView

PICTURE_POLICY = "default-src 'none'; img-src 'self'; sandbox"


class UploadView(ApplicantView):
    """Taking and removing files; answers JSON to the upload rows, and a redirect to a browser without JavaScript."""

    default_view = "upload"

    @expose("/<string:number>/<string:section>/files/<string:code>/", methods=["POST"])
    @has_access
    @permission_name("upload")
    def upload(self, number: str, section: str, code: str) -> Any:
        return self._take(number, section, code, "")

    @expose("/<string:number>/<string:section>/rows/<string:row_id>/files/<string:code>/", methods=["POST"])
    @has_access
    @permission_name("upload")
    def upload_to_row(self, number: str, section: str, row_id: str, code: str) -> Any:
        return self._take(number, section, code, row_id)

    @expose("/<string:number>/files/<string:public_id>/delete/", methods=["POST"])
    @has_access
    @permission_name("upload")
    def delete(self, number: str, public_id: str) -> Any:
        application, file = self._own_file(number, public_id)
        section, row_id = file.section or "", file.row_id
        try:
            uploads.remove(db.session, application, file, now=business_now())
        except saving.Locked as error:
            db.session.rollback()
            return self.done(wording.not_saved(error), _page_of(number, section, row_id), "warning")
        except uploads.NoSuchPlace:
            db.session.rollback()
            return redirect(_page_of(number, section, row_id))
        db.session.commit()
        return redirect(_page_of(number, section, row_id, deleted=public_id))

    @expose("/<string:number>/files/<string:public_id>/restore/", methods=["POST"])
    @has_access
    @permission_name("upload")
    def restore(self, number: str, public_id: str) -> Any:
        """Brings a deleted file back."""
        application, file = self._own_file(number, public_id)
        back, name = _page_of(number, file.section or "", file.row_id), file.name
        try:
            uploads.restore(db.session, application, public_id, now=business_now())
        except saving.Locked as error:
            db.session.rollback()
            return self.done(wording.not_saved(error), back, "warning")
        except uploads.QuotaFull as error:
            db.session.rollback()
            return self.done(_quota(error), back, "warning")
        except uploads.NoSuchPlace:
            db.session.rollback()
            return self.done(_("文件“%(name)s”不能恢复：原来的位置已有别的文件，或者那一条已经删除。", name=name), back, "warning")
        db.session.commit()
        return self.done(_("已恢复文件“%(name)s”。", name=name), back)

    def _own_file(self, number: str, public_id: str) -> tuple[Application, StoredFile]:
        application = self.own(number)
        file = uploads.visible_file(db.session, current_actor(), public_id)
        if file is None or file.application_id != application.id:
            abort(404)
        return application, file

    def _take(self, number: str, section: str, code: str, row_id: str) -> Any:
        application = self.own(number)
        try:
            where = uploads.place(db.session, application, section, code, row_id)
        except uploads.NoSuchPlace:
            abort(404)
        back = _page_of(number, section, row_id)
        sent = request.files.get("file")
        label = _(where.attachment.label)
        if sent is None or not sent.filename:
            return _answer(False, _("请先选择%(label)s的文件，再上传。", label=label), back)
        size = sent.stream.seek(0, 2)
        sent.stream.seek(0)
        try:
            file = self._keep(application, where, sent)
        except FileRefused as error:
            db.session.rollback()
            return _answer(False, _sentence(error, label, sent.filename, where, size), back)
        except saving.Locked as error:
            db.session.rollback()
            return _answer(False, wording.not_saved(error), back)
        except uploads.NoSuchPlace:
            db.session.rollback()
            return _answer(False, _("请先保存这一条的内容，再上传文件。"), back)
        except Busy:
            db.session.rollback()
            return _answer(
                False, _("现在上传的人多，这个文件还没有检查；请过一会儿重试，不用重新选文件。原来的文件仍保留。"), back, status=503
            )
        except (StorageUnavailable, ScannerUnavailable):
            db.session.rollback()
            return _answer(
                False, _("文件暂时不能保存，请过几分钟再上传。原来的文件仍保留。"), back, status=503
            )
        facts = {
            "name": file.name,
            "size": size_words(file.size),
            "pages": file.pages,
            "url": url_for("FileView.file", public_id=file.public_id),
            "delete": url_for("UploadView.delete", number=application.number, public_id=file.public_id),
        }
        db.session.commit()
        return _answer(True, _("%(label)s已上传。", label=label), back, **facts)

    def _keep(self, application: Application, where: uploads.Place, sent: Any) -> Any:
        gateways = current_app.extensions["gateways"]
        return uploads.keep(
            db.session,
            application,
            current_actor(),
            where,
            sent.stream,
            name=sent.filename,
            storage=gateways.storage,
            scanner=gateways.scanner,
            now=business_now(),
        )


class FileView(TaskView):
    """A file of an application, in the page, for whoever sees the application; for all others there is none."""

    route_base = "/applications"
    default_view = "file"

    @expose("/files/<string:public_id>")
    @has_access
    @permission_name("file")
    def file(self, public_id: str) -> Any:
        actor = current_actor()
        found = uploads.visible_file(db.session, actor, public_id)
        if found is None:
            abort(404)
        try:
            stream = current_app.extensions["gateways"].storage.open(found.storage_key)
        except NoSuchObject:
            abort(404)
        answer: Response = send_file(
            stream, request.environ, mimetype=found.media_type, download_name=found.name, conditional=False
        )
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Cache-Control"] = "no-store"
        if found.media_type == "image/jpeg":
            # Browsers show a PDF in their own viewer, which a sandbox would leave empty; the frame gives PDFs
            # its own policy, and what a PDF could do by itself was refused at the upload.
            answer.headers["Content-Security-Policy"] = PICTURE_POLICY
        if found.uploaded_by_id != actor.person_id:
            record(db.session, actor, "view_file", "stored_file", found.id, now=business_now())
            db.session.commit()
        return answer


def _page_of(number: str, section: str, row_id: str, **more: str) -> str:
    if row_id:
        return url_for("SectionView.row", number=number, section=section, row_id=row_id, **more)
    return url_for("SectionView.section", number=number, section=section, **more)


def _quota(error: uploads.QuotaFull) -> str:
    return _(
        "这份申报的文件合计不超过 %(limit)s，现在已有 %(used)s；请先删除或压缩别的文件，再上传。",
        limit=size_words(error.limit), used=size_words(error.used),
    )  # fmt: skip


def _sentence(error: FileRefused, label: str, name: str, where: uploads.Place, size: int) -> str:
    if isinstance(error, uploads.QuotaFull):
        return _quota(error)
    if isinstance(error, uploads.TooManyFiles):
        return _("%(label)s最多 %(most)d 个文件，请先删除不用的，再上传。", label=label, most=error.most)
    return say(error, label=label, name=shown_name(name), formats=where.attachment.formats, size=size)


def _answer(ok: bool, message: str, back: str, *, status: int = 200, **facts: Any) -> Any:
    if wants_json():
        return jsonify({"ok": ok, "message": message, **facts}), status if ok or status != 200 else 422
    flash(message, "success" if ok else "danger")
    return redirect(back)
