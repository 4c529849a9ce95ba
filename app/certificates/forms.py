"""The forms of certificates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class VerifyForm(FlaskForm):
    """证书查验."""

    number = StringField(
        _l("证书编号"), filters=[_stripped], description=_l("在证书下方，18 位"),
        validators=[DataRequired(_l("请填写证书编号。")), Length(max=40, message=_l("编号过长，请核对。"))],
    )
    name = StringField(
        _l("姓名"), filters=[_stripped], description=_l("证书上的姓名"),
        validators=[DataRequired(_l("请填写证书上的姓名。")), Length(max=50, message=_l("姓名过长，请核对。"))],
    )


class RevokeForm(FlaskForm):
    reason = TextAreaField(
        _l("撤销理由"), filters=[_stripped],
        validators=[
            DataRequired(_l("请写明撤销理由，它会记入办理记录。")),
            Length(max=500, message=_l("理由不超过 500 字。")),
        ],
    )
