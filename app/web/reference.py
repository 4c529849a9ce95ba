"""Rows that the office keeps: a Grid with forms to add and to change them, each change in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask import abort, current_app, flash, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError

from app.extensions import business_now, db
from app.web.scoping import current_actor
from app.web.views import Grid


class Refusal(Exception):
    """What was asked is not done; `sentence` (already in the reader's language) says what to do instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ReferenceView(Grid):
    """A grid whose rows are added and changed in FAB's forms: catalogues, bodies, campaigns, announcements. Every change
    is in the audit log; a conflict is said at the form, with what was typed still there.

    `fields` are the form's fields by column, in their order; a column that is not there cannot be written. Those named
    in `fixed` are asked for when a row is added and cannot be changed afterwards.
    """

    base_permissions: ClassVar[list[str] | None] = ["can_list", "can_show", "can_add", "can_edit"]
    exclude_route_methods = {"download", "delete"}
    conflict_message: ClassVar[Any] = _l("已有相同的记录，请检查编码或名称后再保存。")
    fields: ClassVar[Mapping[str, Any]] = {}
    fixed: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, **kwargs: Any) -> None:
        if self.fields:
            self.add_form_extra_fields = dict(self.fields)
            self.add_columns = list(self.fields)
            self.edit_columns = [name for name in self.fields if name not in self.fixed]
            self.edit_form_extra_fields = {name: self.fields[name] for name in self.edit_columns}
        super().__init__(**kwargs)

    def save(self, item: Any, form: Any) -> None:
        """Called with the filled item before it is written; may raise Refusal."""

    def saved(self, item: Any) -> None:
        """Called when the change is committed."""

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Any:
        return super().add()

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Any:
        return super().edit(pk)

    def _add(self) -> Any:
        form = self.add_form.refresh()
        if request.method == "POST" and form.validate() and self._write(self.datamodel.obj(), form, "add"):
            return None
        return self._get_add_widget(form=form, exclude_cols=[])

    def _edit(self, pk: str) -> Any:
        item = self.datamodel.get(pk, self._base_filters) or abort(404)
        if request.method == "POST":
            form = self.edit_form.refresh(request.form)
            form._id = self.datamodel.get_pk_value(item)
            if form.validate() and self._write(item, form, "edit"):
                return None
        else:
            form = self.edit_form.refresh(obj=item)
            self.prefill_form(form, self.datamodel.get_pk_value(item))
        return self._get_edit_widget(form=form, exclude_cols=[])

    def _write(self, item: Any, form: Any, verb: str) -> bool:
        actor, now = current_actor(), business_now()
        kind = self.datamodel.obj.__tablename__
        with db.session.no_autoflush:
            try:
                form.populate_obj(item)
                self.save(item, form)
                db.session.add(item)
                db.session.flush()
            except Refusal as refusal:
                db.session.rollback()
                flash(refusal.sentence, "danger")
                return False
            except IntegrityError:
                db.session.rollback()
                flash(str(self.conflict_message), "danger")
                return False
        key = self.datamodel.get_pk_value(item)
        current_app.extensions["record"](
            db.session, actor, verb, kind, key, now=now, fields=sorted(form.data.keys() - {"csrf_token"}),
        )
        db.session.commit()
        self.saved(item)
        flash(_("已保存。"), "success")
        return True
