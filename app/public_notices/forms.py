"""The forms of notices: posting one, objecting, answering."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, FileField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from app.accounts.forms import captcha_field
from app.public_notices.models import NoticeMethod
from app.public_notices.services import ANSWER_MAX, MAX_DAYS, OBJECTION_MAX, OBJECTION_MIN

METHODS = [
    (NoticeMethod.PLATFORM.value, _l("在本平台公示，今天张贴")),
    (NoticeMethod.PAPER.value, _l("已在单位张贴纸质公示表，登记日期并上传照片或扫描件")),
]


class NoticeForm(FlaskForm):
    """发起公示."""

    method = RadioField(_l("公示方式"), choices=METHODS, default=NoticeMethod.PLATFORM.value)
    posted_on = DateField(
        _l("张贴日期"), validators=[Optional()], description=_l("只有纸质公示要填；公示期从第二天起算。")
    )
    working_days = IntegerField(
        _l("公示工作日数"),
        validators=[
            InputRequired(_l("请填写公示几个工作日，例如 5。")),
            NumberRange(1, MAX_DAYS, _l("请填写 1 到 60 之间的整数，例如 5。")),
        ],
    )
    place = StringField(
        _l("公示地点"),
        validators=[InputRequired(_l("请填写公示地点，例如：公司一楼公告栏。")), Length(max=200)],
        description=_l("例如：公司一楼公告栏、本平台。"),
    )
    contact = StringField(
        _l("受理部门和电话"),
        validators=[InputRequired(_l("请填写受理异议的部门和电话。")), Length(max=200)],
        description=_l("公开显示，请填写单位的电话，例如：人事科 0772-1234567。"),
    )
    paper = FileField(_l("张贴的照片或扫描件"), description=_l("只有纸质公示要上传；jpg 不超过 1 MB，或 pdf 不超过 30 MB。"))

    def validate_posted_on(self, field: DateField) -> None:
        if self.method.data == NoticeMethod.PAPER.value and field.data is None:
            raise ValidationError(_l("请填写纸质公示表张贴的日期。"))


class ObjectionForm(FlaskForm):
    """反映情况; anybody may send it. `about` is the entry."""

    about = SelectField(_l("反映对象"), coerce=int)
    text = TextAreaField(
        _l("情况说明"),
        validators=[
            InputRequired(_l("请写明情况，至少 10 个字。")),
            Length(OBJECTION_MIN, OBJECTION_MAX, _l("请写 10 到 2000 个字，说清时间、事情和依据。")),
        ],
    )
    contact = StringField(
        _l("您的姓名和联系方式"), validators=[Length(max=100)], description=_l("便于核实，只有受理人员能看到。")
    )
    captcha = captcha_field()


class AnswerForm(FlaskForm):
    """答复异议."""

    upheld = SelectField(_l("核查结论"), choices=[("", _l("请选择")), ("0", _l("异议不成立")), ("1", _l("异议成立"))],
                         validators=[InputRequired(_l("请选择核查结论。"))])
    answer = TextAreaField(
        _l("核查情况"),
        validators=[InputRequired(_l("请写明怎样核查、结论是什么。")), Length(5, ANSWER_MAX, _l("请写 5 到 1000 个字。"))],
    )
