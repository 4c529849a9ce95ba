"""SCREENS: every page of the site, FAB's own included: its place in the menu, the roles that it is first given to, and
which of its pages are public. A page that is not here does not exist."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from app import models as _tables  # noqa: F401  # relations name tables of other packages
from app.accounts.roles import Role
from app.certificates.personal import MyCertificatesView, VerifyView
from app.certificates.views import CertificateGrid, CertificateView, IssueView
from app.extensions import appbuilder
from app.meetings.approvals import ApprovalView
from app.meetings.views import MeetingGrid, MeetingView
from app.messages.views import DemoView, MessageGrid, MessageView
from app.payments.callback import CallbackView
from app.payments.cashier import CashierView
from app.payments.views import FeeGrid, FeeView, PaymentView
from app.portal.views import PortalView
from app.web.screens import Screen

SCREENS: tuple[Screen, ...] = (
    # portal
    Screen(PortalView, public=frozenset({"home"})),
    # certificates
    Screen(
        MyCertificatesView, menu="my_certificates", label=_l("证书打印"), icon="certificate",
        grants={"can_print": (Role.APPLICANT,)},
    ),
    Screen(
        IssueView, menu="issue", label=_l("发证"), icon="certificate",
        grants={"can_issue": (Role.BODY_ADMIN, Role.OFFICE_ADMIN)},
    ),
    Screen(
        CertificateGrid, menu="certificates", label=_l("证书"), icon="award",
        grants={"can_list": (Role.BODY_REVIEWER, Role.BODY_ADMIN, Role.OFFICE_ADMIN)},
    ),
    Screen(
        CertificateView,
        grants={
            "can_read": (Role.BODY_REVIEWER, Role.BODY_ADMIN, Role.OFFICE_ADMIN), "can_revoke": (Role.OFFICE_ADMIN,),
        },
    ),
    Screen(VerifyView, public=frozenset({"verify", "check", "scanned"})),
    # meetings
    Screen(
        MeetingGrid, menu="meetings", label=_l("组织评审"), icon="gavel",
        grants={"can_list": (Role.BODY_REVIEWER, Role.BODY_ADMIN, Role.OFFICE_ADMIN)},
    ),
    Screen(
        MeetingView,
        grants={
            "can_read": (Role.BODY_REVIEWER, Role.BODY_ADMIN, Role.OFFICE_ADMIN),
            "can_convene": (Role.BODY_ADMIN, Role.OFFICE_ADMIN),
        },
    ),
    Screen(
        ApprovalView, menu="approvals", label=_l("结果批准"), icon="rubber-stamp",
        grants={"can_approve": (Role.OFFICE_ADMIN,)},
    ),
    # messages
    Screen(MessageView, grants={"can_read": tuple(Role)}),
    Screen(
        MessageGrid, menu="outbox", label=_l("短信发件箱"), icon="messages", grants={"can_list": (Role.SYSTEM_ADMIN,)},
    ),
    Screen(DemoView, public=frozenset({"sms"})),
    # payments
    Screen(PaymentView, grants={"can_pay": (Role.APPLICANT,)}),
    Screen(
        FeeGrid, menu="fees", label=_l("缴费"), icon="cash",
        grants={"can_list": (Role.BODY_REVIEWER, Role.BODY_ADMIN, Role.OFFICE_ADMIN)},
    ),
    Screen(
        FeeView,
        grants={
            "can_read": (Role.BODY_REVIEWER, Role.BODY_ADMIN, Role.OFFICE_ADMIN),
            "can_waive": (Role.BODY_ADMIN, Role.OFFICE_ADMIN),
        },
    ),
    Screen(CallbackView, public=frozenset({"callback"})),
    Screen(CashierView, public=frozenset({"cashier", "pay"})),
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
