"""Files that nobody should have to trust: malformed, hostile, or ordinary ones that tell too much. Each says what must
become of it. Made from code, small on disk, and made only when asked for."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

MARK = b"MARK-THAT-MUST-NOT-STAY"
MiB = 1024 * 1024


@dataclass(frozen=True)
class BadFile:
    """`says` is a part of the sentence that refuses it; empty if it is taken, after which MARK must be gone from it."""

    what: str
    make: Callable[[], bytes]
    says: str = ""


# -- pictures -------------------------------------------------------------------------------------------------
def picture(width: int = 320, height: int = 240, mode: str = "RGB", kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height), 90).save(out, kind, **options)
    return out.getvalue()


def with_place_and_comment() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = MARK.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=MARK, icc_profile=MARK * 9)


def with_segment(marker: int, body: bytes) -> bytes:
    whole = picture()
    return whole[:2] + bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2, "big") + body + whole[2:]


def also_a_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", MARK)
    return picture() + out.getvalue()


def declaring(width: int, height: int) -> bytes:
    whole = bytearray(picture())
    frame = whole.index(b"\xff\xc0")
    whole[frame + 5 : frame + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(whole)


def of_many_scans() -> bytes:
    whole = picture(3000, 3000, progressive=True)
    start = whole.index(b"\xff\xda")
    return whole[:-2] + whole[start : start + 20] * 400 + whole[-2:]


PICTURES = (
    BadFile("empty", lambda: b"", "是空文件"),
    BadFile("PNG", lambda: picture(kind="PNG"), "的PNG，请另存为"),
    BadFile("GIF that is a script too", lambda: b"GIF89a/*" + MARK + b"*/=1;alert(1)", "的GIF，请另存为"),
    BadFile("HTML", lambda: b"<!doctype html><script>alert(1)</script>", "的无法识别的文件，请另存为"),
    BadFile("SVG", lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "的无法识别的文件"),
    BadFile("Word", lambda: b"PK\x03\x04" + bytes(60), "的Word、Excel 或 WPS 文件"),
    BadFile("HEIC", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "的HEIC"),
    BadFile("program", lambda: b"MZ" + bytes(500), "的无法识别的文件"),
    BadFile("three bytes", lambda: b"\xff\xd8\xff", "已损坏或不完整"),
    BadFile("cut off", lambda: picture(900, 900)[:-400], "已损坏或不完整"),
    BadFile("a head and noise", lambda: picture()[:200] + bytes(range(256)) * 40, "已损坏或不完整"),
    BadFile("60000 x 60000 declared", lambda: declaring(60000, 60000), "像素太多，最多 2500 万像素"),
    BadFile("6000 x 5000 declared", lambda: declaring(6000, 5000), "像素太多，最多 2500 万像素"),
    BadFile("hundreds of scans", of_many_scans, "已损坏或不完整"),
    BadFile("over 1 MB", lambda: picture() + bytes(MiB), "不超过 1 MB；您上传的"),
    BadFile("place, comment, profile", with_place_and_comment),
    BadFile("HTML in a comment", lambda: with_segment(0xFE, b"<script>" + MARK + b"</script>")),
    BadFile("XMP with a script", lambda: with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + MARK)),
    BadFile("a script in a segment of one's own", lambda: with_segment(0xEF, b"<?php " + MARK)),
    BadFile("a ZIP behind it", also_a_zip),
    BadFile("HTML behind it", lambda: picture() + b"<html><script>" + MARK),
    BadFile("CMYK", lambda: picture(mode="CMYK", comment=MARK)),
    BadFile("grey", lambda: picture(mode="L", comment=MARK)),
    BadFile("progressive", lambda: picture(progressive=True, comment=MARK)),
)


# -- documents ------------------------------------------------------------------------------------------------
def assembled(bodies: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects with a classic table."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = trailer.replace(b"TABLE", b"%d" % table)
    out += b"trailer\n<< /Size %d /Root 1 0 R %b >>\n" % (len(bodies) + 1, trailer)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out)


PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >>"


def of_pages(count: int, kids: bytes = b"", root: bytes = b"", more: tuple[bytes, ...] = ()) -> bytes:
    """`count` pages; `root` goes into the catalogue, `more` are objects after the pages."""
    kids = kids or b" ".join(b"%d 0 R" % (3 + n) for n in range(count))
    tree = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, count)
    return assembled([b"<< /Type /Catalog /Pages 2 0 R %b >>" % root, tree, *[PAGE] * count, *more])


def changed(change: Callable[[pikepdf.Pdf], None], **options: object) -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    change(document)
    document.save(out, **options)
    return out.getvalue()


def acting(**action: object) -> bytes:
    """Does something when a link is clicked."""

    def change(document: pikepdf.Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(**action))
        document.pages[0].obj.Annots = Array([link])

    return changed(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def attach(document: pikepdf.Pdf) -> None:
    document.attachments["a.exe"] = pikepdf.AttachedFileSpec(document, b"MZ", filename="a.exe")


def make_dynamic(document: pikepdf.Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]), XFA=document.make_stream(b"<xdp/>"))


def packed(megabytes: int) -> bytes:
    return zlib.compress(bytes(megabytes * MiB), 1)


def deflate_bomb() -> bytes:
    content = packed(80)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(content), content)
    return of_pages(1, root=b"/X 4 0 R", more=(stream,))


def object_stream_bomb() -> bytes:
    """Pages that lie in a stream of objects which unpacks to a multiple, behind a table that is a stream too."""
    content = zlib.compress(b"2 0 << /Type /Pages /Kids [3 0 R] /Count 1 >>" + b" " * (80 * MiB), 1)
    head = b"<< /Type /ObjStm /N 1 /First 4 /Length %d /Filter /FlateDecode >>" % len(content)
    out, places = bytearray(b"%PDF-1.5\n"), {}
    for number, body in (
        (1, b"<< /Type /Catalog /Pages 2 0 R >>"), (3, PAGE), (4, head + b"\nstream\n" + content + b"\nendstream")
    ):  # fmt: skip
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    entries = ((0, 0, 65535), (1, places[1], 0), (2, 4, 0), (1, places[3], 0), (1, places[4], 0), (1, table, 0))
    rows = b"".join(kind.to_bytes(1, "big") + at.to_bytes(4, "big") + more.to_bytes(2, "big") for kind, at, more in entries)
    head = b"<< /Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R /Length %d >>" % len(rows)
    out += b"5 0 obj\n%b\nstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (head, rows, table)
    return bytes(out)


BROKEN, ACTIVE, HEAVY = "已损坏，请重新导出", "含有脚本、动作或附件", "太复杂，检查不了"
DOCUMENTS = (
    BadFile("empty", lambda: b"", "是空文件"),
    BadFile("a picture", picture, "的JPG，请另存为"),
    BadFile("Word", lambda: b"PK\x03\x04" + bytes(60), "的Word、Excel 或 WPS 文件，请另存为"),
    BadFile("HTML", lambda: b"<html>%PDF", "的无法识别的文件"),
    BadFile("a program before it", lambda: b"MZ" + of_pages(1), "请另存为要求的格式"),
    BadFile("a head alone", lambda: b"%PDF-1.7\n", BROKEN),
    BadFile("cut off", lambda: of_pages(30)[:-300], BROKEN),
    BadFile("half of it", lambda: (lambda whole: whole[: len(whole) // 2])(of_pages(30)), BROKEN),
    BadFile("noise", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400, BROKEN),
    BadFile("no pages", lambda: of_pages(0), "没有内容，请重新导出"),
    BadFile("pages in a circle", lambda: of_pages(2, kids=b"3 0 R 2 0 R"), BROKEN),
    BadFile("a table without end", lambda: assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", PAGE], b"/Prev TABLE"), BROKEN),
    BadFile("nested without end", lambda: of_pages(1, root=b"/X " + b"[" * 5000 + b"]" * 5000), BROKEN),
    BadFile("a password", lambda: changed(lambda _pdf: None, encryption=pikepdf.Encryption(owner="o", user="u")), "有密码或限制，请取消加密后另存"),
    BadFile("a lock on printing", lambda: changed(lambda _pdf: None, encryption=pikepdf.Encryption(owner="o", user="")), "有密码或限制"),
    BadFile("a script when opened", lambda: of_pages(1, root=b"/OpenAction << /S /JavaScript /JS (alert) >>"), ACTIVE),
    BadFile("a script with an escaped name", lambda: of_pages(1, root=b"/OpenAction << /S /J#61vaScript /#4aS (a) >>"), ACTIVE),
    BadFile("a script in a link", lambda: acting(S=Name.URI, URI="javascript:alert(1)"), ACTIVE),
    BadFile("a program to start", lambda: acting(S=Name.Launch, F="cmd.exe"), ACTIVE),
    BadFile("a form to send", lambda: acting(S=Name.SubmitForm, F="https://example.org"), ACTIVE),
    BadFile("a file in it", lambda: changed(attach), ACTIVE),
    BadFile("a dynamic form", lambda: changed(make_dynamic), ACTIVE),
    BadFile("a stream that unpacks to a multiple", deflate_bomb, HEAVY),
    BadFile("objects that unpack to a multiple", object_stream_bomb, HEAVY),
    BadFile("an ordinary link", lambda: acting(S=Name.URI, URI="https://example.org")),
    BadFile("5000 pages", lambda: of_pages(5000)),
)  # fmt: skip

# what a file is called -> what is shown
NAMES = {
    "../../etc/passwd": "passwd.jpg",
    "C:\\证件\\正面.JPG": "正面.JPG",
    "\u202egpj.exe": "gpj.exe.jpg",
    "a\tb\u200b.jpg": "ab.jpg",
    "x\r\nSet-Cookie: a=b.html": "xSet-Cookie_ a=b.html.jpg",
    'x"; filename="y.html': "x__ filename=_y.html.jpg",
    "a\0b.jpg": "ab.jpg",
    ".": "文件.jpg",
    "长" * 300: "长" * 116 + ".jpg",
    "材料.pdf": "材料.pdf.jpg",
}


def everything() -> Iterator[tuple[str, BadFile]]:
    """(format that the place takes, file) of all that is here."""
    yield from (("jpg", each) for each in PICTURES)
    yield from (("pdf", each) for each in DOCUMENTS)
