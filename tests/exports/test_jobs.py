"""Large exports: made by the worker, for their asker alone, for a day."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.roles import Role
from app.audit.models import AuditEntry
from app.exports import grids, services
from app.exports.models import ExportJob, ExportState
from app.jobs import exports as jobs
from app.workflow.states import State
from tests.exports.conftest import export, xlsx_rows
from tests.factories import application, person

pytestmark = pytest.mark.requirement("U4", "R2")


@pytest.fixture
def large(monkeypatch, session, town):
    """Three rows, where more than two are too many to wait for."""
    monkeypatch.setattr(grids, "AT_ONCE", 2)
    monkeypatch.setattr(grids, "CHUNK", 2)
    who = person(session, Role.APPLICANT, serial=1, name="梁小燕", unit_id=town.unit.id)
    for serial in range(3):
        application(session, town, who, state=State.UNIT_REVIEW, number=f"LZ{serial}", extra_granted=True)
    session.commit()


def the_job(session):
    session.expire_all()
    return session.scalars(sa.select(ExportJob)).one()


def test_a_large_list_is_made_by_the_worker_and_downloaded_by_its_asker(operator, session, large, run_jobs):
    answer = export(operator, "/unit/review", "_flt_0_applicant_name=梁", hidden="title_name")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/exports/")
    page = operator.get("/exports/").text
    assert "表格有 3 行，正在后台生成，完成后在这里下载。" in page and "等待生成" in page
    assert "按“姓名”筛选（内容不记录）；3 行" in re.sub(r"页签“.+?”；", "", page)
    state = f"/exports/{the_job(session).public_id}/state"
    assert f'data-poll="{state}"' in page and "X-Poll" not in operator.get(state).headers
    run_jobs()
    job = the_job(session)
    assert (job.state, job.rows, job.person_id is not None) == (ExportState.DONE, 3, True)
    answer = operator.get(state)
    assert answer.headers["X-Poll"] == "stop" and f"/exports/{job.public_id}/file" in answer.text
    file = operator.get(f"/exports/{job.public_id}/file")
    assert [row[1] for row in xlsx_rows(file.data)] == ["申报编号", "LZ2", "LZ1", "LZ0"]
    assert xlsx_rows(file.data)[0] == ["姓名", "申报编号", "状态", "提交时间", "停留（天）"]
    verbs = session.scalars(sa.select(AuditEntry.verb).where(AuditEntry.object_id == "UnitReviewGrid").order_by(AuditEntry.id))
    assert list(verbs) == ["export", "download_export"]


def test_what_is_stored_shows_no_name_that_was_filtered_by(operator, session, large):
    export(operator, "/unit/review", "_flt_0_applicant_name=梁小")
    row = session.execute(sa.text("SELECT * FROM export_job")).mappings().one()
    assert not any("梁" in str(value) or "%E6%A2%81" in str(value) for value in row.values())
    assert "_flt_0_applicant_name" in the_job(session).query


def test_a_foreign_job_does_not_exist(app, operator, unit_admin, session, large, run_jobs, client):
    export(operator, "/unit/review")
    run_jobs()
    address = f"/exports/{the_job(session).public_id}/file"
    assert operator.get(address).status_code == 200
    assert unit_admin.get(address).status_code == 404
    assert unit_admin.get(address.replace("file", "state")).status_code == 404
    assert "没有可以下载的表格" in unit_admin.get("/exports/").text
    assert unit_admin.get("/exports/nothing/file").status_code == 404
    assert client.get(address).status_code == 302


def test_one_at_a_time_and_a_limit_to_the_rows(operator, session, large, monkeypatch):
    export(operator, "/unit/review")
    answer = export(operator, "/unit/review")
    assert answer.headers["Location"] == "/exports/"
    assert "您的上一份表格还在生成，请等它完成后再导出。" in operator.get("/exports/").text
    assert the_job(session).rows == 3
    monkeypatch.setattr(grids, "MOST", 2)
    assert export(operator, "/unit/review", "tab=all").headers["Location"] == "/unit/review/list/?tab=all"
    assert "符合条件的超过 2 条" in operator.get("/unit/review/list/?tab=all").text


def test_after_a_day_the_file_and_the_job_are_gone(app, operator, session, large, run_jobs, clock):
    export(operator, "/unit/review")
    run_jobs()
    job = the_job(session)
    address, storage = f"/exports/{job.public_id}/file", app.extensions["gateways"].storage
    path = storage.path(job.storage_key)
    clock.advance(hours=23)
    assert operator.get(address).status_code == 200
    clock.advance(hours=2)
    assert operator.get(address).status_code == 404
    with app.app_context():
        assert (jobs.sweep(), jobs.sweep()) == (1, 0)
    assert not path.exists()
    session.expire_all()
    assert session.scalar(sa.select(sa.func.count()).select_from(ExportJob)) == 0


def test_a_right_that_was_taken_away_meanwhile_makes_no_file(operator, session, large, run_jobs):
    export(operator, "/unit/review")
    who = session.scalars(
        sa.select(Person).where(Person.id == the_job(session).person_id).options(sa.orm.joinedload(Person.user))
    ).one()
    who.user.active = False
    session.commit()
    run_jobs()
    assert the_job(session).state is ExportState.FAILED


def test_what_a_worker_lost_is_ended_or_asked_again(app, operator, session, large, redis, run_jobs, clock):
    export(operator, "/unit/review")
    redis.flushdb()  # the queue is lost
    with app.app_context():
        jobs.sweep()
    run_jobs()
    assert the_job(session).state is ExportState.DONE
    the_job(session).state = ExportState.RUNNING
    session.commit()
    clock.advance(minutes=11)
    with app.app_context():
        jobs.sweep()
    assert the_job(session).state is ExportState.FAILED
    assert "没有生成" in operator.get("/exports/").text


def test_the_page_shows_how_far_a_running_one_is(app, operator, session, large, redis):
    export(operator, "/unit/review")
    assert services.claim(session, the_job(session).id, now=the_job(session).asked_at + timedelta(seconds=1))
    session.commit()
    redis.set(f"export:{the_job(session).public_id}", 2)
    assert '<progress max="3" value="2" aria-label="已写入 2 行，共 3 行">' in operator.get(f"/exports/{the_job(session).public_id}/state").text
