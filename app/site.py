"""SCREENS: every page of the site, FAB's own included: its place in the menu, the roles that it is first given to, and
which of its pages are public. A page that is not here does not exist."""

from __future__ import annotations

from flask import Flask

from app.accounts.account_views import AccountView
from app.accounts.login_views import ForgottenView, HomeView, OrgLoginView, PersonLoginView
from app.accounts.registration_views import CaptchaView, RegistrationView, SmsCodeView
from app.accounts.roles import Role
from app.extensions import appbuilder
from app.portal.views import PortalView
from app.web.screens import Screen

EVERYBODY = tuple(Role)

SCREENS: tuple[Screen, ...] = (
    # portal
    Screen(PortalView, public=frozenset({"home"})),
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
