"""Every route, as a stranger and in each of the nine roles: opened exactly where app/site.py grants it.

What is expected is computed from the table of screens and FAB's table of methods, not from the guard.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from flask_appbuilder.const import PERMISSION_PREFIX
from itsdangerous import URLSafeTimedSerializer
from werkzeug.routing import AnyConverter, IntegerConverter

from app.accounts.roles import PARTY_OF, Role
from app.workflow.states import Party, State
from tests.factories import application, city, log_in, person


def view_and_method(app, endpoint):
    function = app.view_functions[endpoint]
    while not hasattr(function, "__self__") and hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return (function.__self__, function.__name__) if hasattr(function, "__self__") else (None, "")


def sample(converter):
    """A value that the converter takes, of nothing in particular."""
    match converter:
        case AnyConverter():
            return sorted(converter.items)[0]
        case IntegerConverter():
            return 1
        case _:
            return "1"


def routes(app):
    """(address, method, view, name of the view's method) of every rule."""
    for rule in app.url_map.iter_rules():
        view, name = view_and_method(app, rule.endpoint)
        values = {argument: sample(converter) for argument, converter in rule._converters.items()}
        built = rule.build(values, append_unknown=False)
        if built is None:
            continue
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield built[1], method, view, name, rule.endpoint


def declared(app):
    """(view class, permission) -> roles, and the public methods, as app/site.py says."""
    granted, public = {}, set()
    for screen in app.extensions["screens"]:
        public |= {(screen.view.__name__, method) for method in screen.public}
        for permission, roles in screen.grants.items():
            granted.setdefault((screen.name, permission), set()).update(roles)
    return granted, public


def who_opens(app, view, name, granted, public):
    """The roles that a method is granted to; None if anybody may open it."""
    if (type(view).__name__, name) in public:
        return None
    if name in ("action", "action_post"):
        return set()  # the sample names no action
    permission = getattr(getattr(view, name), "_permission_name", None)
    if permission is None:
        return set()
    renamed = (getattr(view, "method_permission_name", None) or {}).get(name, permission)
    return granted.get((view.class_permission_name, PERMISSION_PREFIX + renamed), set())


@pytest.fixture
def town(session):
    made = city(session)
    applicant = person(session, Role.APPLICANT, serial=1, unit_id=made.unit.id)
    for state in State:
        application(session, made, applicant, state=state, extra_granted=True)
    session.commit()
    made.applicant = applicant
    return made


def token_of(app, client):
    """A valid token for the session of `client`, so that the permission is judged and not the missing token."""
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = "0" * 40
    return URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("0" * 40)


def somebody(session, town, role):
    place = {Party.UNIT: {"unit_id": town.unit.id}, Party.BODY: {"body_id": town.committee.id},
             Party.OFFICE: {"body_id": town.office.id}}.get(PARTY_OF[role], {})
    return town.applicant if role is Role.APPLICANT else person(session, role, **place)


@pytest.mark.requirement("R2", "M2")
def test_a_stranger_gets_the_public_pages_and_nothing_else(app, client, town):
    granted, public = declared(app)
    seen = 0
    for address, method, view, name, endpoint in routes(app):
        if endpoint == "static" or endpoint.endswith(".static"):
            continue
        answer = client.open(address, method=method)
        assert answer.status_code < 500, (method, address)
        if view is None:
            assert answer.status_code in (400, 404), (method, address)
        elif who_opens(app, view, name, granted, public) is None:
            assert "/login" not in answer.headers.get("Location", "") or "login" in address, address
            seen += 1
        elif method == "GET":
            assert answer.status_code in (302, 404), (method, address, answer.status_code)
            if answer.status_code == 302:
                assert "login" in answer.headers["Location"], address
        else:
            assert answer.status_code in (302, 400, 404), (method, address)
    assert seen >= 1


@pytest.mark.requirement("M1", "M2")
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name)
def test_a_role_gets_what_its_screens_grant_and_nothing_else(app, client, session, town, role):
    granted, public = declared(app)
    log_in(client, session, somebody(session, town, role))
    opened, token = [], token_of(app, client)
    for address, method, view, name, endpoint in routes(app):
        if endpoint == "static" or endpoint.endswith(".static") or "logout" in address:
            continue
        roles = who_opens(app, view, name, granted, public) if view is not None else set()
        foreign = roles is not None and role not in roles
        answer = client.open(address, method=method, data={"csrf_token": token} if foreign and method != "GET" else None)
        where = (role.value, method, address, answer.status_code)
        assert answer.status_code < 500, where
        if view is None:
            assert answer.status_code in (400, 404), where
            continue
        if foreign:
            assert answer.status_code == 403, where
        elif method == "GET":
            assert answer.status_code in (200, 302, 303, 404), where
            if answer.status_code == 200 and answer.mimetype == "text/html":
                opened.append(address)
                check_page(answer.text, address)
        else:
            assert answer.status_code == 400, where  # the token is missing
    assert opened, role


class Page(HTMLParser):
    """What a page is checked for, collected."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lang, self.h1, self.title, self.faults = "", 0, "", []
        self.ids, self.fors, self.controls, self.forms = set(), set(), [], []
        self._in_label = self._in_title = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.faults += [name for name, _ in attributes if name == "style" or name.startswith("on")]
        if "id" in given:
            self.ids.add(given["id"])
        match tag:
            case "html":
                self.lang = given.get("lang", "")
            case "h1":
                self.h1 += 1
            case "title":
                self._in_title = 1
            case "script" if "src" not in given:
                self.faults.append("inline script")
            case "style":
                self.faults.append("inline style")
            case "label":
                self._in_label += 1
                if "for" in given:
                    self.fors.add(given["for"])
            case "form":
                self.forms.append([given.get("method", "get").lower(), False])
            case "input" | "select" | "textarea":
                if given.get("name") == "csrf_token" and self.forms:
                    self.forms[-1][1] = True
                hidden = given.get("type") in ("hidden", "submit", "button") or tag == "template"
                named = "aria-label" in given or "aria-labelledby" in given or self._in_label
                if not hidden and not named:
                    self.controls.append(given.get("id", f"{tag} without id"))

    def handle_endtag(self, tag):
        if tag == "label":
            self._in_label -= 1
        if tag == "title":
            self._in_title = 0

    def handle_data(self, data):
        if self._in_title:
            self.title += data


ENGLISH = re.compile(r">\s*(Add|Edit|List|Show|Delete|Save|Back|Search|Actions|Record Count|Not a valid choice)[^<]{0,20}<")


def check_page(text: str, address: str) -> None:
    page = Page(text)
    assert page.lang == "zh-CN", address
    assert page.title.strip(), address
    assert page.h1 == 1, (address, page.h1)
    assert not page.faults, (address, page.faults)
    unlabelled = [control for control in page.controls if control not in page.fors]
    assert not unlabelled, (address, unlabelled)
    assert all(token for method, token in page.forms if method == "post"), address
    found = ENGLISH.search(text)
    assert not found, (address, found and found.group())
