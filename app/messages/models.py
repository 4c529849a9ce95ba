"""Messages waiting, sent, and read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.orm import Base, Choice, Sealed, UtcDateTime


class Channel(StrEnum):
    SMS = "sms"
    SITE = "site"


class MessageStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Message(Base):
    """One message. An SMS needs a phone (sealed here too, because it may go to somebody without an account yet); a
    message in the site needs a person."""

    __tablename__ = "message"
    __table_args__ = (
        sa.Index("ix_message_waiting", "status", "channel", "id"),
        sa.Index("ix_message_person", "person_id", "channel", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Channel] = mapped_column(Choice(Channel, "channel"))
    template: Mapped[str] = mapped_column(sa.String(32))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))
    application_id: Mapped[int | None] = mapped_column(sa.ForeignKey("application.id"))
    phone: Mapped[str | None] = mapped_column(Sealed("message.phone"))
    phone_masked: Mapped[str] = mapped_column(sa.String(16), default="")
    text: Mapped[str] = mapped_column(Sealed("message.text"))
    status: Mapped[MessageStatus] = mapped_column(Choice(MessageStatus, "status"), default=MessageStatus.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    provider_id: Mapped[str] = mapped_column(sa.String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
