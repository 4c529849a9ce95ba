"""Writing to the outbox, and delivering what waits in it."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.gateways.sms import SmsGateway, SmsRefused, SmsUnavailable
from app.messages.models import Channel, Message, MessageStatus
from app.orm import mask_phone

log = logging.getLogger(__name__)

MAX_TRIES = 5
DELIVER = "app.jobs.messages.deliver"
# the office edits these texts in the catalogue, which stands above this package
TEMPLATES = sa.table("catalogue_sms_template", sa.column("code"), sa.column("text"))


class Addressee(Protocol):
    """Of a person only what a message needs."""

    id: int
    phone: str | None


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def wording(session: Session, template: str, values: dict[str, Any]) -> str:
    """The text of an SMS template (catalogue, editable by the office) with its placeholders filled."""
    text = session.scalar(sa.select(TEMPLATES.c.text).where(TEMPLATES.c.code == template))
    if text is None:
        raise LookupError(f"no SMS template {template}")
    return text.format_map(_Blank(values))


def send_sms(
    session: Session, *, template: str, phone: str, now: datetime, person_id: int | None = None,
    application_id: int | None = None, **values: Any,
) -> Message:
    """Puts an SMS into the outbox in the caller's transaction; it is delivered after the commit."""
    message = Message(
        channel=Channel.SMS,
        template=template,
        person_id=person_id,
        application_id=application_id,
        phone=phone,
        phone_masked=mask_phone(phone),
        text=wording(session, template, values),
        created_at=now,
    )
    session.add(message)
    session.flush()
    enqueue_after_commit(session, DELIVER, message.id)
    return message


def tell(
    session: Session, person: Addressee, *, template: str, now: datetime, application_id: int | None = None,
    sms: bool = True, **values: Any,
) -> None:
    """Tells a person in the site and, unless `sms` is off, by SMS."""
    session.add(
        Message(
            channel=Channel.SITE,
            template=template,
            person_id=person.id,
            application_id=application_id,
            text=wording(session, template, values),
            status=MessageStatus.SENT,
            created_at=now,
            sent_at=now,
        )
    )
    if sms and person.phone:
        send_sms(
            session, template=template, phone=person.phone, now=now, person_id=person.id,
            application_id=application_id, **values,
        )


def tell_unit(
    session: Session, unit_id: int, *, template: str, now: datetime, application_id: int | None = None, **values: Any
) -> None:
    """Leaves a message in the site for everybody who works for the unit (read by any of them)."""
    session.add(
        Message(
            channel=Channel.SITE, template=template, unit_id=unit_id, application_id=application_id,
            text=wording(session, template, values), status=MessageStatus.SENT, created_at=now, sent_at=now,
        )
    )


def enqueue_after_commit(session: Session, job: str, *arguments: Any) -> None:
    """Remembers a job by its dotted name until the transaction is committed (extensions.py enqueues it then). What cannot
    be enqueued is not lost: the outbox still shows it as waiting."""
    session.info.setdefault("jobs", []).append((job, arguments))


def deliver(session: Session, message_id: int, gateway: SmsGateway, *, now: datetime) -> bool:
    """Sends one waiting SMS; True if it went out (or had gone out before). Repeated calls send it once."""
    claimed = session.execute(
        sa.update(Message)
        .where(Message.id == message_id, Message.status == MessageStatus.WAITING, Message.tries < MAX_TRIES)
        .values(tries=Message.tries + 1)
    )
    message = session.get(Message, message_id)
    if message is None or claimed.rowcount != 1:
        return message is not None and message.status is MessageStatus.SENT
    try:
        message.provider_id = gateway.send(message.phone or "", message.text)
    except (SmsRefused, SmsUnavailable) as error:
        log.warning("message %s not sent: %s", message_id, type(error).__name__)
        if isinstance(error, SmsRefused) or message.tries >= MAX_TRIES:
            message.status = MessageStatus.FAILED
        return False
    message.status, message.sent_at = MessageStatus.SENT, now
    return True


def waiting(session: Session) -> list[int]:
    """The ids of SMS that still wait, oldest first: what a lost queue left behind."""
    return list(
        session.scalars(
            sa.select(Message.id)
            .where(Message.status == MessageStatus.WAITING, Message.channel == Channel.SMS)
            .order_by(Message.id)
        )
    )


def erase(session: Session, person: Addressee) -> None:
    """Deletes every message to a person, for the end of the account; what was told to the unit stays."""
    session.execute(
        sa.delete(Message).where(Message.person_id == person.id).execution_options(synchronize_session=False)
    )
