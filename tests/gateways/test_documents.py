from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pikepdf
import pypdf
import pytest
from PIL import Image

from app.gateways.documents import (
    CertificateData,
    DocumentError,
    DocumentPrinter,
    MaterialFile,
    MaterialListData,
    MaterialSection,
    MissingGlyphs,
    PaymentReceiptData,
    PublicNoticeRow,
    PublicNoticeSheetData,
    SubmissionReceiptData,
)
from app.gateways.documents import typst_printer as module
from app.gateways.documents.amounts import in_words
from app.gateways.documents.memory import RecordingPrinter
from app.gateways.documents.typst_printer import TypstPrinter

MOMENT = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)  # five past midnight of the 24th in Beijing
MARKUP = '#panic("x") $1^2$ *粗* <a> @ref \\ "引"'
A4 = (595, 842)


def picture(kind: str, color: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (250, 350), color).save(out, kind)
    return out.getvalue()


CERTIFICATE = CertificateData(
    number="2026450100001",
    holder_name="欧阳建国",
    sex="男",
    born_on=date(1985, 3, 12),
    id_number_masked="4501**********123X",
    series="工程技术",
    specialty="建筑工程管理",
    title="高级工程师",
    level="副高级",
    obtained_by="评审",
    obtained_on=date(2026, 11, 2),
    review_body="云岭市工程系列高级职称评审委员会",
    approving_authority="云岭市职称改革工作领导小组办公室",
    approval_number="云职办〔2026〕128号",
    issued_on=date(2026, 11, 24),
    verify_url="https://titles.example/verify/2026450100001",
    photo_jpeg=picture("JPEG", "steelblue"),
)
LIST = MaterialListData(
    application_number="2026-GC-000123",
    year=2026,
    applicant_name="欧阳建国",
    unit="云岭市第一建筑设计研究院",
    review_body="云岭市工程系列高级职称评审委员会",
    series="工程技术",
    specialty="建筑工程管理",
    title="高级工程师",
    sections=(
        MaterialSection("基本信息", 1, (MaterialFile("照片", "证件照.jpg", 411_000),)),
        MaterialSection(
            "业绩成果", 2, (MaterialFile("业绩成果", "合并材料.pdf", 13_000_000, 120, "项目一"),)
        ),
        MaterialSection("现任职称", 0, (), ("“职称证书”尚未上传",)),
        MaterialSection("破格申报", 0, required=False),
    ),
    printed_at=MOMENT,
)
ROW = PublicNoticeRow(
    name="李静",
    sex="女",
    born="1985年3月",
    started_work="2008年7月",
    education="本科，工学学士\n土木工程，2008年6月",
    present_title="工程师\n2015年12月",
    appointed="2016年1月",
    practice="建筑工程管理，18年",
    applied_for="工程技术 建筑工程管理 高级工程师",
    apply_type="正常",
    assessments="2024优秀",
    further_education="合格",
    achievements="主持云岭市民中心等项目",
    publications="《大跨度钢结构施工监测》",
)
NOTICE = PublicNoticeSheetData(
    unit="云岭市第一建筑设计研究院",
    year=2026,
    campaign="2026年度工程系列高级职称评审",
    rows=(ROW,),
    starts_on=date(2026, 11, 16),
    ends_on=date(2026, 11, 20),
    working_days=5,
    department="人力资源部",
    telephone="0771-1234567",
    email="hr@titles.example",
    printed_at=MOMENT,
)
RECEIPT = SubmissionReceiptData(
    application_number="2026-GC-000123",
    year=2026,
    campaign="2026年度工程系列高级职称评审",
    applicant_name="欧阳建国",
    id_number_masked="4501**********123X",
    unit="云岭市第一建筑设计研究院",
    review_body="云岭市工程系列高级职称评审委员会",
    series="工程技术",
    specialty="建筑工程管理",
    title="高级工程师",
    apply_type="正常",
    version=2,
    sections=12,
    files=27,
    pages=143,
    digest="ab12" * 16,
    submitted_at=MOMENT,
    next_step="现由工作单位审核。",
    progress_url="https://titles.example/progress",
)

PAYMENT = PaymentReceiptData(
    receipt_number="PJ2026000123",
    order_number="JF2026000123",
    transaction="4200001234567890",
    application_number="2026-GC-000123",
    title="高级工程师",
    review_body="云岭市工程系列高级职称评审委员会",
    payer="欧阳建国",
    id_number_masked="4501**********123X",
    payee="云岭市职称改革工作领导小组办公室",
    amount_fen=48050,
    paid_at=MOMENT,
)


@pytest.fixture
def printer() -> TypstPrinter:
    return TypstPrinter("云岭市职称申报评审平台")


