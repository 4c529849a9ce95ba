"""The main job as a story in a browser: from the registration of a unit to a certificate that anybody can verify."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect
from pypdf import PdfReader
from stdnum.cn import uscc

from app.accounts.roles import Role
from app.applications.models import Application, HistoryRow
from app.certificates.models import Certificate
from app.workflow.actions import Action
from app.workflow.states import State
from tests.applications.conftest import jpeg
from tests.factories import PASSWORD, City, city, id_number, person
from tests.journeys.filling import fill
from tests.journeys.people import Stage, Visitor, shot
from tests.units.papers import jpeg as scan

UNIT_NAME, USCC = "柳州市第一设计研究院", "91450200MA5NABCD1Y"
UNIT_LOGIN, UNIT_PASSWORD = "sheji2026", "Sheji-7731"
PHONE, NAME, OWN_PASSWORD = "13877210001", "梁小燕", "Lvcheng-7731"


@pytest.fixture
def stage(request, app, browser, live_server, redis, run_jobs):
    return Stage(app, browser, live_server, redis, run_jobs, request.param)


@pytest.fixture
def town(session) -> City:
    """The office's work before the season: bodies with powers and accounts, and an open campaign with a fee."""
    made = city(session)
    made.campaign.instructions = "请如实填报，材料须清晰完整。\n\n业绩成果按模板整理成一个 PDF。"
    made.campaign.pledge = "本人承诺：所填信息和上传材料真实、完整，如有虚假，愿承担相应责任。"
    for login, role, body in (
        ("office", Role.OFFICE_ADMIN, made.office), ("district", Role.BODY_REVIEWER, made.district),
        ("committee", Role.BODY_ADMIN, made.committee),
    ):
        person(session, role, login_name=login, name="覃审核", body_id=body.id)
    session.commit()
    return made


def valid_uscc() -> str:
    return USCC[:17] + uscc.calc_check_digit(USCC[:17])


# Each width once and each database once: what the one shows of the page, the other cannot change.
@pytest.mark.parametrize(
    ("database", "stage"), [("sqlite", 390), ("postgresql", 1440)], ids=["phone", "desktop"], indirect=True
)
@pytest.mark.requirement("P1", "P2", "U1", "U2", "U10", "A1", "A2", "A3", "A5", "A6", "A7", "A8", "A9", "A10", "A11", "A13",
                         "A20", "U4", "U5", "U6", "U7", "R1", "R2", "R3", "R4", "M2")
def test_from_registration_to_certificate(stage, town, session, clock):
    unit = stage.visitor()
    register_unit(unit)
    approve_unit(stage, town)
    key = generate_key(unit)
    applicant = stage.visitor()
    register_applicant(stage, applicant, key)
    number = start(applicant, town)
    fill(applicant, number, "mechanics", social_no="4502001234")
    submit(applicant, number)
    return_with_a_reason(unit, number)
    change_and_submit_again(applicant, number)
    opinion_and_notice(unit, number)
    clock.advance(days=9)
    report(unit, number)
    district = stage.visitor()
    report_further(district, number)
    committee = stage.visitor()
    finish(committee, number)
    pay(stage, applicant, number)
    meeting = hold_meeting(committee, town)
    clock.advance(days=9)
    approve_result(stage, meeting)
    verify(stage, certificate(stage, applicant), session)
    check_history(session, number)
    assert stage.complaints == []


def register_unit(unit: Visitor) -> None:
    unit.open("/")
    shot(unit, "01-home")
    unit.open("/register/unit/")
    unit.reads("单位注册")
    unit.fill("统一社会信用代码", valid_uscc())
    unit.fill("单位名称", UNIT_NAME)
    unit.choose("所在地", "城中区")
    unit.choose("单位级别", "企业（无行政级别）")
    unit.choose("单位性质", "民营（私营）企业")
    unit.upload("certificate", "营业执照.jpg", scan())
    unit.upload("pledge", "承诺书.jpg", scan())
    unit.fill("联系人", "韦一")
    unit.fill("联系手机", "13977210002")
    unit.fill("登录名", UNIT_LOGIN)
    unit.fill("密码", UNIT_PASSWORD)
    unit.fill("确认密码", UNIT_PASSWORD)
    unit.type_captcha()
    shot(unit, "02-unit-registration")
    unit.press("完成并提交")
    unit.page.wait_for_url(re.compile("/org/login/"))
    unit.log_in("单位登录", UNIT_LOGIN, UNIT_PASSWORD)
    unit.sees("审核中")
    shot(unit, "03-unit-waits")


