"""我的数据: seen, taken away, and deleted."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date

import pytest
import sqlalchemy as sa
from flask_appbuilder.security.sqla.models import User

from app.accounts.models import Consent, Person
from app.accounts.roles import Role
from app.accounts.services import CONSENT_VERSION, give_consent
from app.applications.models import LibraryRow, SectionDocument
from app.audit.models import AuditEntry
from app.certificates.models import Certificate
from app.files.models import StoredFile
from app.gateways.storage import NoSuchObject
from app.identities.models import IdentityChange
from app.messages.models import Message
from app.personal_data.models import DeletionRequest, DeletionState
from app.workflow.states import State
from tests.factories import (
    PASSWORD,
    application,
    city,
    csrf,
    id_number,
    log_in,
    make_unit,
    person,
    phone_number,
    post_form,
)
from tests.statements import statements

pytestmark = pytest.mark.requirement("A15")
DATA, DELETION = "/my/data/", "/my/data/deletion/"


@pytest.fixture
def town(session):
    return city(session)


@pytest.fixture
def applicant(session, town):
    who = person(session, Role.APPLICANT, serial=11, unit_id=town.unit.id)
    give_consent(session, who, CONSENT_VERSION, at=who.created_at)
    session.commit()
    return who


@pytest.fixture
def inside(client, session, applicant):
    return log_in(client, session, applicant)


@pytest.fixture
def office(app, session, town):
    return log_in(app.test_client(), session, person(session, Role.OFFICE_ADMIN, body_id=town.office.id, name="韦主任"))


@pytest.fixture
def keep(app, session):
    """`keep(owner=…)`: a stored file with bytes, of that owner."""

    def kept(name="论文.pdf", **owner):
        stored = app.extensions["gateways"].storage.put(io.BytesIO(b"bytes"), 100)
        row = StoredFile(
            public_id=stored.sha256[:8] + name[:4] + str(len(owner)), storage_key=stored.key, kind="x", name=name,
            media_type="application/pdf", size=5, sha256=stored.sha256, uploaded_at=session.scalar(sa.select(Person.created_at)),
            **owner,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row

    return kept


def filled(session, town, who, **values):
    """An application with one section that says something."""
    row = application(session, town, who, **values)
    document = {"values": {"email": "liang@example.cn"}}
    session.add(SectionDocument(application_id=row.id, section="BASIC", document=document, saved_at=row.created_at))
    session.flush()
    return row


def in_library(who, place):
    return LibraryRow(
        person_id=who.id, section="WORK", row_id="0123456789ab", values={"start": "2012-07", "unit": place},
        saved_at=who.created_at,
    )  # fmt: skip


def certificate(session, town, who, row):
    made = Certificate(
        number="450220260540000001", token="t" * 20, application_id=row.id, person_id=who.id, name=who.name,
        series_name="工程技术", specialty_name="建筑", title_name="高级工程师", level_name="副高级",
        obtained_on=date(2026, 6, 1), committee="评委会", authority="职改办", approval_no="1", issued_on=date(2026, 6, 2),
        created_at=row.created_at,
    )  # fmt: skip
    session.add(made)
    session.commit()
    return made


def texts(session):
    session.expire_all()
    return list(session.scalars(sa.select(Message.text).order_by(Message.id)))


def test_everything_is_named_masked_and_whole_only_after_the_password(inside, session, town, applicant, keep):
    row = filled(session, town, applicant)
    keep(application_id=row.id)
    session.commit()
    page = inside.get(DATA).text
    for word in (
        town.unit.name, "138****0011", applicant.id_no_masked, f"{row.number}", "高级工程师", "文件 1 个，共 1 KB",
        f"个人信息处理说明，第 {CONSENT_VERSION} 版", f"评审承诺书（{row.number}），第 1 版", "不少于 6 个月", "没有缴费记录",
    ):  # fmt: skip
        assert word in page, word
    assert id_number(11) not in page and phone_number(11) not in page
    session.rollback()
    answer = post_form(inside, f"{DATA}reveal", page=DATA, current="wrong-pass-1")
    assert answer.status_code == 422 and "当前密码不对，请重新输入。" in answer.text and id_number(11) not in answer.text
    page = post_form(inside, f"{DATA}reveal", page=DATA, current=PASSWORD).text
    assert id_number(11) in page and phone_number(11) in page
    assert session.scalar(sa.select(AuditEntry.object_id).where(AuditEntry.verb == "reveal")) == str(applicant.id)


def test_the_copy_holds_all_that_is_ones_own_and_nothing_else(inside, app, session, town, applicant, keep):
    row = filled(session, town, applicant)
    file = keep("=HYPERLINK(1).pdf", application_id=row.id)
    stranger = person(session, Role.APPLICANT, serial=12, name="陌生人")
    foreign = filled(session, town, stranger)
    keep("别人.pdf", application_id=foreign.id)
    session.add_all([in_library(applicant, "柳州某厂"), in_library(stranger, "陌生人的厂")])
    session.commit()
    assert "工作经历" in inside.get(DATA).text
    session.rollback()
    refused = post_form(inside, f"{DATA}download", page=DATA, current="")
    assert refused.status_code == 422 and "请填写当前密码。" in refused.text
    answer = post_form(inside, f"{DATA}download", page=DATA, current=PASSWORD)
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/zip", "no-store")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["我的数据.json", f"申报/{row.number}.json", "我的资料库.json", "文件清单.csv"]
        about = json.loads(archive.read("我的数据.json"))
        sections = json.loads(archive.read(f"申报/{row.number}.json"))
        library = json.loads(archive.read("我的资料库.json"))
        index = list(csv.reader(io.StringIO(archive.read("文件清单.csv").decode("utf-8-sig"))))
    assert {"项目": "证件号码", "内容": id_number(11)} in about["注册信息"]
    assert "liang@example.cn" in json.dumps(sections, ensure_ascii=False)
    assert library == {"工作经历": [{"开始时间": "2012-07", "单位": "柳州某厂"}]}
    assert {"项目": "工作经历", "内容": "1 条"} in about["我的资料库"]
    assert [line[1] for line in index] == ["文件名", "'=HYPERLINK(1).pdf"]
    assert index[1][-1] == f"{app.config['PUBLIC_BASE_URL']}/applications/files/{file.public_id}"
    whole = json.dumps([about, sections, index], ensure_ascii=False)
    assert foreign.number not in whole and "陌生人" not in whole and "别人" not in whole
    session.expire_all()
    assert session.scalar(sa.select(AuditEntry.verb).where(AuditEntry.verb == "download_data")) == "download_data"


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.UNIT_REVIEW, "正在办理，办结或撤回后才能注销。"),
        (State.RETURNED, "正在办理，办结或撤回后才能注销。"),
        (State.CERTIFIED, "证书登记要长期保存供查验，不能注销；证书失效后可以再申请。"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_deletion_is_refused_at_once_with_what_stands_against_it(inside, session, town, applicant, state, sentence):
    row = application(session, town, applicant, state=state)
    if state is State.CERTIFIED:
        certificate(session, town, applicant, row)
    session.commit()
    page = inside.get(DELETION).text
    assert "现在不能注销" in page and sentence in page and 'name="agree"' not in page
    token = csrf(inside, DATA)
    answer = inside.post(DELETION, data={"csrf_token": token, "agree": "y", "current": PASSWORD}, follow_redirects=True)
    assert "现在不能提交注销申请，原因见本页。" in answer.text
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.verb == "ask_deletion"))
    assert entry.result == "refused" and session.scalar(sa.select(DeletionRequest.id)) is None
    assert session.scalar(sa.select(Consent.withdrawn_at)) is None


def test_asking_withdraws_the_consent_and_taking_it_back_gives_it_again(inside, session, applicant):
    for fields, sentence in (
        ({"current": PASSWORD}, "请看清注销的后果，确定后勾选。"),
        ({"agree": "y", "current": "wrong-pass-1"}, "当前密码不对，请重新输入。"),
    ):
        answer = post_form(inside, DELETION, **fields)
        assert answer.status_code == 422 and sentence in answer.text
    assert post_form(inside, DELETION, agree="y", current=PASSWORD).location == DELETION
    assert "注销申请已提交" in inside.get(DELETION).text and "撤回" in inside.get(DATA).text
    session.expire_all()
    assert session.get(Person, applicant.id).consent_at is None
    assert session.scalar(sa.select(Consent.withdrawn_at)) is not None
    session.rollback()
    assert post_form(inside, f"{DELETION}withdraw", page=DELETION).location == DATA
    session.expire_all()
    assert session.get(Person, applicant.id).consent_version == CONSENT_VERSION
    assert [each is None for each in session.scalars(sa.select(Consent.withdrawn_at).order_by(Consent.id))] == [False, True]
    assert session.scalar(sa.select(DeletionRequest.state)) is DeletionState.WITHDRAWN


def test_the_office_executes_and_only_what_the_law_keeps_is_left(
    inside, app, office, session, town, applicant, keep
):
    draft, ended = filled(session, town, applicant), filled(session, town, applicant, state=State.REJECTED, extra_granted=True)
    mine, archive, proof = keep(application_id=draft.id), keep("档案.pdf", application_id=ended.id), keep("证件.pdf", person_id=applicant.id)
    keys = [mine.storage_key, proof.storage_key, archive.storage_key]
    # the draft took a file over from what was submitted: one content, two rows
    shared = keep("档案.pdf", application_id=draft.id, section="EDU")
    shared.storage_key = archive.storage_key
    session.add(in_library(applicant, "柳州某厂"))
    session.add(
        IdentityChange(
            person_id=applicant.id, name="梁晓燕", id_type="ID", id_no="x", id_no_masked="x", old_name="梁小燕", reason="x",
            document_file_id=proof.id, asked_at=applicant.created_at,
        )  # fmt: skip
    )
    session.commit()
    assert post_form(inside, DELETION, agree="y", current=PASSWORD).status_code == 302
    here = f"/deletions/{session.scalar(sa.select(DeletionRequest.id))}/"
    assert "梁**" in office.get("/deletions/list/").text and "梁小燕" not in office.get(here).text
    session.rollback()
    assert post_form(office, here, current="wrong-pass-1").status_code == 422
    assert post_form(office, here, current=PASSWORD).location == "/deletions/list/"
    session.expire_all()
    gone = session.get(Person, applicant.id)
    assert (gone.name, gone.phone, gone.id_no, gone.phone_digest, gone.id_no_digest, gone.birth_date, gone.unit_id) == (
        "已注销", None, None, None, None, None, None,
    )  # fmt: skip
    assert (gone.phone_masked, gone.id_no_masked) == ("", "")
    account = session.get(User, gone.user_id)
    assert (account.active, account.first_name, account.last_name) == (False, "已注销", "")
    assert (draft.applicant_name, ended.applicant_name) == ("已注销", "梁小燕")
    assert list(session.scalars(sa.select(SectionDocument.application_id))) == [ended.id]
    assert [(file.name, file.application_id) for file in session.scalars(sa.select(StoredFile))] == [("档案.pdf", ended.id)]
    assert session.scalar(sa.select(LibraryRow.id)) is None
    assert session.scalar(sa.select(IdentityChange.id)) is None
    assert [message.partition("于")[0] for message in texts(session)] == ["您的账号已"]
    request = session.scalar(sa.select(DeletionRequest))
    assert (request.state, request.name_masked, request.id_no_masked) == (DeletionState.DONE, "梁**", "")
    entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.verb == "delete_account"))
    assert entry.detail == {"request": request.id, "files": 2}
    session.rollback()
    storage = app.extensions["gateways"].storage
    for key in keys[:2]:
        with pytest.raises(NoSuchObject):
            storage.open(key)
    storage.open(keys[2]).close()
    assert inside.get("/account/").status_code == 302
    again = person(session, Role.APPLICANT, serial=11)  # phone and number are free
    assert again.id != applicant.id
    session.rollback()
    late = office.post(here, data={"csrf_token": csrf(office, "/account/password/"), "current": PASSWORD})
    assert late.status_code == 200 and "已注销" in late.text


def test_what_comes_after_the_request_refuses_it_and_the_person_is_told(inside, app, session, town, applicant):
    assert post_form(inside, DELETION, agree="y", current=PASSWORD).status_code == 302
    row = application(session, town, applicant, state=State.UNIT_REVIEW)
    here = f"/deletions/{session.scalar(sa.select(DeletionRequest.id))}/"
    system = log_in(app.test_client(), session, person(session, Role.SYSTEM_ADMIN))
    assert "告知本人不能注销" in system.get(here).text
    session.rollback()
    assert post_form(system, here, current=PASSWORD).location == here
    assert session.scalar(sa.select(DeletionRequest.state)) is DeletionState.REFUSED
    assert session.get(Person, applicant.id).name == "梁小燕"
    assert f"（{row.number}）正在办理" in texts(session)[-1]


def test_nobody_else_sees_a_request(inside, app, session, town, applicant):
    assert post_form(inside, DELETION, agree="y", current=PASSWORD).status_code == 302
    here = f"/deletions/{session.scalar(sa.select(DeletionRequest.id))}/"
    unit = make_unit(session, reports_to=town.district, uscc="12450200498900001E")
    for role, place in (
        (Role.UNIT_ADMIN, {"unit_id": unit.id}), (Role.BODY_ADMIN, {"body_id": town.committee.id}),
        (Role.SECURITY_ADMIN, {}), (Role.AUDIT_ADMIN, {}),
    ):  # fmt: skip
        assert log_in(app.test_client(), session, person(session, role, **place)).get(here).status_code == 403
    stranger = log_in(app.test_client(), session, person(session, Role.APPLICANT, serial=12))
    token = csrf(stranger, DELETION)
    assert stranger.post(f"{DELETION}withdraw", data={"csrf_token": token}).status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_page_costs_the_same_for_one_and_for_five_applications(inside, session, town, applicant, database):
    def count():
        with statements(database.engine) as sent:
            assert inside.get(DATA).status_code == 200
        return len(sent)

    filled(session, town, applicant, state=State.REJECTED)
    session.commit()
    inside.get(DATA)
    one = count()
    for _ in range(4):
        filled(session, town, applicant, state=State.REJECTED, extra_granted=True)
    session.commit()
    assert count() == one <= 16


