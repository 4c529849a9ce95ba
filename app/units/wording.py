"""Refusals of the unit's services and of its uploads, said in sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.accounts.phones import mask_name
from app.files.services import WrongFormat
from app.files.wording import size_words
from app.gateways.scanner import Infected, ScannerUnavailable
from app.gateways.scanner.jpeg import BrokenPicture, NotJpeg, TooManyPixels
from app.gateways.scanner.pdf import ActivePdf, EmptyPdf, EncryptedPdf, TooHeavy
from app.gateways.storage import StorageUnavailable, TooLarge
from app.units.models import UNIT_STATUS_NAMES, Unit, UnitStatus
from app.units.pending import TooManyUploads

PAPER_NAMES = {"certificate": lambda: _("单位注册证件扫描件"), "pledge": lambda: _("承诺书（盖章扫描件）")}


def paper_name(kind: str) -> str:
    return PAPER_NAMES[kind]()


def upload_refused(error: Exception) -> str:
    """What was wrong with a file and what to do."""
    match error:
        case TooLarge():
            return _("文件超过 %(limit)s，请压缩或降低扫描分辨率后再选。", limit=size_words(error.limit))
        case NotJpeg():
            actual = error.actual.value
            return _("请上传 JPG 或 PDF；您选的文件实际是 %(actual)s，改名不改变格式，请另存后再选。", actual=actual)
        case WrongFormat():
            return _("请上传 JPG 图片或 PDF 文件，其他格式请先另存。")
        case TooManyPixels():
            return _("图片像素太多，请把扫描分辨率降到 200 dpi 后再选。")
        case BrokenPicture():
            return _("图片打不开，可能没有传完整，请重新扫描或拍照后再选。")
        case EncryptedPdf():
            return _("PDF 加了密码，请取消密码保护后再选。")
        case EmptyPdf():
            return _("文件是空的，请重新扫描后再选。")
        case ActivePdf():
            return _("PDF 里带有脚本或附件，请重新打印成 PDF 后再选。")
        case TooHeavy():
            return _("PDF 太复杂，系统打不开，请重新扫描成 PDF 后再选。")
        case Infected():
            return _("文件里发现病毒，没有保存。请先给电脑杀毒，再重新扫描。")
        case TooManyUploads():
            return _("一小时内上传次数过多，请过一小时再试。")
        case StorageUnavailable() | ScannerUnavailable():
            return _("文件服务暂时不可用，没有保存。请过几分钟再试。")
        case _:
            return _("文件已损坏，系统打不开，请重新扫描后再选。")


def unit_exists(unit: Unit) -> str:
    """Leads to the unit that has the code, without telling who its contact is."""
    if unit.status is UnitStatus.REFUSED:
        return _("这个代码的单位已经注册但未通过审核，请用原登录名从「单位登录」进入，修改后重新提交。")
    contact = mask_name(unit.contact_name)
    return _(
        "该单位已注册，请联系本单位管理员（%(name)s，%(phone)s）增加经办人账号，不必重复注册。",
        name=contact,
        phone=unit.contact_phone_masked or "—",
    )


def login_name_taken() -> str:
    return _("这个登录名已有人使用，请换一个，如加上单位简称的拼音。")


def already_decided() -> str:
    return _("这个单位刚刚已由他人审核，下面是最新的结果。")


def status_words(unit: Unit) -> tuple[Any, str]:
    """(name, tone) of the unit's state."""
    name, tone = UNIT_STATUS_NAMES[unit.status]
    return _(name), tone


def seal_refused(error: Exception) -> str:
    if isinstance(error, (NotJpeg, WrongFormat)):
        return _("公章图片须为 JPG，不超过 1 MB，请另存为 JPG 后再选。")
    return upload_refused(error)
