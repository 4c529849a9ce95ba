from __future__ import annotations

import pytest

from app.gateways.sms import SmsGateway, SmsRefused, SmsUnavailable
from app.gateways.sms.memory import RecordingSms
from app.gateways.sms.outbox import OutboxOnlySms

PHONE = "13800138000"


@pytest.fixture(params=[OutboxOnlySms, RecordingSms])
def gateway(request: pytest.FixtureRequest) -> SmsGateway:
    return request.param()


def test_every_message_gets_its_own_id(gateway: SmsGateway) -> None:
    ids = {gateway.send(PHONE, "同一内容") for _ in range(3)}
    assert len(ids) == 3
    assert all(PHONE not in message_id for message_id in ids)


@pytest.mark.parametrize(
    "phone", ["", "07711234567", "1380013800", "138001380000", "١٣٨٠٠١٣٨٠٠٠", "13800138000\n"]
)
def test_what_is_no_mobile_number_is_refused_without_naming_it(gateway: SmsGateway, phone: str) -> None:
    with pytest.raises(SmsRefused) as refusal:
        gateway.send(phone, "内容")
    assert str(refusal.value) == "not a mainland mobile number"


def test_the_demonstration_keeps_no_phone_number() -> None:
    gateway = OutboxOnlySms()
    gateway.send(PHONE, "内容")
    assert vars(gateway) == {}


def test_the_fake_remembers_texts_by_phone_and_fails_when_told() -> None:
    gateway = RecordingSms()
    gateway.send(PHONE, "一")
    gateway.send("13900139000", "二")
    assert gateway.to(PHONE) == ["一"]
    gateway.fail_with = SmsUnavailable("busy")
    with pytest.raises(SmsUnavailable):
        gateway.send(PHONE, "三")
    assert [message.text for message in gateway.sent] == ["一", "二"]
