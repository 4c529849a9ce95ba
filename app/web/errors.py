"""What a person reads when a request fails: a page, or JSON for a script. Not here: errors of the
domain, which views word where they happen."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Any

from flask import Flask, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from redis.exceptions import RedisError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.days import BEIJING


@dataclass(frozen=True)
class ErrorPage:
    """The words of one kind of failure: what happened, what to do next."""

    code: int
    title: Any
    what: Any
    todo: Any
    icon: str
    number: str = ""


PAGES = {
    page.code: page
    for page in (
        ErrorPage(
            400,
            _("这次请求不完整"),
            _("地址或提交的内容有误，没有办理任何业务。"),
            _("请返回上一页，检查后再提交；从收藏夹打开的，请改从首页进入。"),
            "alert-triangle",
        ),
        ErrorPage(
            401,
            _("登录已过期"),
            _("这一次没有保存。"),
            _("请重新登录后再办理；已保存的草稿不受影响。"),
            "lock",
        ),
        ErrorPage(
            403,
            _("这个页面您不能打开"),
            _("您的账号没有办理这项业务的权限，或材料不属于您的单位。"),
            _("如果应当有权限，请联系本单位管理员。"),
            "lock",
        ),
        ErrorPage(
            404,
            _("没有找到这个页面"),
            _("地址可能写错了，或内容已经撤下。"),
            _("请从首页或菜单进入。"),
            "zoom-question",
        ),
        ErrorPage(
            405,
            _("这个地址不能直接打开"),
            _("这一步要在页面上点按钮办理。"),
            _("请返回上一页，再点一次按钮。"),
            "ban",
        ),
        ErrorPage(
            413,
            _("文件太大，没有上传"),
            _("图片不超过 1 MB，PDF 不超过 30 MB。"),
            _("图片请压缩后再选；PDF 可降低扫描分辨率（200 dpi 足够）。原来的文件仍保留。"),
            "upload",
        ),
        ErrorPage(
            429,
            _("操作太频繁，请稍后再试"),
            _("短时间内的请求过多，这一次没有办理。"),
            _("请过几分钟再试，不要连续点击。"),
            "clock",
        ),
        ErrorPage(
            500,
            _("系统出了点问题"),
            _("这次操作没有完成。"),
            _("请过几分钟再试；仍不行，请把下面的编号告诉技术支持。"),
            "alert-octagon",
        ),
        ErrorPage(
            503,
            _("服务暂时不可用，请稍后再试"),
            _("这次操作没有完成。您填写的内容请先不要关闭页面。"),
            _("请返回上一页，过一两分钟再提交；仍不行，请联系技术支持。"),
            "clock",
        ),
    )
}
EXPIRED = ErrorPage(
    400,
    _("页面停留太久，已经失效"),
    _("为保护您的材料，页面放置过久或退出登录后，就不能再提交。这一次没有办理任何业务。"),
    _("请返回上一页，复制填写的内容，刷新页面后再提交；已保存的草稿不受影响。"),
    "hourglass",
)


def wants_json() -> bool:
    """Whether a script asks, which wants sentences and no page."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def answer(error: ErrorPage, template: str = "errors/error.html") -> ResponseReturnValue:
    """The page of an error, or its JSON for a script: ok, message, number of the log entry."""
    if wants_json():
        facts = {"ok": False, "message": f"{error.title}。{error.what}{error.todo}"}
        return jsonify(facts | ({"number": error.number} if error.number else {})), error.code
    # A failed statement leaves the session unusable, and the frame asks it for the person and the menu.
    _forget_transaction()
    if error.code < 500:
        with contextlib.suppress(Exception):
            return render_template(template, error=error, shell="public"), error.code
        _forget_transaction()
    return render_template(template, error=error, shell="public", bare=True), error.code


def _forget_transaction() -> None:
    with contextlib.suppress(Exception):
        current_app.appbuilder.session.rollback()  # type: ignore[attr-defined]


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or error.response is not None:
        return error.get_response()
    page = PAGES.get(error.code) or replace(PAGES[400 if error.code < 500 else 500], code=error.code)
    if error.code >= 500:
        page = replace(page, number=g.get("error_number", ""))
    body, status = answer(page)  # type: ignore[misc]
    headers = {"Allow": ", ".join(error.valid_methods or ())} if isinstance(error, MethodNotAllowed) else {}
    return body, status, headers


def _csrf_error(error: CSRFError) -> ResponseReturnValue:
    return answer(EXPIRED, "errors/expired.html")


def _redis_is_away(error: RedisError) -> ResponseReturnValue:
    """Captcha, codes, limits and the queue live there; it is started again within seconds, and all works as before."""
    current_app.logger.warning("503 %s %s: Redis is away (%s)", request.method, request.path, type(error).__name__)
    body, status = answer(PAGES[503])  # type: ignore[misc]
    return body, status, {"Retry-After": "60"}


def new_number(now: datetime) -> str:
    """A number that a person can read out on the telephone, e.g. E-20261124-1432-7F3A."""
    return f"E-{now.astimezone(BEIJING):%Y%m%d-%H%M}-{secrets.token_hex(2).upper()}"


ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def install(app: Flask) -> None:
    """Registers the pages; every unexpected failure is logged once, with the number that its page shows."""

    def log_exception(exc_info: ExceptionInfo) -> None:
        g.error_number = new_number(datetime.now(BEIJING))
        app.logger.error("%s %s %s", g.error_number, request.method, request.path, exc_info=exc_info)

    app.log_exception = log_exception  # type: ignore[method-assign]  # Flask's own hook
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(RedisError, _redis_is_away)
