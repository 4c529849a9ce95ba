"""The sentences for what is refused about notices, and the names of methods and states."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.public_notices import services as s
from app.public_notices.models import NoticeKind, NoticeMethod, ObjectionStatus

METHOD_NAMES = {NoticeMethod.PLATFORM: _l("平台公示"), NoticeMethod.PAPER: _l("纸质公示")}
KIND_NAMES = {NoticeKind.UNIT: _l("单位公示"), NoticeKind.RESULT: _l("评审结果公示")}
OBJECTION_NAMES: dict[ObjectionStatus, tuple[Any, str]] = {
    ObjectionStatus.OPEN: (_l("待答复"), "warn"),
    ObjectionStatus.DISMISSED: (_l("异议不成立"), "ok"),
    ObjectionStatus.UPHELD: (_l("异议成立"), "danger"),
}


def day(value: date) -> str:
    return _("%(month)s月%(day)s日", month=value.month, day=value.day)


def sentence(error: s.NoticeRefused) -> str:
    """What went wrong and what to do next."""
    match error:
        case s.NothingChosen():
            return _("请先勾选要公示的申报人。")
        case s.NotInHand():
            return _("所选的材料中有的已不在审核中，请刷新页面后重新选择。")
        case s.AlreadyPosted():
            return _("%(names)s已经在公示，不需要再次发起，请取消勾选。", names="、".join(error.names[:5]))
        case s.TooFewDays():
            return _("公示须满 %(least)s 个工作日，请改为 %(least)s 到 60。", least=error.least)
        case s.WrongDay():
            return _("张贴日期须在 %(earliest)s 到今天之间，请检查。", earliest=error.earliest.isoformat())
        case s.PaperMissing():
            return _("请上传张贴的公示表的照片或扫描件。")
        case s.NoticeOver():
            return _("公示已结束，不能再提交；请直接联系公示单位。")
        case s.AlreadyAnswered():
            return _("这条异议已由他人答复，请刷新后再看。")
        case _:
            return _("没有办理，请刷新页面后再试。")
