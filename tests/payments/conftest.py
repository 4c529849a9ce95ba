from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.accounts.models import Person
from app.accounts.roles import Role
from app.applications.models import Application
from app.gateways.payment.simulated import SimulatedCashier
from app.payments.models import FeeOrder
from app.workflow.states import State
from tests.factories import City, application, city, fee_order, person


@dataclass
class Due:
    """An application of `applicant` in `town` that awaits payment of 480 yuan, with its order."""

    town: City
    applicant: Person
    application: Application
    order: FeeOrder


@pytest.fixture
def due(session) -> Due:
    town = city(session)
    applicant = person(session, Role.APPLICANT, serial=1)
    row = application(session, town, applicant, state=State.AWAITING_PAYMENT)
    order = fee_order(session, row)
    session.commit()
    return Due(town, applicant, row, order)


@pytest.fixture
def cashier(app) -> SimulatedCashier:
    return app.extensions["gateways"].payment
