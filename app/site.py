"""SCREENS: every page of the site, FAB's own included: its place in the menu, the roles that it is first given to, and
which of its pages are public. A page that is not here does not exist."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import models as _tables  # noqa: F401  # relations name tables of other packages
from app.accounts.account_views import AccountView
from app.accounts.login_views import ForgottenView, HomeView, OrgLoginView, PersonLoginView
from app.accounts.registration_views import CaptchaView, RegistrationView, SmsCodeView
from app.accounts.roles import Role
from app.announcements.views import AnnouncementGrid
from app.applications import views as applications
from app.extensions import appbuilder
from app.portal.office import OfficeHomeView
from app.portal.views import PortalView
from app.units.member_views import UndeclaredMembersGrid, UnitMembersGrid, UnitMemberView
from app.units.office_views import UnitApprovalView, UnitGrid
from app.units.own_views import UnitInfoView, UnitKeyView, UnitOperatorsView
from app.units.registration_views import UnitRegistrationView, UnitStateView
from app.web.screens import Screen

EVERYBODY = tuple(Role)
UNIT = (Role.UNIT_OPERATOR, Role.UNIT_ADMIN)
UNIT_ADMIN = (Role.UNIT_ADMIN,)
OFFICE = (Role.OFFICE_ADMIN,)
APPROVERS = (Role.OFFICE_ADMIN, Role.BODY_ADMIN)  # of the bodies, those that may approve units see rows
APPLICANT = (Role.APPLICANT,)
FILE_READERS = (*APPLICANT, *UNIT, Role.BODY_REVIEWER, Role.BODY_ADMIN, *OFFICE)

SCREENS: tuple[Screen, ...] = (
    # portal
    Screen(
        PortalView,
        public=frozenset({"home", "notices", "notice", "public_notices", "conditions", "condition", "help"}),
    ),
    Screen(
        OfficeHomeView, menu="office_home", label=_l("首页"), icon="home", grants={"can_home": OFFICE}
    ),
    # announcements
    Screen(
        AnnouncementGrid, menu="announcements", label=_l("公告与评审条件"), icon="news",
        grants={"can_list": OFFICE, "can_add": OFFICE, "can_edit": OFFICE},
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
        applications.UnitChangeView, menu="unit_change", label=_l("单位调整"), icon="building",
        grants={"can_change_unit": APPLICANT},
    ),
    Screen(applications.TasksView, grants={"can_tasks": APPLICANT}),
    Screen(applications.SectionView, grants={"can_fill": APPLICANT}),
    Screen(applications.UploadView, grants={"can_upload": APPLICANT}),
    Screen(applications.CheckView, grants={"can_check": APPLICANT}),
    Screen(applications.ProgressView, grants={"can_progress": APPLICANT}),
    Screen(applications.FileView, grants={"can_file": FILE_READERS}),
    # units
    Screen(UnitRegistrationView, public=frozenset({"register", "upload", "file", "pledge"})),
    Screen(UnitStateView, grants={"can_show": UNIT, "can_edit": UNIT}),
    Screen(
        UnitGrid, menu="units", label=_l("单位管理"), icon="building", grants={"can_list": APPROVERS}
    ),
    Screen(
        UnitApprovalView,
        grants={"can_show": APPROVERS, "can_decide": APPROVERS, "can_amend": OFFICE, "can_file": (*APPROVERS, *UNIT)},
    ),
    Screen(
        UnitMembersGrid, menu="unit_members", label=_l("单位用户"), icon="users",
        grants={"can_list": UNIT},
    ),
    Screen(UndeclaredMembersGrid, grants={"can_list": UNIT}),
    Screen(UnitMemberView, grants={"can_show": UNIT, "can_reveal": UNIT, "can_remove": UNIT}),
    Screen(
        UnitKeyView, menu="unit_key", label=_l("单位秘钥"), icon="key",
        grants={"can_show": UNIT, "can_generate": UNIT},
    ),
    Screen(
        UnitInfoView, menu="unit_info", label=_l("单位信息"), icon="building",
        grants={"can_show": UNIT, "can_edit": UNIT},
    ),
    Screen(
        UnitOperatorsView, menu="unit_operators", label=_l("单位经办人"), icon="user-cog",
        grants={"can_list": UNIT_ADMIN},
    ),
    # accounts
    Screen(PersonLoginView, public=frozenset({"login"})),
    Screen(OrgLoginView, public=frozenset({"login"})),
    Screen(ForgottenView, public=frozenset({"forgot"})),
    Screen(CaptchaView, public=frozenset({"image"})),
    Screen(SmsCodeView, public=frozenset({"send"})),
    Screen(RegistrationView, public=frozenset({"register", "consent", "unit_name"})),
    Screen(HomeView, grants={"can_home": EVERYBODY}),
    Screen(
        AccountView,
        grants={
            "can_profile": EVERYBODY,
            "can_password": EVERYBODY,
            "can_phone": EVERYBODY,
            "can_identity": (Role.APPLICANT,),
            "can_logout": EVERYBODY,
        },
    ),
)


def install(app: Flask) -> None:
    """Registers every screen with FAB and says which pages are public; the index view is registered by FAB itself."""
    app.extensions["screens"] = SCREENS
    app.extensions["bottom_bar"] = applications.bottom_bar
    app.extensions["public_pages"] = frozenset(
        (screen.view.__name__, method) for screen in SCREENS for method in screen.public
    )
    for screen in SCREENS:
        if screen.view is PortalView:
            continue
        if screen.menu:
            appbuilder.add_view(
                screen.view, screen.menu, href=screen.href, icon=screen.icon, label=screen.label, category=screen.category
            )
        else:
            appbuilder.add_view_no_menu(screen.view)
