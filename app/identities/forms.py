"""What is typed about a change of identity and the recovery of a phone."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from app.accounts.forms import AccountForm, AgainForm, IdentityForm

REASON_MAX = 500


def reason_field(label: Any, empty: Any, description: Any = "") -> TextAreaField:
    return TextAreaField(
        label,
        description=description,
        filters=[lambda text: (text or "").strip()],
        validators=[DataRequired(empty), Length(max=REASON_MAX, message=_l("原因不超过 500 字，请写短些。"))],
    )


class ChangeForm(IdentityForm):
    reason = reason_field(_l("修改的原因"), _l("请写明修改的原因，单位或职改办据此核实。"), _l("如：姓名已在公安机关变更；注册时号码填错一位"))


class RefusalForm(AccountForm):
    reason = reason_field(_l("不通过的原因"), _l("请写明原因，本人才知道要补充什么。"), _l("写清要补充什么，本人会收到短信"))


class RecoveryForm(AgainForm):
    """`current` is the clerk's own password."""

    reason = reason_field(
        _l("情况说明"), _l("请写明怎样核实了本人身份。"), _l("如：本人持身份证原件到人事科，原号码已停机三个月")
    )
