"""The theme on a small Flask-AppBuilder of its own: what it promises holds on FAB's pages and on ours."""

from __future__ import annotations

import logging
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, Response, abort, flash, jsonify, render_template_string
from flask_appbuilder import AppBuilder, Model, ModelView
from flask_appbuilder.actions import action
from flask_appbuilder.models.sqla.filters import FilterEqual, FilterGreater
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Boolean, Date, Integer, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from app.web import errors, theme, widgets

ROOT = Path(__file__).parents[2]


class Own(DeclarativeBase):
    """Its own metadata: this table is none of the project's."""


class Parcel(Own):
    __tablename__ = "theme_test_parcel"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(String(200))
    urgent: Mapped[bool] = mapped_column(Boolean, default=False)
    sent_on: Mapped[date | None] = mapped_column(Date)


class FilterNotBefore(FilterGreater):
    name = "起"


class ParcelView(ModelView):
    datamodel = SQLAInterface(Parcel)
    route_base = "/parcels"
    list_title, add_title, edit_title, show_title = "包裹", "新增包裹", "修改包裹", "包裹详情"
    label_columns = {"code": "编号", "note": "备注", "urgent": "加急", "sent_on": "寄出日期"}
    list_columns = search_columns = ["code", "note", "urgent", "sent_on"]
    base_order = ("id", "asc")
    page_size = 25
    extra_args = {
        "page_intro": "所有包裹。",
        "row_url": lambda pk, row: f"/parcels/show/{pk}?c={row['code']}",
        "quick_views": [
            {"label": "全部", "url": "/parcels/list/", "count": 30, "current": True},
            {"label": "加急", "url": "/parcels/list/?_flt_0_urgent=y", "count": None, "current": False},
        ],
        "count_label": "10000+",
        "count_is_capped": True,
    }

    @action("ship", "批量寄出", "确定寄出所选包裹？", "fa-send", single=True)
    def ship(self, items: object) -> Response:
        return jsonify(count=len(items) if isinstance(items, list) else 1)


class TryForm(FlaskForm):
    name = StringField("姓名", [DataRequired("请填写姓名")])
    text = TextAreaField("说明")
    kind = SelectField("类别", choices=[(str(n), f"第{n}类") for n in range(20)])
    sex = RadioField("性别", choices=[("1", "男"), ("2", "女")], validators=[DataRequired("请选择性别")])
    agree = BooleanField("我已阅读")
    captcha = StringField("图形验证码", [DataRequired("请填写图形验证码")])
    code = StringField("短信验证码")
    password = PasswordField("密码", [DataRequired("请填写密码")])


FORM_PAGE = """{% extends 'appbuilder/base.html' %}{% import 'ui.html' as ui %}
{% block content %}<h1>试填</h1>{{ ui.summary(form) }}
<form method="post" data-autosave="/save" data-draft-key="draft:1">{{ form.hidden_tag() }}
<input type="hidden" name="version" value="1">{{ ui.wtf(form.name, hint='与身份证一致') }}
{{ ui.wtf(form.text, **{'data-count': '800'}) }}{{ ui.wtf(form.kind) }}{{ ui.wtf(form.sex) }}
{{ ui.wtf(form.agree) }}{{ ui.captcha_field(form.captcha) }}
{{ ui.sms_field(form.code, form.name, 'register') }}
{{ ui.password_field(form.password) }}{{ ui.field('mail', '邮箱', '可不填', optional=True, type='email') }}
{{ ui.select('nation', '民族', [('01', '汉族'), ('08', '壮族', 'zz')], '08') }}
<div class="actbar"><button class="btn btn-primary">保存</button>{{ ui.draft_state() }}</div></form>
<section class="card"><ul class="ups">
{{ ui.upload_row('idf', '身份证人像面', 'JPG，1 MB 以内', '/upload', name='a.jpg', size='12 KB', href='/a') }}
{{ ui.upload_row('ach', '业绩成果', 'PDF，30 MB 以内', '/upload', kind='pdf', error='单位退回') }}
</ul></section>{{ ui.photo_crop('/upload', '一寸白底免冠照') }}{{ ui.ring(3, 5) }}
{{ ui.timeline([('done', '提交', '梁某某', '11月3日', ''), ('now', '审核', '', '', '')]) }}
{{ ui.kv([('编号', None)]) }}{{ ui.note('提示', 'warn') }}{% call ui.note(tone='ok') %}<p>好</p>{% endcall %}
{{ ui.badge('已完成', 'ok') }}{{ ui.empty('没有') }}{{ ui.crumbs('/', '返回') }}{{ ui.captcha('c2') }}
{{ ui.post_button('/x', '删除', confirm='确定？', fields={'id': 1}) }}{% endblock %}
{% block tail_js %}{{ ui.formjs() }}{{ ui.photojs() }}{% endblock %}"""