def approve_unit(stage: Stage, town: City) -> None:
    office = stage.visitor()
    office.log_in("单位登录", "office", PASSWORD)
    shot(office, "04-office-home")
    office.open("/units/list/")
    office.follow(UNIT_NAME)
    office.reads(UNIT_NAME)
    office.choose("上级评审机构", town.district.name)
    shot(office, "05-unit-approval")
    office.press("审核通过")
    office.sees("已通过")
    assert any("已通过审核" in text for text in stage.sms_to("13977210002"))


def generate_key(unit: Visitor) -> str:
    unit.open("/unit/key/")
    unit.reads("单位秘钥")
    unit.press("生成单位秘钥")
    key = unit.page.locator("#unit-key").inner_text()
    assert re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", key)
    shot(unit, "06-unit-key")
    return key


def register_applicant(stage: Stage, applicant: Visitor, key: str) -> None:
    applicant.open("/register/")
    applicant.page.locator("input[name=agree]").check()
    applicant.press("同意并继续")
    applicant.fill("机构秘钥", key)
    applicant.fill("姓名", NAME)
    applicant.fill("证件号码", id_number(25))
    applicant.fill("手机号", PHONE)
    applicant.fill("密码", OWN_PASSWORD)
    applicant.fill("确认密码", OWN_PASSWORD)
    applicant.type_captcha()
    applicant.press("获取短信验证码")
    applicant.sees("验证码已发送")
    code = re.search(r"\d{6}", stage.sms_to(PHONE)[-1])[0]
    applicant.fill("短信验证码", code)
    shot(applicant, "07-registration")
    applicant.press("完成并提交")
    applicant.reads("个人登录")
    assert applicant.field("手机号").input_value() == PHONE
    applicant.log_in("个人登录", PHONE, OWN_PASSWORD)
    applicant.sees(UNIT_NAME)
    shot(applicant, "08-applicant-home")


def start(applicant: Visitor, town: City) -> str:
    applicant.open("/my/apply/")
    applicant.sees("业绩成果按模板整理成一个 PDF")
    applicant.page.wait_for_timeout(5_200)  # the instructions stay for some seconds
    applicant.tick("我已阅读评审须知")
    applicant.press("下一步")
    applicant.reads("评审承诺书")
    applicant.tick("我作出以上承诺")
    applicant.press("确认承诺")
    applicant.reads("选择评审会、专业和资格")
    applicant.choose("专业", "机械设计")
    applicant.choose("拟评资格", "高级工程师")
    shot(applicant, "09-choose")
    applicant.press("生成申报清单")
    applicant.reads("高级工程师 · 机械设计")
    shot(applicant, "10-tasks-empty")
    return applicant.page.locator(".eyebrow .num").inner_text()


def submit(applicant: Visitor, number: str) -> None:
    applicant.open(f"/my/{number}/check/")
    applicant.reads("材料清单")
    shot(applicant, "14-check")
    applicant.page.locator("input[name=promise]").check()
    applicant.press("完成并提交")
    applicant.reads(f"已提交到{UNIT_NAME}")
    shot(applicant, "15-submitted")
    applicant.open(f"/my/{number}/BASIC/")
    applicant.sees("这个表现在不能修改")


def return_with_a_reason(unit: Visitor, number: str) -> None:
    unit.open("/unit/")
    shot(unit, "16-unit-home")
    unit.open("/unit/review/list/")
    unit.reads("单位审核")
    shot(unit, "17-unit-grid")
    unit.follow(NAME)
    unit.reads(NAME)
    shot(unit, "18-review")
    unit.page.locator("summary", has_text="退回个人").click()
    unit.page.get_by_role("checkbox", name="学历学位").check()
    box = unit.page.locator("#reason_EDU")
    if not box.is_visible():
        unit.page.get_by_role("group", name="学历学位").locator("summary").click()
    box.fill("毕业证书看不清，请重新扫描。")
    unit.page.locator("form", has=box).get_by_role("button", name="退回个人").click()
    unit.sees("的材料已退回个人")


