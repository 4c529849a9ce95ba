"""Who gets into which page: on a small site with a page of every kind, and at every address of the real one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, abort, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_login import LoginManager, UserMixin, current_user, login_user
from werkzeug.exceptions import NotFound

from app.web import guarding


class LoginPage(BaseView):
    route_base = "/login"

    @expose("/")
    def login(self) -> str:
        return "登录"


class PersonLoginView(LoginPage):
    pass


class OrgLoginView(LoginPage):
    route_base = "/org"


class DeskView(BaseView):
    route_base = "/desk"

    def check_arguments(self) -> None:
        if "junk" in request.args:
            abort(400)

    @expose("/open")
    def open_page(self) -> str:
        return "公开"

    @expose("/stamp", methods=["GET", "POST"])
    @has_access
    @permission_name("stamp")
    def stamp(self) -> str:
        return "盖章"

    @expose("/undeclared", methods=["GET", "POST"])
    def undeclared(self) -> str:
        return "没有声明"


class Account(UserMixin):
    def __init__(self, name: str) -> None:
        self.id = name


GRANTED = {"clerk": {("can_stamp", "DeskView"), ("can_undeclared", "DeskView")}, "guest": set()}
PUBLIC = {("PersonLoginView", "login"), ("OrgLoginView", "login"), ("DeskView", "open_page")}


@pytest.fixture(scope="module")
def site() -> Flask:
    """Three FAB views behind the guard, with rights from a dictionary."""
    site = Flask("guarding_test", static_folder=None)
    site.config["SECRET_KEY"] = "x" * 40
    site.extensions["public_pages"] = frozenset(PUBLIC)
    manager = LoginManager(site)
    manager.user_loader(Account)

    def allowed(permission: str, view: str) -> bool:
        return (permission, view) in GRANTED[current_user.id]

    security = SimpleNamespace(has_access=allowed)
    builder: Any = SimpleNamespace(sm=security)
    site.appbuilder = builder  # type: ignore[attr-defined]
    guarding.install(site)
    for view in (PersonLoginView(), OrgLoginView(), DeskView()):
        site.register_blueprint(view.create_blueprint(builder, endpoint=type(view).__name__))

    @site.get("/bare")
    def bare() -> str:
        return "不是页面"

    return site


def member(site: Flask, name: str):
    client = site.test_client()
    with site.test_request_context():
        login_user(Account(name))
        kept = dict(session)
    with client.session_transaction() as cookie:
        cookie.update(kept)
    return client


def test_an_address_that_is_none_is_not_found(site: Flask) -> None:
    assert site.test_client().get("/nowhere").status_code == 404
    assert member(site, "clerk").get("/nowhere").status_code == 404


def test_what_is_no_view_has_no_page(site: Flask) -> None:
    assert site.test_client().get("/bare").status_code == 404
    assert member(site, "clerk").get("/bare").status_code == 404


def test_a_stranger_is_led_to_the_login_and_back_after_a_get_only(site: Flask) -> None:
    stranger = site.test_client()
    answer = stranger.get("/desk/stamp?page=2")
    assert (answer.status_code, answer.location) == (302, "/login/?next=/desk/stamp?page%3D2")
    answer = stranger.post("/desk/stamp?page=2")
    assert (answer.status_code, answer.location) == (302, "/login/")


def test_a_stranger_who_last_used_the_window_of_units_is_led_there(site: Flask) -> None:
    stranger = site.test_client()
    stranger.set_cookie("window", "org")
    assert stranger.get("/desk/stamp").location == "/org/?next=/desk/stamp"


def test_a_member_with_the_permission_gets_in_and_one_without_does_not(site: Flask) -> None:
    assert member(site, "clerk").get("/desk/stamp").text == "盖章"
    assert member(site, "clerk").post("/desk/stamp").text == "盖章"
    assert member(site, "guest").get("/desk/stamp").status_code == 403
    assert member(site, "guest").post("/desk/stamp").status_code == 403


def test_a_method_without_a_declared_permission_is_closed_to_everybody(site: Flask) -> None:
    assert member(site, "clerk").get("/desk/undeclared").status_code == 403
    assert member(site, "clerk").post("/desk/undeclared").status_code == 403
    assert site.test_client().get("/desk/undeclared").status_code == 302


def test_a_public_page_is_open_to_everybody(site: Flask) -> None:
    for visitor in (site.test_client(), member(site, "guest"), member(site, "clerk")):
        assert visitor.get("/desk/open").text == "公开"


def test_arguments_are_judged_after_the_permission(site: Flask) -> None:
    assert member(site, "clerk").get("/desk/stamp?junk=1").status_code == 400
    assert member(site, "guest").get("/desk/stamp?junk=1").status_code == 403
    assert site.test_client().get("/desk/stamp?junk=1").status_code == 302
    assert site.test_client().get("/desk/open?junk=1").status_code == 400


# -- the real site -------------------------------------------------------------------------------------------
def doors(app: Flask) -> list[tuple[str, str, bool]]:
    """(endpoint, address, whether it is public) of every GET address of the site but files."""
    found = []
    public = app.extensions["public_pages"]
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint.rpartition(".")[2] == "static":
                continue
            values = {name: 1 for name in rule.arguments}
            behind = guarding.view_of(rule.endpoint)
            door = behind is not None and (type(behind[0]).__name__, behind[1]) in public
            found.append((rule.endpoint, url_for(rule.endpoint, **values), door))
    return found


def test_every_page_that_is_not_declared_public_asks_a_stranger_for_the_login(app, monkeypatch) -> None:
    monkeypatch.setattr(guarding, "to_login", lambda: "the login")
    closed = [(endpoint, address) for endpoint, address, public in doors(app) if not public]
    assert "LocaleView.index" in {endpoint for endpoint, _address in closed}  # FAB's own, not one of our screens
    for endpoint, address in closed:
        with app.test_request_context(address):
            if guarding.view_of(endpoint) is None:
                with pytest.raises(NotFound):
                    guarding.check_page()
            else:
                assert guarding.check_page() == "the login", endpoint


def test_every_declared_public_page_exists(app) -> None:
    with app.app_context():
        behind = [guarding.view_of(rule.endpoint) for rule in app.url_map.iter_rules()]
    assert app.extensions["public_pages"] <= {(type(each[0]).__name__, each[1]) for each in behind if each}


def test_no_public_page_asks_a_stranger_to_log_in(app, client) -> None:
    open_pages = [(endpoint, address) for endpoint, address, public in doors(app) if public]
    assert ("PortalView.home", "/") in open_pages
    for endpoint, address in open_pages:
        answer = client.get(address)
        assert answer.status_code < 500 and answer.status_code != 403, endpoint
        assert not (answer.status_code == 302 and "next=" in answer.location), endpoint
