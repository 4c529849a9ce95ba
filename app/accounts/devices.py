"""A log-in session in words: what kind of device, and roughly where. Only what the browser said and the address tell; no
look-up anywhere."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

# the first that stands in what the browser says of itself: the more special before what it imitates
SYSTEMS: tuple[tuple[str, Any], ...] = (
    ("HarmonyOS", _l("鸿蒙设备")), ("OpenHarmony", _l("鸿蒙设备")), ("iPhone", _l("iPhone 手机")), ("iPad", _l("iPad 平板")),
    ("Android", _l("安卓设备")), ("Windows", _l("Windows 电脑")), ("Macintosh", _l("Mac 电脑")), ("Linux", _l("Linux 电脑")),
)  # fmt: skip
BROWSERS: tuple[tuple[str, Any], ...] = (
    ("MicroMessenger", _l("微信")), ("DingTalk", _l("钉钉")), ("AlipayClient", _l("支付宝")), ("UCBrowser", _l("UC 浏览器")),
    ("MQQBrowser", _l("QQ 浏览器")), ("QQBrowser", _l("QQ 浏览器")), ("QIHU", _l("360 浏览器")), ("360SE", _l("360 浏览器")),
    ("HuaweiBrowser", _l("华为浏览器")), ("MiuiBrowser", _l("小米浏览器")), ("Edg", _l("Edge 浏览器")),
    ("Firefox", _l("Firefox 浏览器")), ("Chrome", _l("Chrome 浏览器")), ("Safari", _l("Safari 浏览器")),
)  # fmt: skip


def device_words(agent: str) -> str:
    """安卓设备 · 微信; 未知设备 where the browser says nothing that is known."""
    found = [next((str(word) for mark, word in table if mark in agent), "") for table in (SYSTEMS, BROWSERS)]
    return " · ".join(filter(None, found)) or _("未知设备")


def place_words(address: str, here: str) -> str:
    """Where the address lies, compared with `here`, the one of this request."""
    if address == here:
        return _("与本次登录相同的网络")
    try:
        private = ip_address(address).is_private
    except ValueError:
        return _("未知网络")
    return _("单位或家庭内部网络") if private else _("其他网络")