def change_and_submit_again(applicant: Visitor, number: str) -> None:
    applicant.open("/my/")
    applicant.sees("毕业证书看不清")
    shot(applicant, "19-returned-home")
    applicant.open(f"/my/{number}/")
    shot(applicant, "20-returned-tasks")
    applicant.open(f"/my/{number}/WORK/")
    applicant.sees("这个表现在不能修改")
    applicant.open(f"/my/{number}/EDU/")
    applicant.follow("修改")
    applicant.upload("f-file", "毕业证（清晰）.jpg", jpeg(500, 700))
    applicant.fill("毕业证书编号", "105931201205009999")
    applicant.press("保存")
    applicant.sees("已保存，")
    submit(applicant, number)


def opinion_and_notice(unit: Visitor, number: str) -> None:
    unit.open(f"/review/{number}")
    unit.sees("105931201205009999")
    unit.sees("105931201205001234")  # what it was before
    shot(unit, "21-review-changed")
    unit.follow("填写意见")
    for label, text in {"应到": "5", "实到": "5", "同意": "5", "反对": "0", "弃权": "0", "组长": "陆组长",
                        "小组成员": "陆组长\n黄某\n韦某\n覃某\n蒙某", "负责人": "陆院长"}.items():
        unit.fill(label, text)
    unit.choose("2025 年", "合格")
    unit.page.get_by_role("radio", name="同意", exact=True).check()
    unit.fill("单位审核意见", "经审核，梁小燕同志申报材料真实、完整，符合高级工程师申报条件，同意推荐申报。")
    shot(unit, "22-opinion")
    unit.press("保存意见")
    unit.sees("意见已保存，已填写完整。")
    unit.open(f"/notice/add?number={number}")
    unit.fill("公示地点", "研究院一楼公告栏")
    unit.fill("受理部门和电话", "人事科 0772-1234567")
    shot(unit, "23-notice")
    unit.press("发起公示")
    unit.sees("研究院一楼公告栏")
    unit.open(f"/review/{number}")
    assert unit.page.get_by_role("button", name="上报", exact=True).is_disabled()
    shot(unit, "24-report-closed")


def report(unit: Visitor, number: str) -> None:
    unit.open(f"/review/{number}")
    unit.press("上报")
    unit.sees("的材料已上报")


def write_opinion(body: Visitor, text: str) -> None:
    body.follow("填写意见")
    body.page.get_by_role("radio", name="同意", exact=True).check()
    body.field("审核意见").fill(text)
    body.fill("负责人", "覃主任")
    body.press("保存意见")
    body.sees("意见已保存，已填写完整。")


def report_further(district: Visitor, number: str) -> None:
    district.log_in("单位登录", "district", PASSWORD)
    district.open("/body/review/list/")
    shot(district, "25-body-grid")
    district.follow(NAME)
    district.sees("同意推荐申报")  # the unit's opinion
    write_opinion(district, "材料齐全，单位公示无异议，程序符合规定，同意上报评审。")
    district.open(f"/review/{number}")
    district.press("上报")
    district.sees("的材料已上报")


def finish(committee: Visitor, number: str) -> None:
    committee.log_in("单位登录", "committee", PASSWORD)
    committee.open(f"/review/{number}")
    write_opinion(committee, "经审核，材料齐全、有效，符合申报条件，同意提交评审会议评审。")
    committee.open(f"/review/{number}")
    shot(committee, "26-committee-review")
    committee.press("完结")
    committee.sees("的材料已完结")


def pay(stage: Stage, applicant: Visitor, number: str) -> None:
    assert any("扫码缴纳高级工程师评审费480.00元" in text for text in stage.sms_to(PHONE))
    applicant.open("/my/")
    applicant.sees("缴费")
    applicant.open(f"/my/{number}/progress/")
    applicant.open(f"/my/{number}/pay/")
    applicant.sees("等待支付")
    shot(applicant, "27-pay")
    phone = stage.visitor()
    phone.open(applicant.page.get_by_role("link", name="在本机支付").get_attribute("href"))
    shot(phone, "28-cashier")
    phone.press("确认支付（模拟）")
    phone.sees("付款成功，已通知平台")
    applicant.sees("缴费成功")  # the open page learns it by itself
    shot(applicant, "29-paid")
    assert any("成功缴纳评审费480.00元" in text for text in stage.sms_to(PHONE))


