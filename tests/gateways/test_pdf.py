from __future__ import annotations

import io
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import typst
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from app.gateways.scanner.formats import Format
from app.gateways.scanner.pdf import (
    ActivePdf,
    BrokenPdf,
    EmptyPdf,
    EncryptedPdf,
    NotPdf,
    PdfFacts,
    TooHeavy,
    inspect_pdf,
)
from app.gateways.storage import TooLarge
from tests.files_bad import assembled

pytestmark = pytest.mark.requirement("A8")


def blank(pages: int = 1) -> Pdf:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    return pdf


def saved(pdf: Pdf, path: Path, **options: object) -> Path:
    pdf.save(path, **options)
    return path


def by_pikepdf(path: Path) -> None:
    saved(blank(3), path)


def by_pikepdf_with_object_streams(path: Path) -> None:
    saved(blank(3), path, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True)


def by_pillow_from_scans(path: Path) -> None:
    scans = [Image.effect_noise((300, 400), 60).convert("RGB") for _ in range(3)]
    scans[0].save(path, "PDF", save_all=True, append_images=scans[1:])


def by_typst(path: Path) -> None:
    path.write_bytes(typst.compile(b'#link("https://example.org")[x] #pagebreak() b #pagebreak() c'))


def with_links_and_bookmarks(path: Path) -> None:
    pdf = blank(3)
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("目录", 1))
    pdf.Root.OpenAction = Array([pdf.pages[0].obj, Name.Fit])
    pdf.Root.PieceInfo = Dictionary(Launch=1, S=Name.Document)
    saved(pdf, path)