def make_app(**settings: object) -> Flask:
    app = Flask(
        "theme_test", template_folder=str(ROOT / "app/templates"), static_folder=str(ROOT / "app/static")
    )
    app.config.update(
        SECRET_KEY="x" * 40,
        SQLALCHEMY_DATABASE_URI="sqlite://",
        FAB_API_SWAGGER_UI=False,
        BABEL_DEFAULT_LOCALE="zh",
        LANGUAGES={"zh": {"flag": "cn", "name": "中文"}},
        APP_NAME="示例职称平台",
        SITE_SHORT="示例职称",
        SITE_SPONSOR="示例局",
        SITE_PHONE="0000-0000000",
        **settings,
    )
    db = SQLAlchemy(model_class=Model)
    db.init_app(app)
    CSRFProtect(app)
    theme.install(app)
    errors.install(app)
    with app.app_context():
        builder = AppBuilder(app, db.session)
        builder.add_view(ParcelView, "包裹", icon="fa-table", category="业务", category_icon="fa-cogs")
        db.create_all()
        Own.metadata.create_all(db.engine)
        for n in range(30):
            db.session.add(
                Parcel(code=f"B{n:03}", note="易碎", urgent=n % 2 == 0, sent_on=date(2026, 11, 1 + n % 20))
            )
        db.session.commit()
        if not builder.sm.find_user("boss"):
            builder.sm.add_user("boss", "小燕", "梁", "a@x.invalid", builder.sm.find_role("Admin"), "boss")
    _add_pages(app, db)
    return app


def _add_pages(app: Flask, db: SQLAlchemy) -> None:
    @app.get("/flash")
    def flashed() -> str:
        flash("已保存。", "success")
        return render_template_string(
            "{% extends 'appbuilder/base.html' %}{% block content %}<h1>页</h1>{% endblock %}"
        )

    @app.route("/form", methods=["GET", "POST"])
    def form() -> str:
        form = TryForm()
        form.validate_on_submit()
        return render_template_string(FORM_PAGE, form=form, shell="person")

    @app.get("/fail/<int:code>")
    def fail(code: int) -> None:
        if code == 500:
            db.session.execute(text("select * from nowhere"))
        abort(code)

    @app.get("/pdf")
    def pdf() -> Response:
        return Response(b"%PDF-", mimetype="application/pdf")

    @app.get("/own-policy")
    def own_policy() -> Response:
        return Response("x", headers={"Content-Security-Policy": "sandbox"})


@pytest.fixture(scope="module")
def site() -> Flask:
    return make_app()


def log_in(app: Flask):
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/login/").text)
    assert token
    answer = client.post("/login/", data={"username": "boss", "password": "boss", "csrf_token": token[1]})
    assert answer.status_code == 302
    return client


@pytest.fixture(scope="module")
def boss(site: Flask):
    return log_in(site)


@pytest.fixture
def stranger(site: Flask):
    return site.test_client()


NOT_TYPED = ("hidden", "checkbox", "radio", "submit")