def hold_meeting(committee: Visitor, town: City) -> str:
    committee.open("/meetings/new")
    committee.fill("会议名称", "2026年工程系列副高级评审会")
    committee.fill("会议日期", "2026-12-20")
    committee.fill("会议地点", "市职改办三楼会议室")
    committee.fill("应到委员人数", "25")
    committee.press("建立会议")
    committee.reads("2026年工程系列副高级评审会")
    committee.page.locator("input[name=chosen]").check()
    committee.press("列入评审会议")
    committee.sees("表决结果")
    committee.fill("实到委员人数", "21")
    committee.page.get_by_label(f"{NAME}的同意票").fill("18")
    committee.page.get_by_label(f"{NAME}的反对票").fill("2")
    committee.page.get_by_label(f"{NAME}的弃权票").fill("1")
    committee.press("保存表决结果")
    shot(committee, "30-meeting")
    committee.press("结束会议并登记结果")
    committee.sees("已结束")
    committee.fill("公示地点", "本平台")
    committee.fill("异议受理部门和电话", "评委会办公室 0772-7654321")
    shot(committee, "31-publish")
    committee.press("公示评审结果")
    expect(committee.page.get_by_role("button", name="公示评审结果")).to_have_count(0)
    shot(committee, "31b-published")
    return committee.page.url


def approve_result(stage: Stage, meeting: str) -> None:
    office = stage.visitor()
    office.log_in("单位登录", "office", PASSWORD)
    office.open("/approvals/")
    shot(office, "32-approvals")
    office.fill("批准文号", "柳职改〔2026〕88号")
    office.fill("文件日期", "2026-12-30")
    office.fill("文件标题", "关于批准梁小燕等同志高级工程师资格的通知")
    if not office.field("批准机关").input_value():
        office.fill("批准机关", "柳州市职称改革工作领导小组办公室")
    shot(office, "32-approval")
    office.press("批准勾选人员")
    office.sees("已批准 1 人，可以发证。")
    office.open("/certificates/issue/")
    shot(office, "33-issue")
    office.press("给勾选人员发证")
    office.sees("已发证 1 本，已用短信通知本人。")


def certificate(stage: Stage, applicant: Visitor) -> str:
    """The number of the certificate, after its PDF was opened."""
    assert any("职称证书已生成" in text for text in stage.sms_to(PHONE))
    applicant.open("/my/certificates/")
    applicant.reads("证书打印")
    shot(applicant, "34-certificate")
    href = applicant.page.get_by_role("link", name="下载证书（PDF）").get_attribute("href")
    answer = applicant.page.context.request.get(href)
    assert answer.headers["content-type"] == "application/pdf"
    reader = PdfReader(BytesIO(answer.body()))
    text = reader.pages[0].extract_text()
    assert len(reader.pages) == 1 and "高级工程师" in text and "柳职改〔2026〕88号" in text
    return applicant.page.get_by_text(re.compile(r"^4502\d{13}[\dX]$")).inner_text()


def verify(stage: Stage, number: str, session) -> None:
    stranger = stage.visitor()
    stranger.open("/verify/")
    stranger.fill("证书编号", number)
    stranger.fill("姓名", NAME)
    stranger.press("查验")
    stranger.sees("证书有效")
    assert number not in stranger.page.url
    shot(stranger, "35-verified")
    token = session.scalar(sa.select(Certificate.token).where(Certificate.number == number))  # what the QR code holds
    stranger.open(f"/verify/{token}")
    stranger.sees("证书有效")
    stranger.sees("柳职改〔2026〕88号")


def check_history(session, number: str) -> None:
    session.expire_all()
    row = session.scalar(sa.select(Application).where(Application.number == number))
    assert row.state is State.CERTIFIED
    moves = session.execute(
        sa.select(HistoryRow.action, HistoryRow.version)
        .where(HistoryRow.application_id == row.id).order_by(HistoryRow.version)
    ).all()
    A = Action
    assert [action for action, _version in moves] == [
        A.SUBMIT, A.RETURN_TO_APPLICANT, A.SUBMIT, A.REPORT, A.REPORT, A.FINISH, A.SETTLE, A.CONVENE, A.RECORD_RESULT,
        A.PUBLISH, A.APPROVE, A.ISSUE,
    ]
    assert [version for _action, version in moves] == list(range(2, 14))
