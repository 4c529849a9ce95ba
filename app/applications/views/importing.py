"""批量导入: a table is pasted or uploaded, shown as it was understood, and only then becomes rows."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from typing import Any

from flask import current_app, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from redis.exceptions import RedisError
from werkzeug.utils import send_file

from app.applications import documents, saving, wording
from app.applications.checklist import SectionState
from app.applications.models import Application
from app.applications.naming import code_names
from app.applications.sources import import_table
from app.applications.sources.import_table import Left, ReadLine, ReadTable
from app.applications.sources.import_template import template
from app.applications.sources.pending_import import PendingImport
from app.applications.views.base import ApplicantView
from app.extensions import business_now, db
from app.files.wording import size_words
from app.gateways import spreadsheets
from app.gateways.spreadsheets import Line, TableRefused
from app.web.scoping import current_actor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REFUSED: Mapping[type[TableRefused], Any] = {
    spreadsheets.TooHeavy: _l("这个表格展开后太大，读不了。请只留要导入的内容，另存为新的 .xlsx 文件后再试。"),
    spreadsheets.NotATable: _l("这个文件不是表格。请另存为 .xlsx、.xls 或 .csv 后再上传。"),
    spreadsheets.LockedTable: _l("这个表格有打开密码。请取消密码、另存后再上传。"),
    spreadsheets.BrokenTable: _l("这个表格打不开，可能已损坏。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"),
    spreadsheets.NothingInIt: _l("没有读到内容。请把要导入的内容放在第一张工作表，或直接粘贴。"),
    spreadsheets.Busy: _l("现在导入的人较多，请过一会儿再点一次。"),
}
LEFT = {
    Left.WRONG: _l("有错误"),
    Left.THERE: _l("这份申报中已有相同的一条"),
    Left.TWICE: _l("和前面的一行相同"),
    Left.EXAMPLE: _l("模板的示例行"),
}
NOT_TICKED = _l("没有勾选")


class ImportView(ApplicantView):
    default_view = "table"

    @expose("/<string:number>/<string:section>/import/", methods=["GET", "POST"])
    @has_access
    @permission_name("import")
    def table(self, number: str, section: str) -> Any:
        application, _whole, state = self.own_rows(number, section)
        if request.method == "GET":
            again = _pending(number, section).lines(request.args.get("again", ""))
            return self._form(application, state, typed=spreadsheets.as_text(again or ()))
        if not state.unlocked:
            return self._refuse(saving.Locked(submitted=False), number, section)
        try:
            token = _pending(number, section).put(_sent())
        except TableRefused as error:
            return self._form(application, state, _refused(error), 422, typed=request.form.get("table", ""))
        except RedisError:
            sentence = _("现在不能导入，请过几分钟再试；也可以一条一条添加。")
            return self._form(application, state, sentence, 503, typed=request.form.get("table", ""))
        return redirect(url_for("ImportView.preview", number=number, section=section, token=token))

    @expose("/<string:number>/<string:section>/import/template.xlsx")
    @has_access
    @permission_name("import")
    def template(self, number: str, section: str) -> Any:
        _application, _whole, state = self.own_rows(number, section)
        return send_file(
            io.BytesIO(template(db.session, state.section)), request.environ, mimetype=XLSX, as_attachment=True,
            download_name=_("%(name)s导入模板.xlsx", name=_(state.section.name)),
        )  # fmt: skip

    @expose("/<string:number>/<string:section>/import/<string:token>/", methods=["GET", "POST"])
    @has_access
    @permission_name("import")
    def preview(self, number: str, section: str, token: str) -> Any:
        application, whole, state = self.own_rows(number, section)
        pending = _pending(number, section)
        if report := pending.report(token):
            return self.page("my/import_report.html", title=_("导入结果"), state=state, application=application, **report)
        lines, again = pending.lines(token), url_for("ImportView.table", number=number, section=section)
        if lines is None:
            return self.done(_("这次导入的内容已经过期或被新的一次代替，请重新粘贴或上传。"), again, "warning")
        read = import_table.read_table(db.session, whole, state, lines, lambda line: _row_id(token, line))
        if not read.lines:
            return self.done(_("只读到表头，表头下面没有内容，请连同内容一起复制或上传。"), again, "warning")
        if request.method == "POST":
            return self._confirm(application, state, read, token)
        return self._preview(application, state, read, token, {line.number for line in read.at(None)})

    def _confirm(self, application: Application, state: SectionState, read: ReadTable, token: str) -> Any:
        number, section = application.number, state.section.code
        ticked = set(request.form.getlist("line"))
        chosen = [line for line in read.at(None) if str(line.number) in ticked]
        wrong, leaves = read.at(Left.WRONG), bool(request.form.get("leave"))
        room = state.section.max_rows - len(state.rows)
        error = ""
        if wrong and not leaves:
            error = _("%(lines)s有错误。请改正后重新粘贴或上传，或勾选「有错误的行不导入」。", lines=_numbers(wrong))
        elif not chosen:
            error = _("没有可以导入的行，请至少勾选一行。")
        elif len(chosen) > room:
            error = _("「%(name)s」最多 %(most)d 条，还能再加 %(room)d 条，您勾选了 %(n)d 条，请减少。",
                      name=_(state.section.name), most=state.section.max_rows, room=max(room, 0), n=len(chosen))  # fmt: skip
        if error:
            kept = {line.number for line in chosen}
            return self._preview(application, state, read, token, kept, leaves=leaves, error=error, status=422)
        rows = [line.values for line in chosen]
        try:
            added = saving.add_rows(db.session, application, current_actor(), section, rows, now=business_now())
        except saving.NotSaved as refusal:
            return self._refuse(refusal, number, section)
        db.session.commit()
        left = [(line.number, _why_left(line)) for line in read.lines if line not in chosen]
        lacking = [(line.number, list(line.lacking)) for line in chosen if line.lacking]
        report = {"added": len(added), "left": left, "lacking": lacking}
        try:
            _pending(number, section).finish(token, report)
        except RedisError:  # the rows are saved all the same
            return self.done(_("已导入 %(n)s 条。", n=len(added)), url_for("SectionView.section", number=number, section=section))
        return redirect(url_for("ImportView.preview", number=number, section=section, token=token))

    def _form(
        self, application: Application, state: SectionState, error: str = "", status: int = 200, *, typed: str
    ) -> Any:
        return self.page(
            "my/import.html", status=status, title=_("批量导入"), application=application, state=state, error=error,
            typed=typed, most=spreadsheets.MAX_LINES, limit=spreadsheets.MAX_BYTES,
            columns=[_(field.label) for field in import_table.import_fields(state.section)],
        )  # fmt: skip

    def _preview(
        self, application: Application, state: SectionState, read: ReadTable, token: str, ticked: set[int], *,
        leaves: bool = False, error: str = "", status: int = 200,
    ) -> Any:  # fmt: skip
        names = code_names(db.session)
        return self.page(
            "my/import_preview.html", status=status, title=_("核对导入内容"), application=application, state=state,
            error=error, token=token, ticked=ticked, leaves=leaves, unknown=read.unknown, headed=read.headed,
            good=len(read.at(None)), wrong=_numbers(read.at(Left.WRONG)), all=len(read.lines),
            room=state.section.max_rows - len(state.rows),
            lines=[
                (line, names.title(state.section, line.values) or _("没有读出名称"), str(LEFT.get(line.left, "")))
                for line in read.lines
            ],
        )  # fmt: skip

    def _refuse(self, error: saving.NotSaved, number: str, section: str) -> Any:
        db.session.rollback()
        return self.done(wording.not_saved(error), url_for("SectionView.section", number=number, section=section), "warning")


def _why_left(line: ReadLine) -> str:
    """Why a line is not taken, with what was wrong in it: the report outlives the page that showed it."""
    why = str(LEFT[line.left] if line.left else NOT_TICKED)
    faults = "".join(_("「%(label)s」：%(sentence)s", label=each.label, sentence=each.sentence) for each in line.faults)
    return _("%(why)s。%(faults)s", why=why, faults=faults) if faults else why


def _pending(number: str, section: str) -> PendingImport:
    person_id = current_actor().person_id
    assert person_id is not None
    return PendingImport(current_app.extensions["redis"], person_id, number, section)


def _sent() -> list[Line]:
    """The lines of what was uploaded or pasted; raises TableRefused."""
    file, text = request.files.get("file"), request.form.get("table", "")
    if file is not None and file.filename:
        return spreadsheets.read_file(file.stream.read(spreadsheets.MAX_BYTES + 1))
    return spreadsheets.read_text(text)


def _refused(error: TableRefused) -> str:
    match error:
        case spreadsheets.TooLarge(limit=limit):
            return _("表格不能超过 %(limit)s，请只留要导入的内容，另存后再上传。", limit=size_words(limit))
        case spreadsheets.TooManyLines(limit=limit):
            return _("一次最多导入 %(limit)d 行，请分几次导入。", limit=limit)
        case _:
            return str(REFUSED[type(error)])


def _row_id(token: str, line: int) -> str:
    """The same for the same line of the same table: confirming twice adds it once."""
    return hashlib.sha256(f"{token}:{line}".encode()).hexdigest()[:documents.ROW_ID_LENGTH]


def _numbers(lines: list[ReadLine]) -> str:
    """第 3、5 行."""
    if not lines:
        return ""
    return _("第 %(numbers)s 行", numbers=_("、").join(str(line.number) for line in lines))
