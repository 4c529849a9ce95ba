"""Posting as a browser does: with the token of the page on which the form stands."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def post(client: FlaskClient, page: str, address: str = "", **fields: Any) -> TestResponse:
    """Posts `fields` to `address` (the page itself, if empty) with the token found on `page`."""
    found = TOKEN.search(client.get(page).text)
    assert found, f"no form on {page}"
    return client.post(address or page, data={"csrf_token": found.group(1), **fields})