class Page(HTMLParser):
    """What the checks below need to know about a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {
            k: [] for k in ("h1", "lang", "inline", "label", "field", "id", "link")
        }
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        inline = [n for n in at if n.startswith("on") or n == "style"]
        if tag == "style" or (tag == "script" and "src" not in at) or inline:
            self.found["inline"].append(f"{tag} {inline}")
        if tag == "h1":
            self.found["h1"].append(tag)
        if tag == "html":
            self.found["lang"].append(at.get("lang") or "")
        if tag == "label" and at.get("for"):
            self.found["label"].append(at["for"] or "")
        typed = tag in ("input", "select", "textarea") and at.get("type") not in NOT_TYPED
        if typed and "aria-labelledby" not in at and "data-go" not in at:
            self.found["field"].append(at.get("id") or "")
        if at.get("id"):
            self.found["id"].append(at["id"] or "")
        if tag in ("link", "script"):
            self.found["link"].append(at.get("href") or at.get("src") or "")


FAB_PAGES = [
    "/parcels/list/",
    "/parcels/add",
    "/parcels/edit/1",
    "/parcels/show/1",
    "/roles/list/",
    "/roles/add",
    "/roles/edit/1",
    "/roles/show/1",
    "/users/list/",
    "/users/add",
    "/users/edit/1",
    "/users/show/1",
    "/users/userinfo/",
    "/permissions/list/",
    "/viewmenus/list/",
    "/resetmypassword/form",
    "/form",
    "/flash",
    "/fail/403",
    "/fail/404",
]


@pytest.mark.parametrize("address", FAB_PAGES)
def test_every_page_wears_the_theme_and_nothing_inline(boss, address: str) -> None:
    answer = boss.get(address)
    assert answer.status_code == (int(address[-3:]) if address.startswith("/fail") else 200)
    html = answer.text
    page = Page(html)
    for leftover in ("panel-default", 'data-toggle="', "my_select2", "fa fa-", "jquery", "bootstrap"):
        assert leftover not in html.lower()
    assert page.found["inline"] == []
    assert page.found["lang"] == ["zh-CN"]
    assert len(page.found["h1"]) == 1
    assert set(page.found["field"]) <= set(page.found["label"])
    assert len(page.found["id"]) == len(set(page.found["id"]))
    assert all(src.startswith("/static/") for src in page.found["link"])


def test_the_login_page_of_the_framework_wears_the_theme_too(stranger) -> None:
    page = Page(stranger.get("/login/").text)
    assert (len(page.found["h1"]), page.found["inline"]) == (1, [])


def test_the_grid_shows_tabs_the_capped_count_and_where_a_row_leads(boss) -> None:
    html = boss.get("/parcels/list/").text
    assert '<a href="/parcels/list/" aria-current=true>全部 <span class="quick__n">30</span></a>' in html
    assert "共 <b>10000+</b> 条" in html
    assert 'href="/parcels/show/1?c=B000">B000</a>' in html
    assert 'href="/parcels/list/?page_ParcelView=1" rel="next"' in html
    assert '<span class="cell">是</span>' in html
    last = boss.get("/parcels/list/?page_ParcelView=1").text
    assert "第 2 页" in last
    assert 'rel="next"' not in last


def test_batch_actions_post_without_javascript_and_ask_first_with_it(boss) -> None:
    html = boss.get("/parcels/list/").text
    assert 'form="action_form_ParcelView" name="rowid" value="1"' in html
    assert 'name="action" value="ship" data-confirm="确定寄出所选包裹？"' in html
    token = re.search(
        r'action_post" method="post"><input type="hidden" name="csrf_token" value="([^"]+)"', html
    )
    assert token
    answer = boss.post(
        "/parcels/action_post", data={"action": "ship", "rowid": ["1", "2"], "csrf_token": token[1]}
    )
    assert answer.json == {"count": 2}


def test_empty_filters_are_taken_out_of_the_address(boss) -> None:
    answer = boss.get("/parcels/list/?_flt_2_code=B00&_flt_2_note=&_oc_ParcelView=code")
    assert answer.status_code == 302
    assert answer.location == "/parcels/list/?_flt_2_code=B00&_oc_ParcelView=code"


def test_a_chosen_filter_is_shown_as_a_chip_that_can_be_removed(boss) -> None:
    name = re.search(r'name="(_flt_\d_code)"', boss.get("/parcels/list/").text)
    assert name
    html = boss.get(f"/parcels/list/?{name[1]}=B00&page_ParcelView=0").text
    assert '<input type="hidden" name="tab" value="x">' in boss.get("/parcels/list/?tab=x").text
    assert '<a class="chip" href="/parcels/list/">编号：B00' in html


def test_the_date_filter_prefers_operators_that_include_the_day(site: Flask) -> None:
    with site.test_request_context("/parcels/list/"):
        view = next(v for v in site.appbuilder.baseviews if isinstance(v, ParcelView))
        filters = [FilterEqual("sent_on", view.datamodel), FilterGreater("sent_on", view.datamodel)]
        filters.append(FilterNotBefore("sent_on", view.datamodel))

        class Offered:
            def get_search_filters(self) -> dict[str, list[object]]:
                return {"sent_on": filters}

        bar = widgets.FilterBar(form=view.search_form.refresh(), include_cols=["sent_on"], filters=Offered())
        assert [entry["name"] for entry in bar._entries("sent_on", None)][0] == "_flt_2_sent_on"


def test_security_headers_are_on_every_answer(boss, stranger) -> None:
    page = boss.get("/parcels/list/")
    assert page.headers["Content-Security-Policy"] == theme.PAGE_POLICY
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert "no-store" not in stranger.get("/flash").headers.get("Cache-Control", "")
    assert "no-store" not in boss.get("/static/site.js").headers.get("Cache-Control", "")
    assert "object-src" not in boss.get("/pdf").headers["Content-Security-Policy"]
    assert boss.get("/own-policy").headers["Content-Security-Policy"] == "sandbox"


def test_the_menu_marks_where_you_are(boss) -> None:
    html = boss.get("/parcels/show/1").text
    assert re.search(r'href="/parcels/list/" aria-current=page>', html)
    assert html.count('class="side__a"') > 3
    assert html.count('side__a" href="/parcels/list/"') == 1


def test_the_banner_is_shown_in_the_demonstration_only(stranger) -> None:
    assert "演示环境" not in stranger.get("/flash").text
    stranger.application.config["DEMO"] = True
    try:
        assert 'class="demo" role="status"' in stranger.get("/flash").text
    finally:
        del stranger.application.config["DEMO"]


def test_unread_messages_and_the_bottom_bar_come_from_the_app(site: Flask, boss) -> None:
    site.extensions["bottom_bar"] = lambda: [("首页", "home", "/form")]
    try:
        assert '<a href="/form" aria-current=page>' in boss.get("/form").text
    finally:
        del site.extensions["bottom_bar"]
    assert "tabs-bottom" not in boss.get("/form").text


def test_a_refused_form_names_every_fault_on_top_and_at_the_field(stranger) -> None:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', stranger.get("/form").text)
    assert token
    html = stranger.post("/form", data={"csrf_token": token[1], "text": "写了<一半>"}).text
    assert "还有 5 处需要修改" in html
    assert '<a href="#name">姓名：请填写姓名</a>' in html
    assert re.search(r'<p class="err" id="name-e">.*?请填写姓名</p>', html)
    assert 'aria-describedby="name-h name-e"' in html
    assert '<a href="#sex">性别：请选择性别</a>' in html
    assert "写了&lt;一半&gt;" in html
    assert "data-combo" in html


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 429])
def test_an_error_page_says_what_to_do_in_chinese(stranger, code: int) -> None:
    answer = stranger.get(f"/fail/{code}")
    assert answer.status_code == code
    assert str(errors.PAGES[code].todo) in answer.text
    assert len(Page(answer.text).found["h1"]) == 1


def test_a_script_gets_its_error_as_json(stranger) -> None:
    answer = stranger.get("/fail/413", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["ok"]) == (413, False)
    assert answer.json["message"].startswith("文件太大，没有上传。")
    assert stranger.get("/fail/403", headers={"X-Requested-With": "XMLHttpRequest"}).json["ok"] is False


def test_a_form_without_its_token_gets_the_page_that_says_so(stranger) -> None:
    answer = stranger.post("/form", data={"name": "梁"})
    assert answer.status_code == 400
    assert "页面停留太久，已经失效" in answer.text


def test_a_failure_shows_the_number_that_stands_in_the_log(boss, caplog) -> None:
    boss.application.config["PROPAGATE_EXCEPTIONS"] = False
    with caplog.at_level(logging.ERROR):
        answer = boss.get("/fail/500")
    assert answer.status_code == 500
    number = re.search(r"E-\d{8}-\d{4}-[0-9A-F]{4}", answer.text)
    assert number
    [record] = [r for r in caplog.records if number[0] in r.getMessage()]
    assert record.exc_info
    assert "nowhere" not in answer.text


def test_values_are_written_as_people_read_them(site: Flask) -> None:
    with site.test_request_context():
        moment = datetime(2026, 11, 24, 6, 32, tzinfo=UTC)
        shown = [theme.show_value(v) for v in (None, "", False, moment, date(2026, 1, 2), ["甲", "乙"], 0)]
        assert shown == ["—", "—", "否", "2026-11-24 14:32", "2026-01-02", "甲、乙", 0]
        assert theme.show_value(list("甲乙丙丁戊己")) == "甲、乙、丙、丁、戊 等 6 项"


def test_what_is_missing_is_left_out_instead_of_failing(site: Flask) -> None:
    with site.test_request_context():
        assert theme.link("PortalView.home") == ""
        assert theme.link("ParcelView.list") == "/parcels/list/"
        assert "#list-details" in theme.icon("fa-no-such-icon")
        assert theme.icon("") == ""
