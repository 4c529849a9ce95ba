"""Moments, days and deadlines, in Beijing."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from flask_babel import gettext as _

from app.days import BEIJING

LAST_HOUR = timedelta(hours=1)


def moment(at: datetime) -> str:
    """11月30日 18:00, in Beijing."""
    local = at.astimezone(BEIJING)
    return _("%(month)d月%(day)d日 %(time)s", month=local.month, day=local.day, time=f"{local:%H:%M}")


def day_words(at: datetime) -> str:
    """2026年11月30日, in Beijing."""
    local = at.astimezone(BEIJING)
    return _("%(year)d年%(month)d月%(day)d日", year=local.year, month=local.month, day=local.day)


def left(at: datetime, now: datetime) -> str:
    """How long until `at`, in words."""
    rest = at - now
    if rest <= timedelta():
        return _("已截止")
    if rest < timedelta(hours=1):
        return _("还剩 %(minutes)d 分钟", minutes=max(1, int(rest.total_seconds() // 60)))
    if rest < timedelta(hours=24):
        return _("还剩 %(hours)d 小时", hours=int(rest.total_seconds() // 3600))
    return _("还剩 %(days)d 天", days=rest.days)


def deadline(at: datetime, now: datetime) -> str:
    return _("%(moment)s 截止，%(left)s", moment=moment(at), left=left(at, now))


def closing(at: datetime, now: datetime, opened: bool) -> str:
    """For whoever is filling in: that submission is closed or soon will be; empty as long as there is time. `at` is the
    deadline, `opened` whether the campaign receives applications at all."""
    if now > at:
        return _("申报已于 %(moment)s 截止，现在不能提交。填写的内容仍会保存。", moment=moment(at))
    if not opened:
        return _("这个评审会现在不受理提交。填写的内容仍会保存。")
    if at - now < LAST_HOUR:
        minutes = max(1, ceil((at - now) / timedelta(minutes=1)))
        return _("申报 %(moment)s 截止，还剩 %(n)d 分钟，请尽快检查并提交。", moment=moment(at), n=minutes)
    return ""


def since(at: datetime, now: datetime) -> str:
    days = ceil((now - at) / timedelta(days=1)) - 1
    return _("今天") if days < 1 else _("已 %(days)d 天", days=days)
