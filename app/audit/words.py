"""The words for verbs, kinds of object and results that stand in the log as short codes."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.workflow.transitions import TRANSITIONS

VERBS: dict[str, Any] = {
    **{row.action.value: row.label for row in TRANSITIONS},
    "login": _l("登录"), "login_failed": _l("登录失败"), "logout": _l("退出登录"), "register": _l("注册"),
    "add": _l("新增"), "edit": _l("修改"), "enable": _l("启用账号"), "disable": _l("停用账号"), "unlock": _l("解锁账号"),
    "create_account": _l("开通账号"), "reset_password": _l("重置密码"), "change_password": _l("修改密码"),
    "change_phone": _l("更换手机号"), "assign_roles": _l("调整账号角色"), "create_role": _l("新增角色"),
    "set_permissions": _l("调整角色权限"), "set_powers": _l("调整评审权"), "set_scopes": _l("设置受理范围和收费"),
    "extend": _l("评审计划延期"), "export": _l("导出"), "download_export": _l("下载导出的表格"), "view_file": _l("打开文件"), "open_file": _l("打开文件"),
    "upload": _l("上传文件"), "reveal": _l("查看完整信息"), "approve_unit": _l("通过单位注册"), "refuse_unit": _l("不通过单位注册"),
    "generate_key": _l("生成单位秘钥"), "start": _l("开始申报"), "change_choice": _l("修改申报信息"), "seal_broken": _l("日志校验不符"),
    "password_changed": _l("修改密码"), "password_reset": _l("忘记密码重设"), "phone_changed": _l("更换手机号"),
    "login_try": _l("登录失败"), "ask_identity": _l("申请身份变更"), "approve_identity": _l("通过身份变更"), "refuse_identity": _l("不通过身份变更"),
    "withdraw_identity": _l("撤回身份变更申请"), "identity_changed": _l("修改姓名证件"), "start_recovery": _l("开始手机找回"),
    "recover_phone": _l("更换丢失的手机号"), "cancel_recovery": _l("取消手机找回"), "end_sessions": _l("退出其他设备"),
    "login_unusual": _l("在新的地点登录，要求短信验证"), "forget_places": _l("忘记常用地点"),
    "ask_withdrawal": _l("申请撤回申报"), "decline_withdrawal": _l("不同意撤回"), "refund": _l("退费"),
}  # fmt: skip

OBJECTS: dict[str, Any] = {
    "application": _l("申报件"), "person": _l("账号"), "account": _l("账号"), "role": _l("角色"), "unit": _l("单位"),
    "review_body": _l("评审机构"), "campaign": _l("评审计划"), "stored_file": _l("文件"), "file": _l("文件"),
    "public_notice": _l("公示"), "objection": _l("异议"), "meeting": _l("评审会议"), "fee_order": _l("缴费单"),
    "payment": _l("缴费记录"), "certificate": _l("证书"), "announcement": _l("公告"), "approval_document": _l("批准文件"),
    "catalogue_title_series": _l("职称系列"), "catalogue_title_level": _l("职称级别"),
    "catalogue_title_name": _l("拟评资格"), "catalogue_specialty": _l("专业"), "catalogue_code_entry": _l("代码"),
    "catalogue_material_type": _l("材料种类"), "catalogue_sms_template": _l("短信模板"),
    "catalogue_workday_override": _l("节假日调整"), "section_rule": _l("申报表设置"), "message": _l("消息"),
    "grid": _l("列表"),
}  # fmt: skip

RESULTS: dict[str, Any] = {"done": _l("成功"), "refused": _l("被拒绝"), "failed": _l("失败"), "unknown": _l("没有这个账号"), "locked": _l("账号已锁定")}

PARTIES: dict[str, Any] = {
    "applicant": _l("申报人"), "unit": _l("单位"), "body": _l("评审机构"), "office": _l("职改办"), "payment": _l("支付平台"),
    "clock": _l("系统定时"), "staff": _l("平台管理"), "anonymous": _l("未登录"),
}  # fmt: skip


def verb_word(verb: str) -> str:
    return str(VERBS.get(verb, verb))


def object_word(kind: str) -> str:
    return str(OBJECTS.get(kind, kind))