def read(pdf: bytes) -> tuple[str, pypdf.PdfReader]:
    """The text without any blanks, which depend on the spacing of the lines."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return "".join("".join(page.extract_text() for page in reader.pages).split()), reader


def says(pdf: bytes, *facts: str) -> pypdf.PdfReader:
    text, reader = read(pdf)
    assert [fact for fact in facts if "".join(fact.split()) not in text] == []
    return reader


def shape(reader: pypdf.PdfReader) -> tuple[int, int]:
    box = reader.pages[0].mediabox
    return round(box.width), round(box.height)


@pytest.mark.requirement("A20")
def test_the_certificate_states_every_fact_on_one_page(printer: TypstPrinter) -> None:
    reader = says(
        printer.certificate(CERTIFICATE),
        *(
            "专业技术资格证书",
            "职称证书",
            "2026450100001",
            "欧阳建国",
            "男",
            "1985年3月",
            "4501**********123X",
        ),
        *("工程技术", "建筑工程管理", "高级工程师", "副高级", "评审", "2026年11月2日", "云职办〔2026〕128号"),
        *("云岭市工程系列高级职称评审委员会", "云岭市职称改革工作领导小组办公室", "签发日期：2026年11月24日"),
        *("扫描", "证书查验"),
    )
    assert (len(reader.pages), shape(reader)) == (1, A4)
    text, _ = read(printer.certificate(CERTIFICATE))
    assert "备注" not in text
    assert "12日" not in text


@pytest.mark.requirement("A18", "A20")
def test_photo_and_seal_are_in_it_and_a_replacement_says_so(printer: TypstPrinter) -> None:
    sealed = replace(CERTIFICATE, seal_png=picture("PNG", "red"), remark="补发", specimen="演示样本")
    reader = says(printer.certificate(sealed), "备注", "补发", "演示样本")
    assert len(reader.pages[0].images) == 2
    assert len(says(printer.certificate(CERTIFICATE)).pages[0].images) == 1


def test_long_values_keep_the_certificate_on_one_page(printer: TypstPrinter) -> None:
    long = "云岭市职称改革工作领导小组办公室及其他有关机关" * 5
    data = replace(
        CERTIFICATE, review_body=long, approving_authority=long, specialty=long, title="高级工程师" * 20
    )
    assert len(says(printer.certificate(data), long).pages) == 1


def test_a_name_that_the_font_lacks_is_refused_and_named(printer: TypstPrinter) -> None:
    with pytest.raises(MissingGlyphs) as refusal:
        printer.certificate(replace(CERTIFICATE, holder_name="𠮷田"))
    assert refusal.value.characters == "𠮷"
    assert "U+20BB7" in str(refusal.value)


def test_a_picture_that_is_none_prints_nothing(printer: TypstPrinter) -> None:
    with pytest.raises(DocumentError):
        printer.certificate(replace(CERTIFICATE, photo_jpeg=b"not a picture"))


@pytest.mark.requirement("A9")
def test_the_material_list_counts_files_pages_and_what_is_missing(printer: TypstPrinter) -> None:
    reader = says(
        printer.material_list(LIST),
        *(
            "职称申报材料清单",
            "2026-GC-000123",
            "欧阳建国",
            "共4个表，2个文件，PDF120页，合计12.8MB；尚缺1项",
        ),
        *(
            "证件照.jpg",
            "401KB",
            "合并材料.pdf（项目一）",
            "12.4MB",
            "缺：“职称证书”尚未上传",
            "未填写（选填）",
        ),
        *("待补充", "第1页共1页", "2026-11-2400:05"),
    )
    assert shape(reader) == A4
    complete = replace(LIST, sections=LIST.sections[:2])
    says(printer.material_list(complete), "材料齐全")
    assert "待补充" not in read(printer.material_list(complete))[0]


@pytest.mark.requirement("A9")
def test_a_list_that_was_not_submitted_says_so_and_one_that_was_says_when(printer: TypstPrinter) -> None:
    says(printer.material_list(LIST), "未提交，仅供核对")
    sent = replace(LIST, submission=2, submitted_at=MOMENT, check_code="AB12-AB12-AB12")
    says(printer.material_list(sent), "2026-11-2400:05第2次提交，校验码AB12-AB12-AB12")
    assert "未提交" not in read(printer.material_list(sent))[0]


@pytest.mark.requirement("U6")
def test_the_notice_sheet_is_landscape_and_repeats_its_heads(printer: TypstPrinter) -> None:
    many = replace(NOTICE, rows=(ROW,) * 40)
    reader = says(
        printer.public_notice_sheet(many),
        *(
            "李静",
            "1985年3月",
            "土木工程，2008年6月",
            "工程师2015年12月",
            "建筑工程管理，18年",
            "《大跨度钢结构施工监测》",
        ),
        *(
            "2026年11月16日至2026年11月20日（5个工作日）",
            "0771-1234567",
            "hr@titles.example",
            "向人力资源部反映",
        ),
        *("公示结果", "单位盖章"),
    )
    assert shape(reader) == A4[::-1]
    pages = ["".join(page.extract_text().split()) for page in reader.pages]
    assert len(pages) > 2
    assert all("参加工作时间" in page for page in pages if "李静" in page)
    assert sum(page.count("李静") for page in pages) == 40


@pytest.mark.requirement("A9")
def test_the_receipt_says_what_was_submitted_and_when(printer: TypstPrinter) -> None:
    reader = says(
        printer.submission_receipt(RECEIPT),
        *("职称申报回执", "2026-GC-000123", "4501**********123X", "2026-11-2400:05", "第2次"),
        *("12个表，27个文件，PDF共143页", "ab12" * 16, "校验码：AB12-AB12-AB12", "现由工作单位审核。", "2026年11月24日"),
    )
    assert (len(reader.pages), shape(reader)) == (1, A4)


@pytest.mark.requirement("A13")
def test_the_receipt_of_a_payment_says_who_paid_what_when(printer: TypstPrinter) -> None:
    reader = says(
        printer.payment_receipt(PAYMENT),
        *("评审费缴费凭据", "PJ2026000123", "JF2026000123", "4200001234567890", "欧阳建国", "4501**********123X"),
        *("¥480.50", "肆佰捌拾元伍角整", "2026-11-2400:05", "云岭市职称改革工作领导小组办公室"),
    )
    assert (len(reader.pages), shape(reader)) == (1, A4)


AMOUNTS = {
    0: "零元整", 5: "伍分", 50: "伍角整", 100: "壹元整", 105: "壹元零伍分", 48000: "肆佰捌拾元整", 48050: "肆佰捌拾元伍角整",
    48057: "肆佰捌拾元伍角柒分", 100_100: "壹仟零壹元整", 1_000_000: "壹万元整", 1_000_500: "壹万零伍元整",
    10_000_000: "壹拾万元整", 10_010_000: "壹拾万零壹佰元整", 1_020_304_00: "壹佰零贰万零叁佰零肆元整",
    100_000_001_00: "壹亿零壹元整", 100_010_000_00: "壹亿零壹万元整",
}  # fmt: skip


@pytest.mark.requirement("A13")
def test_amounts_are_written_out_as_on_receipts() -> None:
    assert {fen: in_words(fen) for fen in AMOUNTS} == AMOUNTS
    with pytest.raises(ValueError):
        in_words(-1)


DOCUMENTS: list[tuple[str, object, Callable[[str], object]]] = [
    ("certificate", CERTIFICATE, lambda text: replace(CERTIFICATE, review_body=text)),
    (
        "material_list",
        LIST,
        lambda text: replace(LIST, sections=(MaterialSection(text, 1, missing=(text,)),)),
    ),
    ("public_notice_sheet", NOTICE, lambda text: replace(NOTICE, rows=(replace(ROW, achievements=text),))),
    ("submission_receipt", RECEIPT, lambda text: replace(RECEIPT, unit=text)),
    ("payment_receipt", PAYMENT, lambda text: replace(PAYMENT, payee=text)),
]


@pytest.mark.parametrize(("name", "data", "with_text"), DOCUMENTS, ids=[name for name, _, _ in DOCUMENTS])
def test_markup_in_a_value_stays_text(
    printer: TypstPrinter, name: str, data: object, with_text: Callable[[str], object]
) -> None:
    says(getattr(printer, name)(with_text(MARKUP)), MARKUP)


@pytest.mark.parametrize(("name", "data", "with_text"), DOCUMENTS, ids=[name for name, _, _ in DOCUMENTS])
def test_the_same_data_gives_the_same_bytes_dated_by_the_data(
    printer: TypstPrinter, name: str, data: object, with_text: Callable[[str], object]
) -> None:
    first = getattr(printer, name)(data)
    assert getattr(printer, name)(data) == first
    with pikepdf.open(io.BytesIO(first)) as pdf:
        assert str(pdf.docinfo.CreationDate).startswith(("D:20261124", "D:20261123"))
        assert "pdfaid" in pdf.open_metadata().__str__()
        assert pdf.get_warnings() == []


@pytest.mark.parametrize(
    ("name", "data", "with_text"), DOCUMENTS[1:], ids=[name for name, _, _ in DOCUMENTS[1:]]
)
def test_strange_characters_of_an_applicant_do_not_stop_a_list(
    printer: TypstPrinter, name: str, data: object, with_text: Callable[[str], object]
) -> None:
    says(getattr(printer, name)(with_text("前😀\x01\u200b𠮷后")), "前〓〓后")


def test_a_missing_font_is_a_failure(printer: TypstPrinter, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = module.typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[])
    monkeypatch.setattr(module, "_fonts", lambda: bare)
    with pytest.raises(DocumentError, match="(?i)font"):
        printer.certificate(CERTIFICATE)


@pytest.mark.parametrize("make", [lambda: TypstPrinter("平台"), RecordingPrinter], ids=["typst", "fake"])
def test_each_printer_answers_with_a_pdf(make: Callable[[], DocumentPrinter]) -> None:
    printer = make()
    for name, data, _ in DOCUMENTS:
        assert getattr(printer, name)(data).startswith(b"%PDF-")


def test_the_fake_remembers_and_fails_when_told() -> None:
    fake = RecordingPrinter()
    fake.certificate(CERTIFICATE)
    fake.material_list(LIST)
    assert fake.printed == [("certificate", CERTIFICATE), ("material_list", LIST)]
    fake.fail_with = MissingGlyphs("𠮷")
    with pytest.raises(MissingGlyphs):
        fake.certificate(CERTIFICATE)
