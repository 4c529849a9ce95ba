"""SCREENS: every page of the site, FAB's own included: its place in the menu, the roles that it is first given to, and
which of its pages are public. A page that is not here does not exist."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import models as _tables  # noqa: F401  # relations name tables of other packages
from app.accounts.account_views import AccountView
from app.accounts.admin_views import AccountPasswordView, AccountPhoneView, AccountRolesView, UserGrid
from app.accounts.device_views import DevicesView
from app.accounts.login_views import ForgottenView, HomeView, OrgLoginView, PersonLoginView
from app.accounts.place_views import PlaceView
from app.accounts.registration_views import CaptchaTaskView, CaptchaView, RegistrationView, SmsCodeView
from app.accounts.role_views import RoleGrid, RolePageView
from app.accounts.roles import Role
from app.announcements.views import AnnouncementGrid
from app.applications import views as applications
from app.applications.rule_grid import SectionRuleGrid
from app.audit.views import AuditGrid
from app.catalogue import views as catalogue
from app.certificates.personal import MyCertificatesView, VerifyView
from app.certificates.views import CertificateGrid, CertificateView, IssueView
from app.demo.views import DemoClockView
from app.eligibility.views import EligibilityRuleGrid
from app.exports.views import ExportView
from app.extensions import appbuilder
from app.identities.own_views import IdentityChangeView
from app.identities.recovery_views import PeopleGrid, PhoneRecoveryGrid, PhoneRecoveryView
from app.identities.views import IdentityChangeGrid, IdentityDecisionView, approves_identities
from app.meetings.approvals import ApprovalView
from app.meetings.views import MeetingGrid, MeetingView
from app.messages.views import DemoView, MessageGrid, MessageView
from app.payments.callback import CallbackView
from app.payments.cashier import CashierView
from app.payments.views import FeeGrid, FeeView, PaymentView
from app.personal_data.staff_views import DeletionExecutionView, DeletionGrid
from app.personal_data.views import DeletionView, MyDataView
from app.portal.office import OfficeHomeView
from app.portal.self_check import SelfCheckView
from app.portal.system import SystemView
from app.portal.views import PortalView
from app.public_notices.grids import NoticeGrid
from app.public_notices.public_views import PublicNoticesPage
from app.public_notices.views import NoticePage
from app.review_bodies.campaign_views import CampaignGrid, CampaignPageView
from app.review_bodies.views import BodyAccountView, BodyGrid, BodyPowersView, BodyStaffGrid
from app.reviews.grids import BodyReviewGrid, OfficeGrid, UnitReviewGrid
from app.reviews.homes import BodyHomeView, UnitHomeView
from app.reviews.opinion_page import OpinionPage
from app.reviews.views import ReviewPage
from app.units.member_views import UndeclaredMembersGrid, UnitMembersGrid, UnitMemberView
from app.units.office_views import UnitApprovalView, UnitGrid, approves_units
from app.units.own_views import UnitInfoView, UnitKeyView, UnitOperatorsView
from app.units.registration_views import UnitRegistrationView, UnitStateView
from app.web.screens import Screen

EVERYBODY = tuple(Role)
UNIT = (Role.UNIT_OPERATOR, Role.UNIT_ADMIN)
UNIT_ADMIN = (Role.UNIT_ADMIN,)
OFFICE = (Role.OFFICE_ADMIN,)
BODY_ADMINS = (Role.BODY_ADMIN, Role.OFFICE_ADMIN)
BODY_STAFF = (Role.BODY_REVIEWER, Role.BODY_ADMIN)
BODIES = (*BODY_STAFF, *OFFICE)
REVIEWERS = (*UNIT, *BODIES)
APPROVERS = (Role.OFFICE_ADMIN, Role.BODY_ADMIN)  # of the bodies, those that may approve units see rows
IDENTIFIERS = (Role.UNIT_ADMIN, Role.BODY_ADMIN, Role.OFFICE_ADMIN)  # of the bodies, those that approve identities
APPLICANT = (Role.APPLICANT,)
FILE_READERS = (*APPLICANT, *UNIT, Role.BODY_REVIEWER, Role.BODY_ADMIN, *OFFICE)
SYSTEM, SECURITY, AUDIT = (Role.SYSTEM_ADMIN,), (Role.SECURITY_ADMIN,), (Role.AUDIT_ADMIN,)
KEPT = {"can_list": OFFICE, "can_show": OFFICE, "can_add": OFFICE, "can_edit": OFFICE}
CHANGED_ONLY = {"can_list": OFFICE, "can_show": OFFICE, "can_edit": OFFICE}
# The headings of the menu with their icons, in the order in which they stand; entries without one come first.
CATEGORIES = {
    "review": (_l("审核业务"), "clipboard-check"),
    "meeting": (_l("组织评审"), "gavel"),
    "certificate": (_l("证书"), "certificate"),
    "unit": (_l("本单位"), "building"),
    "plan": (_l("计划与公告"), "calendar"),
    "org": (_l("单位与机构"), "building"),
    "catalogue": (_l("目录与代码"), "list-details"),
    "administration": (_l("系统管理"), "settings"),
}

SCREENS: tuple[Screen, ...] = (
    # portal
    Screen(
        PortalView,
        public=frozenset({
            "home", "notices", "notice", "public_notices", "conditions", "condition", "help", "privacy", "accessibility",
        }),
    ),
    Screen(
        OfficeHomeView, menu="office_home", label=_l("首页"), icon="home", grants={"can_home": OFFICE}
    ),
    # the first pages of units and bodies
    Screen(UnitHomeView, menu="unit_home", label=_l("单位首页"), icon="home", grants={"can_home": UNIT}),
    Screen(BodyHomeView, menu="body_home", label=_l("首页"), icon="home", grants={"can_home": BODY_STAFF}),
    # announcements
    Screen(
        AnnouncementGrid, menu="announcements", label=_l("公告与评审条件"), icon="news",
        category="plan", grants={"can_list": OFFICE, "can_add": OFFICE, "can_edit": OFFICE},
    ),
    # applications
    Screen(
        applications.MyHomeView, menu="my_home", label=_l("首页"), icon="home", grants={"can_home": APPLICANT}
    ),
    Screen(
        applications.ApplyView, menu="apply", label=_l("职称申报"), icon="file-certificate",
        grants={"can_apply": APPLICANT},
    ),
    Screen(
        SelfCheckView, menu="self_check", label=_l("资格自查"), icon="clipboard-check", menu_roles=APPLICANT,
        public=frozenset({"choose", "check"}),
    ),
    Screen(
        applications.UnitChangeView, menu="unit_change", label=_l("单位调整"), icon="building",
        grants={"can_change_unit": APPLICANT},
    ),
    Screen(
        applications.LibraryView, menu="library", label=_l("我的资料库"), icon="folder-open",
        grants={"can_library": APPLICANT},
    ),
    Screen(applications.PickView, label=_l("资料库与申报之间"), grants={"can_pick": APPLICANT}),
    Screen(applications.ImportView, label=_l("批量导入"), grants={"can_import": APPLICANT}),
    Screen(applications.TakeOverView, label=_l("沿用以前的申报"), grants={"can_take_over": APPLICANT}),
    Screen(applications.TasksView, label=_l("申报清单"), grants={"can_tasks": APPLICANT}),
    Screen(applications.ChangeView, label=_l("修改申报信息"), grants={"can_change": APPLICANT}),
    Screen(applications.SectionView, label=_l("填写申报材料"), grants={"can_fill": APPLICANT}),
    Screen(applications.UploadView, label=_l("上传材料"), grants={"can_upload": APPLICANT}),
    Screen(applications.CheckView, label=_l("检查并提交"), grants={"can_check": APPLICANT}),
    Screen(applications.ProgressView, label=_l("办理进度"), grants={"can_progress": APPLICANT}),
    Screen(applications.FileView, label=_l("申报材料的文件"), grants={"can_file": FILE_READERS}),
    # units
    Screen(UnitRegistrationView, public=frozenset({"register", "upload", "file", "pledge"})),
    Screen(UnitStateView, label=_l("单位注册进度"), grants={"can_show": UNIT, "can_edit": UNIT}),
    Screen(
        UnitGrid, menu="units", label=_l("单位管理"), icon="building", category="org", grants={"can_list": APPROVERS},
        menu_when=approves_units,
    ),
    Screen(
        UnitApprovalView, label=_l("单位审核"),
        grants={"can_show": APPROVERS, "can_decide": APPROVERS, "can_amend": OFFICE, "can_file": (*APPROVERS, *UNIT)},
    ),
    Screen(
        UnitMembersGrid, menu="unit_members", label=_l("单位用户"), icon="users",
        category="unit", grants={"can_list": UNIT, "can_export": UNIT_ADMIN, "can_export_full": UNIT_ADMIN},
    ),
    Screen(UndeclaredMembersGrid, grants={"can_list": UNIT}),
    Screen(UnitMemberView, label=_l("单位用户资料"), grants={"can_show": UNIT, "can_reveal": UNIT, "can_remove": UNIT}),
    Screen(
        UnitKeyView, menu="unit_key", label=_l("单位秘钥"), icon="key",
        category="unit", grants={"can_show": UNIT, "can_generate": UNIT},
    ),
    Screen(
        UnitInfoView, menu="unit_info", label=_l("单位信息"), icon="building",
        category="unit", grants={"can_show": UNIT, "can_edit": UNIT},
    ),
    Screen(
        UnitOperatorsView, menu="unit_operators", label=_l("单位经办人"), icon="user-cog",
        category="unit", grants={"can_list": UNIT_ADMIN},
    ),
    # accounts
    Screen(PersonLoginView, public=frozenset({"login"})),
    Screen(OrgLoginView, public=frozenset({"login"})),
    Screen(PlaceView, public=frozenset({"prove"})),
    Screen(ForgottenView, public=frozenset({"forgot"})),
    Screen(CaptchaView, public=frozenset({"image"})),
    Screen(CaptchaTaskView, public=frozenset({"task"})),
    Screen(SmsCodeView, public=frozenset({"send"})),
    Screen(RegistrationView, public=frozenset({"register", "consent", "unit_name"})),
    Screen(HomeView, label=_l("登录后的首页"), grants={"can_home": EVERYBODY}),
    Screen(
        AccountView, label=_l("我的账号"),
        grants={
            "can_profile": EVERYBODY,
            "can_password": EVERYBODY,
            "can_phone": EVERYBODY,
            "can_identity": (Role.APPLICANT,),
            "can_logout": EVERYBODY,
        },
    ),
    Screen(DevicesView, label=_l("登录设备"), grants={"can_devices": EVERYBODY}),
    # identities
    Screen(IdentityChangeView, label=_l("申请修改姓名和证件"), grants={"can_ask": APPLICANT}),
    Screen(
        IdentityChangeGrid, menu="identity_changes", label=_l("身份变更"), icon="id", category="org",
        grants={"can_list": IDENTIFIERS}, menu_when=approves_identities,
    ),
    Screen(
        IdentityDecisionView, label=_l("审核身份变更"),
        grants={
            "can_show": IDENTIFIERS, "can_decide": IDENTIFIERS, "can_reveal": IDENTIFIERS,
            "can_file": (*IDENTIFIERS, *APPLICANT),
        },
    ),
    Screen(
        PeopleGrid, menu="people", label=_l("申报人员"), icon="users", category="org",
        grants={"can_list": BODY_ADMINS}, menu_when=approves_identities,
    ),
    Screen(
        PhoneRecoveryGrid, menu="recoveries", label=_l("手机找回"), icon="device-mobile", category="org",
        grants={"can_list": IDENTIFIERS}, menu_when=approves_identities,
    ),
    Screen(PhoneRecoveryView, label=_l("更换丢失的手机号"), grants={"can_start": IDENTIFIERS}),
    # certificates
    Screen(
        MyCertificatesView, menu="my_certificates", label=_l("证书打印"), icon="certificate",
        grants={"can_print": (Role.APPLICANT,)},
    ),
    Screen(
        IssueView, menu="issue", label=_l("发证"), icon="certificate",
        category="certificate", grants={"can_issue": BODY_ADMINS},
    ),
    Screen(
        CertificateGrid, menu="certificates", label=_l("证书"), icon="award",
        category="certificate", grants={"can_list": BODIES},
    ),
    Screen(
        CertificateView, label=_l("证书详情"),
        grants={
            "can_read": BODIES, "can_revoke": OFFICE,
        },
    ),
    Screen(VerifyView, public=frozenset({"form", "check", "scanned"})),
    # personal data
    Screen(MyDataView, label=_l("我的数据"), grants={"can_data": APPLICANT}),
    Screen(DeletionView, label=_l("申请注销账号"), grants={"can_data": APPLICANT}),
    Screen(
        DeletionGrid, menu="deletions", label=_l("注销申请"), icon="trash", category="org",
        grants={"can_list": (*OFFICE, *SYSTEM)},
    ),
    Screen(DeletionExecutionView, label=_l("执行注销"), grants={"can_execute": (*OFFICE, *SYSTEM)}),
    # payments
    Screen(PaymentView, label=_l("在线缴费"), grants={"can_pay": (Role.APPLICANT,)}),
    Screen(
        FeeGrid, menu="fees", label=_l("缴费"), icon="cash",
        category="meeting", grants={"can_list": BODIES},
    ),
    Screen(
        FeeView, label=_l("缴费单"),
        grants={
            "can_read": BODIES,
            "can_waive": BODY_ADMINS,
        },
    ),
    Screen(CallbackView, public=frozenset({"callback"})),
    Screen(CashierView, public=frozenset({"cashier", "pay"})),
    # meetings
    Screen(
        MeetingGrid, menu="meetings", label=_l("评审会议"), icon="gavel",
        category="meeting", grants={"can_list": BODIES},
    ),
    Screen(
        MeetingView, label=_l("评审会议"),
        grants={
            "can_read": BODIES,
            "can_convene": BODY_ADMINS,
        },
    ),
    Screen(
        ApprovalView, menu="approvals", label=_l("结果批准"), icon="rubber-stamp",
        category="meeting", grants={"can_approve": OFFICE},
    ),
    # administration
    Screen(BodyGrid, "bodies", _l("评审机构"), "building", category="org", grants=KEPT),
    Screen(BodyPowersView, label=_l("评审权"), grants={"can_show": OFFICE, "can_keep": OFFICE}),
    Screen(
        BodyStaffGrid, "body_staff", _l("机构账号"), "users",
        category="org", grants={"can_list": BODY_ADMINS, "enable": BODY_ADMINS, "disable": BODY_ADMINS},
    ),
    Screen(BodyAccountView, label=_l("新增机构账号"), grants={"can_new": BODY_ADMINS}),
    Screen(
        CampaignGrid, "campaigns", _l("评审计划"), "calendar",
        category="plan", grants=KEPT | {"can_list": BODY_ADMINS, "can_show": BODY_ADMINS},
    ),
    Screen(
        CampaignPageView, label=_l("评审计划的范围、收费和延期"),
        grants={"can_show": BODY_ADMINS, "can_keep_scopes": OFFICE, "can_extend": OFFICE},
    ),
    Screen(SectionRuleGrid, "section_rules", _l("申报表设置"), category="plan", grants=KEPT),
    Screen(catalogue.TitleSeriesGrid, "series", _l("职称系列"), category="catalogue", grants=KEPT),
    Screen(catalogue.TitleLevelGrid, "levels", _l("职称级别"), category="catalogue", grants=KEPT),
    Screen(catalogue.TitleNameGrid, "titles", _l("拟评资格"), category="catalogue", grants=KEPT),
    Screen(catalogue.SpecialtyGrid, "specialties", _l("专业"), category="catalogue", grants=KEPT),
    Screen(catalogue.CodeGrid, "codes", _l("代码表"), category="catalogue", grants=KEPT),
    Screen(EligibilityRuleGrid, "eligibility_rules", _l("资格条件"), category="catalogue", grants=KEPT),
    Screen(catalogue.MaterialTypeGrid, "materials", _l("材料种类"), category="catalogue", grants=CHANGED_ONLY),
    Screen(catalogue.SmsTemplateGrid, "sms_templates", _l("短信模板"), category="catalogue", grants=CHANGED_ONLY),
    Screen(catalogue.ReturnReasonGrid, "return_reasons", _l("退回原因"), category="catalogue", grants=KEPT),
    Screen(catalogue.WorkdayGrid, "workdays", _l("节假日调整"), category="catalogue", grants=KEPT),
    Screen(
        UserGrid, "users", _l("账号"), "users",
        category="administration", grants={"can_list": SYSTEM + SECURITY, "enable": SYSTEM, "disable": SYSTEM, "unlock": SYSTEM},
    ),
    Screen(AccountPasswordView, label=_l("重置密码"), grants={"can_reset": SYSTEM}),
    Screen(AccountPhoneView, label=_l("登记手机号"), grants={"can_set_phone": SYSTEM}),
    Screen(AccountRolesView, label=_l("账号的角色"), grants={"can_roles": SECURITY}),
    Screen(RoleGrid, "roles", _l("角色与权限"), "shield-lock", category="administration", grants={"can_list": SECURITY}),
    Screen(RolePageView, label=_l("角色的权限"), grants={"can_show": SECURITY, "can_new": SECURITY}),
    Screen(AuditGrid, "audit", _l("操作日志"), "history", category="administration", grants={"can_list": AUDIT, "can_show": AUDIT}),
    Screen(SystemView, "system", _l("系统状态"), "settings", category="administration", grants={"can_show": SYSTEM}),
    # messages
    Screen(MessageView, label=_l("消息"), grants={"can_read": EVERYBODY}),
    Screen(
        MessageGrid, menu="outbox", label=_l("短信发件箱"), icon="messages", category="administration",
        grants={"can_list": SYSTEM},
    ),
    Screen(DemoView, public=frozenset({"sms"})),
    Screen(DemoClockView, public=frozenset({"clock"})),
    # exports
    Screen(ExportView, label=_l("我的导出"), grants={"can_download": REVIEWERS}),
    # public_notices
    Screen(PublicNoticesPage, public=frozenset({"show", "object"})),
    Screen(NoticePage, label=_l("公示"), grants={"can_post": UNIT, "can_show": REVIEWERS, "can_answer": REVIEWERS}),
    # reviews
    Screen(
        UnitReviewGrid, menu="unit_review", label=_l("单位审核"), icon="clipboard-check", category="review",
        grants={"can_list": UNIT, "can_export": UNIT, "report": UNIT, "publicise": UNIT},
    ),
    Screen(
        BodyReviewGrid, menu="body_review", label=_l("审核"), icon="clipboard-check", category="review",
        grants={"can_list": BODY_STAFF, "can_export": BODY_STAFF, "report": BODY_STAFF},
    ),
    Screen(
        OfficeGrid, menu="office_applications", label=_l("全部申报"), icon="list-details", category="review",
        grants={"can_list": OFFICE, "can_export": OFFICE},
    ),
    Screen(
        NoticeGrid, menu="notices", label=_l("公示管理"), icon="world", category="review",
        grants={"can_list": REVIEWERS},
    ),
    Screen(
        ReviewPage, label=_l("审核材料"),
        grants={
            "can_review": REVIEWERS, "can_check": REVIEWERS, "can_report": REVIEWERS,
            "can_return_to_applicant": REVIEWERS, "can_decline": UNIT, "can_grant_return": UNIT,
            "can_decline_return": UNIT, "can_finish": BODIES, "can_return_to_unit": BODIES, "can_reject": BODIES,
            "can_entrust": BODIES, "can_withdraw": BODIES,
        },
    ),
    Screen(OpinionPage, label=_l("审核意见"), grants={"can_write_opinion": REVIEWERS}),
)


def install(app: Flask) -> None:
    """Registers every screen with FAB and says which pages are public; the index view is registered by FAB itself."""
    app.extensions["screens"] = SCREENS
    app.extensions["bottom_bar"] = applications.bottom_bar
    app.extensions["public_pages"] = frozenset(
        (screen.view.__name__, method) for screen in SCREENS for method in screen.public
    )
    places = list(CATEGORIES)
    for screen in sorted(SCREENS, key=lambda screen: places.index(screen.category) if screen.category else -1):
        if screen.view is PortalView:
            continue
        if screen.menu:
            label, icon = CATEGORIES.get(screen.category, ("", ""))
            appbuilder.add_view(
                screen.view, screen.menu, href=screen.href, icon=screen.icon, label=screen.label, category=screen.category,
                category_label=label, category_icon=icon, menu_cond=screen.menu_when,
            )
        else:
            appbuilder.add_view_no_menu(screen.view)
