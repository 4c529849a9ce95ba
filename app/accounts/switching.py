"""Grids of accounts that are closed and opened again: of all for the system administrator, of bodies for the office."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect
from flask_appbuilder.actions import action
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts import administration
from app.accounts.models import Person
from app.extensions import business_now, db
from app.web.scoping import current_actor
from app.web.views import Grid


class SwitchableAccounts(Grid):
    """停用 and 启用 of the chosen accounts, all or none; nobody's own. Its rows are persons with their users loaded."""

    def _set_active(self, rows: list[Person], active: bool) -> Any:
        now = business_now()
        try:
            for person in rows:
                administration.set_active(
                    db.session, person, current_actor(), active=active, now=now, machine_now=datetime.now(UTC)
                )
        except administration.OwnAccount:
            db.session.rollback()
            flash(_("不能停用自己的账号，请取消勾选后再办理。"), "danger")
            return redirect(self.get_redirect())
        db.session.commit()
        flash(_("已启用 %(n)s 个账号。", n=len(rows)) if active else _("已停用 %(n)s 个账号。", n=len(rows)), "success")
        return redirect(self.get_redirect())

    @action("disable", _l("停用"), _l("停用后立即退出登录，确定停用所选账号？"), "lock")
    def disable(self, rows: list[Person]) -> Any:
        return self._set_active(rows, False)

    @action("enable", _l("启用"), icon="check")
    def enable(self, rows: list[Person]) -> Any:
        return self._set_active(rows, True)
