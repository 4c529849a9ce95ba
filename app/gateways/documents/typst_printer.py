"""Documents set by typst from the templates beside this file, with the Chinese fonts of a PyPI package.

Values reach a template as JSON through sys.inputs, never as typst source: markup in a name stays text.
"""

from __future__ import annotations

import io
import json
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import segno
import typst

from app.days import BEIJING
from app.gateways.documents import (
    CertificateData,
    DocumentError,
    MaterialListData,
    MissingGlyphs,
    PaymentReceiptData,
    PublicNoticeSheetData,
    SubmissionReceiptData,
)
from app.gateways.documents.amounts import in_words
from app.gateways.documents.coverage import code_points

TEMPLATES = Path(__file__).with_name("templates")
FONT_PACKAGE, SERIF_FILE = "pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf"
PDF_STANDARD: Final = "a-2b"
KIB = 1024
STAND_IN = "〓"  # the printers' mark for a sort that is not in the case
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


class TypstPrinter:
    """Implements DocumentPrinter; `platform` is the name of the site, printed in the footers."""

    def __init__(self, platform: str) -> None:
        self.platform = platform

    def certificate(self, data: CertificateData) -> bytes:
        facts = _plain(data, "photo_jpeg", "seal_png") | {
            "born": f"{data.born_on.year}年{data.born_on.month}月",
            "obtained": _day(data.obtained_on),
            "issued": _day(data.issued_on),
            "has_seal": data.seal_png is not None,
        }
        pictures = {"photo.jpg": data.photo_jpeg, "qr.svg": _qr(data.verify_url)}
        if data.seal_png is not None:
            pictures["seal.png"] = data.seal_png
        return self._print("certificate", facts, datetime.combine(data.issued_on, time(), BEIJING), pictures)

    def material_list(self, data: MaterialListData) -> bytes:
        every = [file for section in data.sections for file in section.files]
        facts = _plain(data, "printed_at") | {
            "printed": _minute(data.printed_at),
            "submitted": _minute(data.submitted_at) if data.submitted_at else "",
            "file_count": len(every),
            "page_count": sum(file.pages or 0 for file in every),
            "total_size": _size(sum(file.size for file in every)),
            "missing_count": sum(len(section.missing) for section in data.sections),
        }
        for section, plain in zip(data.sections, facts["sections"], strict=True):
            for file, row in zip(section.files, plain["files"], strict=True):
                row["size"] = _size(file.size)
        return self._print("material_list", facts, data.printed_at)

    def public_notice_sheet(self, data: PublicNoticeSheetData) -> bytes:
        facts = _plain(data, "printed_at") | {
            "printed": _minute(data.printed_at),
            "starts": _day(data.starts_on),
            "ends": _day(data.ends_on),
        }
        return self._print("public_notice_sheet", facts, data.printed_at)

    def submission_receipt(self, data: SubmissionReceiptData) -> bytes:
        facts = _plain(data, "submitted_at") | {"submitted": _minute(data.submitted_at)}
        return self._print("submission_receipt", facts, data.submitted_at, {"qr.svg": _qr(data.progress_url)})

    def payment_receipt(self, data: PaymentReceiptData) -> bytes:
        facts = _plain(data) | {
            "amount": f"{data.amount_fen // 100}.{data.amount_fen % 100:02d}",
            "amount_in_words": in_words(data.amount_fen),
            "paid": _minute(data.paid_at),
        }
        return self._print("payment_receipt", facts, data.paid_at)

    def _print(
        self,
        template: str,
        facts: dict[str, Any],
        moment: datetime,
        pictures: Mapping[str, bytes] | None = None,
    ) -> bytes:
        local = moment.astimezone(BEIJING)
        facts |= {"platform": self.platform, "date": [local.year, local.month, local.day]}
        absent: set[str] = set()
        facts = _printable(facts, absent)
        if absent and template == "certificate":
            raise MissingGlyphs("".join(sorted(absent)))
        with tempfile.TemporaryDirectory(prefix="print-") as folder:
            root = Path(folder)  # typst reads nothing outside it
            for source in ("look.typ", f"{template}.typ"):
                shutil.copyfile(TEMPLATES / source, root / source)
            for name, content in (pictures or {}).items():
                (root / name).write_bytes(content)
            return _compile(root, root / f"{template}.typ", facts, moment)


def _compile(root: Path, source: Path, facts: dict[str, Any], moment: datetime) -> bytes:
    try:
        pdf, warnings = typst.compile_with_warnings(
            source,
            root=root,
            font_paths=_fonts(),
            format="pdf",
            sys_inputs={"data": json.dumps(facts, ensure_ascii=False)},
            pdf_standards=PDF_STANDARD,
            timestamp=int(moment.timestamp()),
        )
    except typst.TypstError as error:
        raise DocumentError(error.message) from error
    if warnings:  # an unknown font is only a warning
        raise DocumentError("; ".join(warning.message for warning in warnings))
    return pdf


@cache
def _serif() -> Path:
    """The font of all values; the sans of the same family has the same characters."""
    path = Path(str(files(FONT_PACKAGE) / SERIF_FILE))
    if not path.is_file():
        raise DocumentError(f"no {SERIF_FILE} in {FONT_PACKAGE}")
    return path


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[_serif().parent])


def _printable(value: Any, absent: set[str]) -> Any:
    """The values without invisible characters; those that the font lacks become 〓 and go to `absent`."""
    if isinstance(value, str):
        return "".join(_glyph(char, absent) for char in value)
    if isinstance(value, dict):
        return {name: _printable(item, absent) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item, absent) for item in value]
    return value


def _glyph(char: str, absent: set[str]) -> str:
    if char.isspace():
        return char
    if unicodedata.category(char) in INVISIBLE:
        return ""
    if ord(char) in code_points(_serif()):
        return char
    absent.add(char)
    return STAND_IN


def _plain(data: Any, *without: str) -> dict[str, Any]:
    """The fields as JSON values; days are left out, the callers word them."""
    return {
        name: value
        for name, value in asdict(data).items()
        if name not in without and not isinstance(value, date | datetime)
    }


def _qr(url: str) -> bytes:
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", border=0, scale=4, dark="#000", xmldecl=False
    )
    return out.getvalue()


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _minute(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def _size(count: int) -> str:
    """As people read it: 860 KB, 12.4 MB."""
    return f"{max(1, round(count / KIB))} KB" if count < KIB * KIB else f"{count / KIB / KIB:.1f} MB"
