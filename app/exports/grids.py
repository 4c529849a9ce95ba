"""A grid with 导出: the rows of the address in their order, the columns that are not hidden, as the person may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO, Any, ClassVar

import sqlalchemy as sa
from flask import abort, current_app, flash, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _

from app.days import beijing_day
from app.exports import services
from app.exports.models import SheetFormat
from app.exports.services import AT_ONCE, MOST
from app.exports.sheets import MEDIA_TYPES, SheetColumn, write
from app.exports.wording import conditions_of
from app.extensions import business_now, db
from app.web.scoping import current_actor
from app.web.views import Grid

CHUNK = 1_000  # rows that are fetched together
EXPORT, FULL = "can_export", "can_export_full"


class ExportableGrid(Grid):
    """`sheet` says what each of `list_columns` is made of. Who holds `can_export` exports; who holds `can_export_full`
    besides may choose to see whole what the page shows masked, where `has_full` says that there is such a thing."""

    has_full: ClassVar[bool] = False
    private_filters: ClassVar[frozenset[str]] = frozenset()  # what is typed into these stays out of the log
    base_permissions: ClassVar[list[str] | None] = ["can_list", EXPORT]

    def sheet(self, *, full: bool) -> dict[str, SheetColumn]:
        """The columns by name; with `full`, whole numbers instead of masked ones."""
        raise NotImplementedError

    def toolbar(self) -> dict[str, Any]:
        actor, name = current_actor(), self.class_permission_name
        if not actor.may(EXPORT, name):
            return {}
        address = url_for(f"{type(self).__name__}.export", **request.args.to_dict(flat=False))
        return {"export_url": address, "export_full": self.has_full and actor.may(FULL, name)}

    @expose("/export", methods=["POST"])
    @has_access
    @permission_name("export")
    def export(self) -> Any:
        """The file itself for a small list; a large one is put to the worker."""
        columns, format, full = self._asked_columns(), self._asked_format(), self._asked_full()
        count = self._count_up_to(MOST + 1)
        if count > MOST:
            flash(_("符合条件的超过 %(most)s 条，请先用筛选缩小范围，再分次导出。", most=MOST), "warning")
            return redirect(self._back())
        asked = {"format": format, "full": full, "conditions": conditions_of(self, self.tab())}
        actor, name, now = current_actor(), type(self).__name__, business_now()
        if count <= AT_ONCE:
            return self._at_once(columns, asked)
        try:
            services.ask(
                db.session, actor, name, query=request.query_string.decode(), columns=columns, rows=count, now=now, **asked
            )
        except services.UnderWay:
            flash(_("您的上一份表格还在生成，请等它完成后再导出。"), "warning")
        else:
            db.session.commit()
            flash(_("表格有 %(count)s 行，正在后台生成，完成后在这里下载。", count=count), "success")
        return redirect(url_for("ExportView.exports"))

    def _at_once(self, columns: list[str], asked: dict[str, Any]) -> Any:
        out = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
        rows = self.write_to(out, columns, asked["format"], full=asked["full"])
        services.note(db.session, current_actor(), type(self).__name__, rows=rows, now=business_now(), **asked)
        db.session.commit()
        out.seek(0)
        answer = send_file(
            out, MEDIA_TYPES[asked["format"]], as_attachment=True, download_name=file_name(self, asked["format"])
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def write_to(
        self, out: IO[bytes], columns: list[str], format: SheetFormat, *, full: bool,
        progress: Callable[[int], None] = lambda done: None,
    ) -> int:
        """Writes what the request's arguments describe; tells `progress` after every CHUNK rows. Returns how many rows."""
        sheet = self.sheet(full=full)
        chosen = [sheet[name] for name in columns]
        sources = [source for column in chosen for source in column.sources]
        # read by a cursor of the server: one statement, one moment, and never all rows in memory
        found = self.listed(*sources).limit(MOST).yield_per(CHUNK)
        return write(out, format, chosen, _telling(found, progress))

    def _count_up_to(self, most: int) -> int:
        keys = self.listed(self.datamodel.get_pk()).order_by(None).limit(most).subquery()
        return db.session.execute(sa.select(sa.func.count()).select_from(keys)).scalar_one()

    def _asked_columns(self) -> list[str]:
        hidden = set(request.form.get("hidden", "").split())
        columns = [name for name in self.list_columns if name not in hidden]
        if not hidden <= set(self.list_columns) or not columns:
            abort(400)
        return columns

    def _asked_format(self) -> SheetFormat:
        try:
            return SheetFormat(request.form.get("format", ""))
        except ValueError:
            abort(400)

    def _asked_full(self) -> bool:
        full = "full" in request.form
        if full and not (self.has_full and current_actor().may(FULL, self.class_permission_name)):
            abort(403)
        return full

    def _back(self) -> str:
        return url_for(f"{type(self).__name__}.list", **request.args.to_dict(flat=False))


def _telling(rows: Any, progress: Callable[[int], None]) -> Iterator[Any]:
    for done, row in enumerate(rows, 1):
        yield row
        if not done % CHUNK:
            progress(done)


def grid_of(name: str) -> ExportableGrid | None:
    """The grid of that name; None if it is there no more."""
    views = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
    return next((view for view in views if type(view).__name__ == name and isinstance(view, ExportableGrid)), None)


def file_name(grid: ExportableGrid, format: SheetFormat) -> str:
    """单位审核-20261125.xlsx"""
    return f"{grid.list_title}-{beijing_day(business_now()):%Y%m%d}.{format}"
