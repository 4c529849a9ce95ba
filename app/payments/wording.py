"""What the fee pages call things, and what they say when something is refused."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.services import Stale
from app.payments.models import OrderStatus
from app.payments.services import Refund

STATUS_NAMES: dict[OrderStatus, Any] = {
    OrderStatus.DUE: _l("待缴费"),
    OrderStatus.PAID: _l("已缴费"),
    OrderStatus.WAIVED: _l("已免缴"),
    OrderStatus.LAPSED: _l("逾期未缴"),
    OrderStatus.CANCELLED: _l("已取消"),
    OrderStatus.REFUND_DUE: _l("待退费"),
    OrderStatus.REFUND_FAILED: _l("退费失败"),
    OrderStatus.REFUNDED: _l("已退费"),
}


REFUND_NAMES: dict[str, Any] = {
    Refund.PAID_BEFORE: _l("重复缴费"),
    Refund.NOT_DUE: _l("缴费单已不在待缴状态"),
    Refund.WRONG_AMOUNT: _l("金额与缴费单不符"),
}


def refused(error: Exception) -> str:
    """The sentence for what services.waive and restore raise."""
    if isinstance(error, Stale):
        return _("这份材料刚刚由别人办理过，请看最新状态后再办。")
    return _("这张缴费单现在不能这样办理，请看下面的最新状态。")
