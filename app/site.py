"""SCREENS: every page of the site, FAB's own included: its place in the menu, the roles that it is first given to, and
which of its pages are public. A page that is not here does not exist."""

from __future__ import annotations

from flask import Flask

from app.accounts.roles import Role
from app.applications import views as applications
from app.extensions import appbuilder
from app.portal.views import PortalView
from app.web.screens import Screen

FILE_READERS = (
    Role.APPLICANT, Role.UNIT_OPERATOR, Role.UNIT_ADMIN, Role.BODY_REVIEWER, Role.BODY_ADMIN, Role.OFFICE_ADMIN,
)  # fmt: skip

SCREENS: tuple[Screen, ...] = (
    # portal
    Screen(PortalView, public=frozenset({"home"})),
    # applications
    Screen(applications.MyHomeView, "MyHome", "首页", "home", grants={"can_home": (Role.APPLICANT,)}),
    Screen(applications.ApplyView, "Apply", "职称申报", "file-certificate", grants={"can_apply": (Role.APPLICANT,)}),
    Screen(applications.UnitChangeView, "UnitChange", "单位调整", "building",
           grants={"can_change_unit": (Role.APPLICANT,)}),
    Screen(applications.TasksView, grants={"can_tasks": (Role.APPLICANT,)}),
    Screen(applications.SectionView, grants={"can_fill": (Role.APPLICANT,)}),
    Screen(applications.UploadView, grants={"can_upload": (Role.APPLICANT,)}),
    Screen(applications.CheckView, grants={"can_check": (Role.APPLICANT,)}),
    Screen(applications.ProgressView, grants={"can_progress": (Role.APPLICANT,)}),
    Screen(applications.FileView, grants={"can_file": FILE_READERS}),
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
