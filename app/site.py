"""SCREENS: every page of the site, FAB's own included: its place in the menu, the roles that it is first given to, and
which of its pages are public. A page that is not here does not exist."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import models as _tables  # noqa: F401  # relations name tables of other packages
from app.accounts.admin_views import AccountPasswordView, AccountRolesView, UserGrid
from app.accounts.role_views import RoleGrid, RolePageView
from app.accounts.roles import Role
from app.audit.views import AuditGrid
from app.catalogue import views as catalogue
from app.extensions import appbuilder
from app.portal.system import SystemView
from app.portal.views import PortalView
from app.review_bodies.campaign_views import CampaignGrid, CampaignPageView
from app.review_bodies.views import BodyAccountView, BodyGrid, BodyPowersView, BodyStaffGrid
from app.web.screens import Screen

OFFICE, SYSTEM, SECURITY, AUDIT = (
    (Role.OFFICE_ADMIN,), (Role.SYSTEM_ADMIN,), (Role.SECURITY_ADMIN,), (Role.AUDIT_ADMIN,)
)
OFFICE_AND_BODY = (Role.OFFICE_ADMIN, Role.BODY_ADMIN)
KEPT = {"can_list": OFFICE, "can_show": OFFICE, "can_add": OFFICE, "can_edit": OFFICE}
CHANGED_ONLY = {"can_list": OFFICE, "can_show": OFFICE, "can_edit": OFFICE}
CATEGORIES = {"catalogue": (_l("目录与代码"), "list-details")}

SCREENS: tuple[Screen, ...] = (
    # portal
    Screen(PortalView, public=frozenset({"home"})),
    # administration
    Screen(BodyGrid, "bodies", _l("评审机构"), "building", grants=KEPT),
    Screen(BodyPowersView, label=_l("评审权"), grants={"can_show": OFFICE, "can_keep": OFFICE}),
    Screen(
        BodyStaffGrid, "body_staff", _l("机构账号"), "users",
        grants={"can_list": OFFICE_AND_BODY, "enable": OFFICE_AND_BODY, "disable": OFFICE_AND_BODY},
    ),
    Screen(BodyAccountView, label=_l("新增机构账号"), grants={"can_new": OFFICE_AND_BODY}),
    Screen(
        CampaignGrid, "campaigns", _l("评审计划"), "calendar",
        grants=KEPT | {"can_list": OFFICE_AND_BODY, "can_show": OFFICE_AND_BODY},
    ),
    Screen(
        CampaignPageView, label=_l("评审计划的范围、收费和延期"),
        grants={"can_show": OFFICE_AND_BODY, "can_keep_scopes": OFFICE, "can_extend": OFFICE},
    ),
    Screen(catalogue.TitleSeriesGrid, "series", _l("职称系列"), category="catalogue", grants=KEPT),
    Screen(catalogue.TitleLevelGrid, "levels", _l("职称级别"), category="catalogue", grants=KEPT),
    Screen(catalogue.TitleNameGrid, "titles", _l("拟评资格"), category="catalogue", grants=KEPT),
    Screen(catalogue.SpecialtyGrid, "specialties", _l("专业"), category="catalogue", grants=KEPT),
    Screen(catalogue.CodeGrid, "codes", _l("代码表"), category="catalogue", grants=KEPT),
    Screen(catalogue.MaterialTypeGrid, "materials", _l("材料种类"), category="catalogue", grants=CHANGED_ONLY),
    Screen(catalogue.SmsTemplateGrid, "sms_templates", _l("短信模板"), category="catalogue", grants=CHANGED_ONLY),
    Screen(catalogue.ReturnReasonGrid, "return_reasons", _l("退回原因"), category="catalogue", grants=KEPT),
    Screen(catalogue.WorkdayGrid, "workdays", _l("节假日调整"), category="catalogue", grants=KEPT),
    Screen(
        UserGrid, "users", _l("账号"), "users",
        grants={"can_list": SYSTEM + SECURITY, "enable": SYSTEM, "disable": SYSTEM, "unlock": SYSTEM},
    ),
    Screen(AccountPasswordView, label=_l("重置密码"), grants={"can_reset": SYSTEM}),
    Screen(AccountRolesView, label=_l("账号的角色"), grants={"can_roles": SECURITY}),
    Screen(RoleGrid, "roles", _l("角色与权限"), "shield-lock", grants={"can_list": SECURITY}),
    Screen(RolePageView, label=_l("角色的权限"), grants={"can_show": SECURITY, "can_new": SECURITY}),
    Screen(AuditGrid, "audit", _l("操作日志"), "history", grants={"can_list": AUDIT, "can_show": AUDIT}),
    Screen(SystemView, "system", _l("系统状态"), "settings", grants={"can_show": SYSTEM}),
)


def install(app: Flask) -> None:
    """Registers every screen with FAB and says which pages are public; the index view is registered by FAB itself."""
    app.extensions["screens"] = SCREENS
    app.extensions["public_pages"] = frozenset(
        (screen.view.__name__, method) for screen in SCREENS for method in screen.public
    )
    for screen in SCREENS:
        if screen.view is PortalView:
            continue
        if screen.menu:
            label, icon = CATEGORIES.get(screen.category, ("", ""))
            appbuilder.add_view(
                screen.view, screen.menu, href=screen.href, icon=screen.icon, label=screen.label, category=screen.category,
                category_label=label, category_icon=icon,
            )
        else:
            appbuilder.add_view_no_menu(screen.view)
