"""How a permission is called on the security administrator's page: by the table here, by the action's own text, or by
the workflow's word for the move."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.workflow.transitions import TRANSITIONS

WORDS: dict[str, Any] = {
    "can_list": _l("查看列表"), "can_show": _l("查看"), "can_add": _l("新增"), "can_edit": _l("修改"), "can_new": _l("新增"),
    "can_keep": _l("保存"), "can_save": _l("保存"), "can_keep_scopes": _l("设置受理范围和收费"), "can_extend": _l("延期"),
    "can_export": _l("导出"), "can_export_full": _l("导出完整的手机号和证件号"), "can_download": _l("下载"), "can_file": _l("打开文件"), "can_home": _l("打开"),
    "can_open": _l("打开"), "can_approve": _l("审核通过"), "can_refuse": _l("审核不通过"), "can_review": _l("审核"),
    "can_opinion": _l("填写意见"), "can_return": _l("退回"), "can_check": _l("核对"),
    "can_upload": _l("上传"), "can_remove": _l("移除"), "can_answer": _l("答复"), "can_read": _l("阅读"),
    "can_pay": _l("缴费"), "can_close": _l("结束"), "can_generate": _l("生成秘钥"), "can_reveal": _l("显示完整信息"),
    "can_fill": _l("填报"), "can_start": _l("开始申报"), "can_progress": _l("查看进度"), "can_reset": _l("重置密码"),
    "can_roles": _l("调整角色"), "can_assign": _l("调整角色"), "enable": _l("启用"), "disable": _l("停用"), "unlock": _l("解锁"),
    "can_decide": _l("审核"), "can_amend": _l("修改"), "can_profile": _l("查看资料"), "can_password": _l("修改密码"),
    "can_phone": _l("更换手机号"), "can_identity": _l("修改身份信息"), "can_logout": _l("退出登录"),
    "can_write_opinion": _l("填写意见"), "can_convene": _l("列入会议、登记结果、公示"), "can_print": _l("打印"),
    "can_issue": _l("发证"), "can_revoke": _l("撤销"), "can_waive": _l("免缴、恢复缴费"), "publicise": _l("公示"),
    "can_create": _l("新增"), "can_publish": _l("发布"), "can_post": _l("张贴公示"),
    "can_apply": _l("开始申报"), "can_change_unit": _l("调整单位"), "can_tasks": _l("打开"),
    "can_library": _l("打开"), "can_pick": _l("选用和存入"), "can_import": _l("导入"), "can_take_over": _l("沿用"),
}  # fmt: skip
# What the page of a role calls a screen whose own name would not say which it is.
SCREENS: dict[str, Any] = {
    "MyHomeView": _l("申报人员首页"), "BodyHomeView": _l("评审机构首页"), "OfficeHomeView": _l("职改办首页"),
}
MOVES = {row.action.value: row.label for row in TRANSITIONS}


def permission_word(permission: str, view: type) -> str:
    """The Chinese word of one permission of a view."""
    if permission in WORDS:
        return str(WORDS[permission])
    for name in dir(view):
        kept = getattr(getattr(view, name, None), "_action", None)
        if kept and kept[0] == permission:
            return str(kept[1])
    move = MOVES.get(permission.removeprefix("can_"))
    return move or str(_l("办理：%(name)s", name=permission.removeprefix("can_")))
