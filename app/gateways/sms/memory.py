"""The fake for tests: it remembers what was sent and can be told to fail."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.gateways.sms import SmsError, SmsRefused
from app.gateways.sms.numbers import is_mobile


@dataclass(frozen=True)
class SentSms:
    id: str
    phone: str
    text: str


@dataclass
class RecordingSms:
    """`sent` in order of sending; `fail_with`, while set, is raised instead of sending."""

    sent: list[SentSms] = field(default_factory=list)
    fail_with: SmsError | None = None

    def send(self, phone: str, text: str) -> str:
        if self.fail_with is not None:
            raise self.fail_with
        if not is_mobile(phone):
            raise SmsRefused("not a mainland mobile number")
        message = SentSms(f"memory-{len(self.sent) + 1}", phone, text)
        self.sent.append(message)
        return message.id

    def to(self, phone: str) -> list[str]:
        """The texts that `phone` got, oldest first."""
        return [message.text for message in self.sent if message.phone == phone]
