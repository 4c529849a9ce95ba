"""我的导出: the large exports of a person, with their progress, to download for a day."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, make_response, render_template, send_file
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.audit.services import record
from app.exports import making, queries, wording
from app.exports.grids import EXPORT, FULL, file_name, grid_of
from app.exports.models import ExportJob, ExportState
from app.exports.sheets import MEDIA_TYPES
from app.extensions import business_now, db
from app.files.wording import size_words
from app.gateways.storage import NoSuchObject
from app.web.scoping import current_actor
from app.web.views import TaskView

UNDER_WAY = (ExportState.WAITING, ExportState.RUNNING)
WORDS = {
    "states": wording.STATE_NAMES, "tones": wording.TONES, "formats": wording.FORMAT_NAMES, "size_words": size_words,
}  # fmt: skip


class ExportView(TaskView):
    route_base = "/exports"
    default_view = "exports"
    page_title = _l("我的导出")

    @expose("/", methods=["GET"])
    @has_access
    @permission_name("download")
    def exports(self) -> Any:
        jobs = queries.own(db.session, current_actor(), business_now())
        return self.page("exports/list.html", title=self.page_title, jobs=[_shown(job) for job in jobs], **WORDS)

    @expose("/<string:public_id>/state", methods=["GET"])
    @has_access
    @permission_name("download")
    def state(self, public_id: str) -> Any:
        """One export of the list, for the page that waits for it."""
        job = queries.of_public_id(db.session, current_actor(), public_id, business_now()) or abort(404)
        answer = make_response(render_template("exports/state.html", **_shown(job), **WORDS))
        if job.state not in UNDER_WAY:
            answer.headers["X-Poll"] = "stop"
        return answer

    @expose("/<string:public_id>/file", methods=["GET"])
    @has_access
    @permission_name("download")
    def file(self, public_id: str) -> Any:
        actor, now = current_actor(), business_now()
        job = queries.of_public_id(db.session, actor, public_id, now)
        if job is None or job.storage_key is None or (grid := grid_of(job.grid)) is None:
            abort(404)
        if not all(actor.may(needed, grid.class_permission_name) for needed in ({EXPORT, FULL} if job.full else {EXPORT})):
            abort(403)
        try:
            stream = current_app.extensions["gateways"].storage.open(job.storage_key)
        except NoSuchObject:
            abort(404)
        record(db.session, actor, "download_export", "grid", job.grid, now=now, rows=job.rows, format=job.format.value)
        answer = send_file(
            stream, MEDIA_TYPES[job.format], as_attachment=True, download_name=file_name(grid, job.format), conditional=False
        )
        db.session.commit()
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _shown(job: ExportJob) -> dict[str, Any]:
    running = job.state is ExportState.RUNNING
    return {
        "job": job, "name": _title(job.grid), "waiting": job.state in UNDER_WAY,
        "done": making.progress(current_app.extensions["redis"], job) if running else 0,
    }  # fmt: skip


def _title(name: str) -> str:
    grid = grid_of(name)
    return str(grid.list_title) if grid else _("已不再提供的列表")
