"""SCREENS: every page of the site, FAB's own included: its place in the menu, the roles that it is first given to, and
which of its pages are public. A page that is not here does not exist."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app.accounts.roles import Role
from app.extensions import appbuilder
from app.portal.views import PortalView
from app.public_notices.grids import NoticeGrid
from app.public_notices.public_views import PublicNoticesPage
from app.public_notices.views import NoticePage
from app.reviews.grids import BodyReviewGrid, OfficeGrid, UnitReviewGrid
from app.reviews.homes import BodyHomeView, UnitHomeView
from app.reviews.opinion_page import OpinionPage
from app.reviews.views import ReviewPage
from app.web.screens import Screen

UNIT_STAFF = (Role.UNIT_OPERATOR, Role.UNIT_ADMIN)
BODY_STAFF = (Role.BODY_REVIEWER, Role.BODY_ADMIN)
OFFICE = (Role.OFFICE_ADMIN,)
REVIEWERS = (*UNIT_STAFF, *BODY_STAFF, *OFFICE)
BODIES = (*BODY_STAFF, *OFFICE)

SCREENS: tuple[Screen, ...] = (
    # portal
    Screen(PortalView, public=frozenset({"home"})),
    # public_notices
    Screen(PublicNoticesPage, public=frozenset({"list", "show", "object"})),
    Screen(NoticePage, grants={"can_post": UNIT_STAFF, "can_show": REVIEWERS, "can_answer": REVIEWERS}),
    # reviews
    Screen(UnitHomeView, menu="unit_home", label=_l("单位首页"), icon="home", grants={"can_home": UNIT_STAFF}),
    Screen(BodyHomeView, menu="body_home", label=_l("首页"), icon="home", grants={"can_home": BODIES}),
    Screen(
        UnitReviewGrid, menu="unit_review", label=_l("单位审核"), icon="clipboard-check", category="review",
        grants={"can_list": UNIT_STAFF, "report": UNIT_STAFF, "publicise": UNIT_STAFF},
    ),
    Screen(
        BodyReviewGrid, menu="body_review", label=_l("审核"), icon="clipboard-check", category="review",
        grants={"can_list": BODY_STAFF, "report": BODY_STAFF},
    ),
    Screen(
        OfficeGrid, menu="office_applications", label=_l("全部申报"), icon="list-details", category="review",
        grants={"can_list": OFFICE},
    ),
    Screen(
        NoticeGrid, menu="notices", label=_l("公示管理"), icon="world", category="review",
        grants={"can_list": REVIEWERS},
    ),
    Screen(
        ReviewPage,
        grants={
            "can_review": REVIEWERS, "can_check": REVIEWERS, "can_report": REVIEWERS,
            "can_return_to_applicant": REVIEWERS, "can_decline": UNIT_STAFF, "can_grant_return": UNIT_STAFF,
            "can_decline_return": UNIT_STAFF, "can_finish": BODIES, "can_return_to_unit": BODIES, "can_reject": BODIES,
            "can_entrust": BODIES,
        },
    ),
    Screen(OpinionPage, grants={"can_write_opinion": REVIEWERS}),
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
