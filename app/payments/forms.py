"""The forms of the staff's fee pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

REASON_MAX = 500


class ReasonForm(FlaskForm):
    """Why a fee is waived, or asked for again."""

    reason = TextAreaField(
        _l("理由"),
        validators=[
            DataRequired(_l("请写明理由，它会记入办理记录。")),
            Length(max=REASON_MAX, message=_l("理由不超过 %(max)d 字。")),
        ],
    )