def by_hand(path: Path) -> None:
    """Plain text with a classic table, as small report writers make it."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 5 0 R 6 0 R] /Count 3 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R >>",
        b"<< /Length 12 >>\nstream\n0 0 10 10 re\nendstream",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >>",
    ]
    path.write_bytes(assembled(bodies))


PRODUCERS = [
    by_pikepdf,
    by_pikepdf_with_object_streams,
    by_pillow_from_scans,
    by_typst,
    with_links_and_bookmarks,
    by_hand,
]


@pytest.mark.parametrize("produce", PRODUCERS, ids=lambda produce: produce.__name__)
def test_sound_files_of_usual_producers_pass(produce: Callable[[Path], None], tmp_path: Path) -> None:
    produce(tmp_path / "file.pdf")
    assert inspect_pdf(tmp_path / "file.pdf") == PdfFacts(3)


def test_the_folder_and_name_of_the_file_do_not_matter(tmp_path: Path) -> None:
    folder = tmp_path / "--help 证明 $(x)"
    folder.mkdir()
    assert inspect_pdf(saved(blank(), folder / "-x")) == PdfFacts(1)


@pytest.mark.parametrize(
    ("content", "actual"),
    [(b"\xff\xd8\xff\xe0", Format.JPEG), (b"PK\x03\x04", Format.OFFICE), (b"%!PS", Format.UNKNOWN)],
)
def test_another_format_is_named(tmp_path: Path, content: bytes, actual: Format) -> None:
    (tmp_path / "file.pdf").write_bytes(content)
    with pytest.raises(NotPdf) as refusal:
        inspect_pdf(tmp_path / "file.pdf")
    assert (refusal.value.actual, refusal.value.size) == (actual, len(content))


def test_one_byte_above_the_limit_is_too_much(tmp_path: Path) -> None:
    path = saved(blank(), tmp_path / "file.pdf")
    size = path.stat().st_size
    assert inspect_pdf(path, max_bytes=size).pages == 1
    with pytest.raises(TooLarge) as refusal:
        inspect_pdf(path, max_bytes=size - 1)
    assert (refusal.value.limit, refusal.value.size) == (size - 1, size)


@pytest.mark.parametrize("user", ["", "open"])
def test_a_password_is_refused_also_one_that_only_limits_printing(tmp_path: Path, user: str) -> None:
    path = saved(blank(), tmp_path / "file.pdf", encryption=pikepdf.Encryption(owner="owner", user=user))
    with pytest.raises(EncryptedPdf):
        inspect_pdf(path)


def test_no_bytes_and_no_pages_are_empty(tmp_path: Path) -> None:
    (tmp_path / "nothing.pdf").write_bytes(b"")
    saved(blank(0), tmp_path / "pageless.pdf")
    for name in ("nothing.pdf", "pageless.pdf"):
        with pytest.raises(EmptyPdf):
            inspect_pdf(tmp_path / name)


def test_a_file_that_readers_would_have_to_repair_is_broken(tmp_path: Path) -> None:
    by_pillow_from_scans(tmp_path / "whole.pdf")
    whole = (tmp_path / "whole.pdf").read_bytes()
    for cut in (whole[: len(whole) // 2], whole[:-200], whole[:20], b"%PDF-1.7\nnothing else\n"):
        (tmp_path / "cut.pdf").write_bytes(cut)
        with pytest.raises(BrokenPdf):
            inspect_pdf(tmp_path / "cut.pdf")


def test_a_tree_of_pages_that_loops_is_broken(tmp_path: Path) -> None:
    loop = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >>",
    ]
    (tmp_path / "loop.pdf").write_bytes(assembled(loop))
    with pytest.raises(BrokenPdf):
        inspect_pdf(tmp_path / "loop.pdf")


def action(kind: str) -> Dictionary:
    return Dictionary(
        Type=Name.Action, S=Name("/" + kind), JS="app.alert(1)" if kind == "JavaScript" else "x"
    )


def with_open_action(pdf: Pdf) -> None:
    pdf.Root.OpenAction = action("JavaScript")


def with_script_of_a_page(pdf: Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.GoTo, Next=Array([action("JavaScript")])))


def with_script_in_names(pdf: Pdf) -> None:
    script = pdf.make_indirect(action("JavaScript"))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script])))


def with_script_address(pdf: Pdf) -> None:
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=" JavaScript:alert(1)")
    )
    pdf.pages[0].obj.Annots = Array([link])


def with_launch(pdf: Pdf) -> None:
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F="cmd.exe"))
    pdf.pages[0].obj.Annots = Array([link])


def with_form_to_send(pdf: Pdf) -> None:
    field = Dictionary(FT=Name.Btn, T="x", A=Dictionary(S=Name.SubmitForm, F="https://example.org"))
    pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))


def with_import(pdf: Pdf) -> None:
    pdf.Root.AA = Dictionary(WC=Dictionary(S=Name.ImportData, F="data.fdf"))


def with_attachment(pdf: Pdf) -> None:
    pdf.attachments["a.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ", filename="a.exe")


def with_dynamic_form(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))


def with_rich_media(pdf: Pdf) -> None:
    pdf.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.RichMedia)])


ACTIVE = [
    (with_open_action, "JavaScript"),
    (with_script_of_a_page, "JavaScript"),
    (with_script_in_names, "JavaScript"),
    (with_script_address, "JavaScript"),
    (with_launch, "Launch"),
    (with_form_to_send, "SubmitForm"),
    (with_import, "ImportData"),
    (with_attachment, "EmbeddedFile"),
    (with_dynamic_form, "XFA"),
    (with_rich_media, "RichMedia"),
]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "object streams"])
@pytest.mark.parametrize(("add", "what"), ACTIVE, ids=[add.__name__ for add, _ in ACTIVE])
def test_a_file_that_does_something_is_refused(
    tmp_path: Path, add: Callable[[Pdf], None], what: str, packed: bool
) -> None:
    pdf = blank()
    add(pdf)
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    with pytest.raises(ActivePdf) as refusal:
        inspect_pdf(saved(pdf, tmp_path / "file.pdf", object_stream_mode=mode))
    assert refusal.value.what == (what,)


def test_an_escaped_name_hides_nothing(tmp_path: Path) -> None:
    hidden = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /#53 /J#61va#53cript /#4A#53 (alert) >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /X [ [ << /A << /S /#4caunch >> >> ] ] >>",
    ]
    (tmp_path / "hidden.pdf").write_bytes(assembled(hidden))
    with pytest.raises(ActivePdf) as refusal:
        inspect_pdf(tmp_path / "hidden.pdf")
    assert refusal.value.what == ("JavaScript", "Launch")


@pytest.mark.parametrize(("megabytes", "why"), [(70, "size"), (400, "memory")])
def test_a_stream_that_unpacks_to_a_multiple_is_too_heavy(tmp_path: Path, megabytes: int, why: str) -> None:
    packed = zlib.compress(bytes(megabytes * 1024 * 1024), 1)
    bomb = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed),
    ]
    (tmp_path / "bomb.pdf").write_bytes(assembled(bomb))
    with pytest.raises(TooHeavy) as refusal:
        inspect_pdf(tmp_path / "bomb.pdf", memory_mb=384)
    assert refusal.value.why == why


def test_a_file_that_costs_too_much_time_is_given_up(tmp_path: Path) -> None:
    pdf = blank()
    pdf.Root.Heap = Array(
        [pdf.make_indirect(Dictionary(A=Array([Dictionary()] * 50))) for _ in range(40_000)]
    )
    path = saved(pdf, tmp_path / "slow.pdf", compress_streams=False)
    began = time.monotonic()
    with pytest.raises(TooHeavy) as refusal:
        inspect_pdf(path, timeout_s=1)
    assert refusal.value.why == "time"
    assert time.monotonic() - began < 3


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    nested = [
        b"<< /Type /Catalog /Pages 2 0 R /X " + b"[" * 400 + b"]" * 400 + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >>",
    ]
    (tmp_path / "nested.pdf").write_bytes(assembled(nested))
    with pytest.raises(BrokenPdf):
        inspect_pdf(tmp_path / "nested.pdf")


def test_the_child_sees_neither_environment_nor_application(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pikepdf.py").write_text("raise SystemExit('foreign code ran')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert inspect_pdf(saved(blank(), tmp_path / "file.pdf")) == PdfFacts(1)


def test_content_before_the_header_is_judged_as_readers_do(tmp_path: Path) -> None:
    out = io.BytesIO()
    blank().save(out)
    (tmp_path / "file.pdf").write_bytes(b"\xef\xbb\xbf" + out.getvalue())
    assert inspect_pdf(tmp_path / "file.pdf") == PdfFacts(1)
