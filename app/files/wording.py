"""What the page says about a file that was not taken: which file, which limit, what it is, what to do.
The only module of this package that knows a language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.files.services import LIMITS, Format, WrongFormat
from app.gateways.scanner import Infected
from app.gateways.scanner.formats import Format as Actual
from app.gateways.scanner.jpeg import BrokenPicture, NotJpeg, TooManyPixels
from app.gateways.scanner.pdf import ActivePdf, BrokenPdf, EmptyPdf, EncryptedPdf, NotPdf, TooHeavy
from app.gateways.storage import FileRefused, TooLarge

KiB, MiB = 1024, 1024 * 1024


def size_words(size: int) -> str:
    """Bytes as people read them: 412 KB, 3.2 MB; never rounded down to a limit that was exceeded."""
    if size < MiB:
        return f"{max(1, -(-size // KiB))} KB"
    tenths = -(-size * 10 // MiB)
    return f"{tenths // 10} MB" if tenths % 10 == 0 else f"{tenths / 10:.1f} MB"


def formats_words(formats: Sequence[str]) -> str:
    """The rule of a place in words: JPG（不超过 1 MB）或 PDF（不超过 30 MB）."""
    parts = [
        _("%(format)s（不超过 %(limit)s）", format=name.upper(), limit=size_words(LIMITS[Format(name)]))
        for name in formats
    ]
    return _("或").join(parts)


def actual_words(actual: Actual) -> str:
    """What a file is, as people call it."""
    match actual:
        case Actual.OFFICE:
            return _("Word、Excel 或 WPS 文件")
        case Actual.EMPTY:
            return _("空文件")
        case Actual.UNKNOWN:
            return _("无法识别的文件")
        case Actual.JPEG:
            return "JPG"
        case _:
            return actual.value


def say(error: FileRefused, *, label: str, name: str, formats: Sequence[str], size: int) -> str:
    """One sentence or two for the reader; `size` is what was really sent."""
    about = {"label": label, "name": name, "size": size_words(size), "rule": formats_words(formats)}
    for kind, words in SENTENCES.items():
        if isinstance(error, kind):
            return words(error, about)
    return _("%(label)s没有收下：文件“%(name)s”不能使用，请换一个%(rule)s的文件。", **about)


About = Mapping[str, str]


def _wrong(error: Any, about: About) -> str:
    actual = getattr(error, "actual", None)
    if actual is Actual.EMPTY:
        return _("%(label)s：“%(name)s”是空文件，请重新选择。", **about)
    if actual is None:
        return _("%(label)s须为%(rule)s；“%(name)s”不是，请另存为要求的格式后再上传。", **about)
    what = actual_words(actual)
    return _(
        "%(label)s须为%(rule)s；您上传的“%(name)s”是 %(size)s 的%(what)s，请另存为要求的格式后再上传（只改扩展名不行）。",
        what=what,
        **about,
    )


def _too_large(error: Any, about: About) -> str:
    return _(
        "%(label)s不超过 %(limit)s；您上传的“%(name)s”是 %(size)s，请压缩或降低扫描分辨率后再上传。",
        limit=size_words(error.limit),
        **about,
    )


def _pixels(error: Any, about: About) -> str:
    return _(
        "%(label)s：图片“%(name)s”的像素太多，最多 %(limit)d 万像素，请缩小后再上传。",
        limit=error.limit // 10_000,
        **about,
    )


def _plain(sentence: Callable[[About], str]) -> Callable[[Any, About], str]:
    return lambda error, about: sentence(about)


SENTENCES: Mapping[type[FileRefused], Callable[[Any, About], str]] = {
    TooLarge: _too_large,
    NotJpeg: _wrong,
    NotPdf: _wrong,
    WrongFormat: _wrong,
    TooManyPixels: _pixels,
    BrokenPicture: _plain(
        lambda about: _("%(label)s：图片“%(name)s”已损坏或不完整，请重新拍照或扫描后再上传。", **about)
    ),
    EncryptedPdf: _plain(
        lambda about: _("%(label)s：PDF“%(name)s”有密码或限制，请取消加密后另存，再上传。", **about)
    ),
    EmptyPdf: _plain(lambda about: _("%(label)s：PDF“%(name)s”没有内容，请重新导出后再上传。", **about)),
    BrokenPdf: _plain(
        lambda about: _("%(label)s：PDF“%(name)s”已损坏，请重新导出（打印为 PDF）后再上传。", **about)
    ),
    ActivePdf: _plain(
        lambda about: _(
            "%(label)s：PDF“%(name)s”里含有脚本、动作或附件，请用“打印为 PDF”另存后再上传。", **about
        )
    ),
    TooHeavy: _plain(
        lambda about: _("%(label)s：PDF“%(name)s”太复杂，检查不了，请用“打印为 PDF”另存后再上传。", **about)
    ),
    Infected: _plain(
        lambda about: _(
            "%(label)s：文件“%(name)s”未通过病毒检查，没有保存；请查杀电脑后换一个文件。", **about
        )
    ),
}
