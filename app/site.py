"""SCREENS: every page of the site, FAB's own included: its place in the menu, the roles that it is first given to, and
which of its pages are public. A page that is not here does not exist."""

from __future__ import annotations

from flask import Flask

from app.extensions import appbuilder
from app.portal.views import PortalView
from app.web.screens import Screen

SCREENS: tuple[Screen, ...] = (
    # portal
    Screen(PortalView, public=frozenset({"home"})),
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
