"""Fee orders and every payment ever reported for one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.orm import Base, Choice, UtcDateTime


class OrderStatus(StrEnum):
    DUE = "due"
    PAID = "paid"
    WAIVED = "waived"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"  # withdrawn before anything was paid
    REFUND_DUE = "refund_due"  # withdrawn: the provider has still to pay back
    REFUND_FAILED = "refund_failed"  # the provider refuses; asked again every minute
    REFUNDED = "refunded"


class FeeOrder(Base):
    """One fee of one application. `code_url` is what the QR code says, valid until `code_expires_at`, then renewed."""

    __tablename__ = "fee_order"
    __table_args__ = (
        sa.CheckConstraint("amount_fen > 0", name="amount"),
        # paid twice is never possible: one order that is due or paid for an application
        sa.Index(
            "uq_fee_order_live",
            "application_id",
            unique=True,
            sqlite_where=sa.text("status IN ('due', 'paid')"),
            postgresql_where=sa.text("status IN ('due', 'paid')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(32), unique=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("application.id"), index=True)
    amount_fen: Mapped[int]
    status: Mapped[OrderStatus] = mapped_column(Choice(OrderStatus, "status"), default=OrderStatus.DUE, index=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    code_url: Mapped[str] = mapped_column(sa.String(300), default="")
    code_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    receipt_no: Mapped[str | None] = mapped_column(sa.String(32), unique=True)
    waiver_reason: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    application = relationship("Application", lazy="raise_on_sql")

    @property
    def yuan(self) -> str:
        """480.00"""
        return f"{self.amount_fen // 100}.{self.amount_fen % 100:02d}"


class Payment(Base):
    """A payment that the provider reported. Only one is booked for an order; any other waits for its refund."""

    __tablename__ = "payment"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(sa.ForeignKey("fee_order.id"), index=True)
    transaction_id: Mapped[str] = mapped_column(sa.String(64), unique=True)
    amount_fen: Mapped[int]
    paid_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    booked: Mapped[bool]
    refund_reason: Mapped[str] = mapped_column(sa.String(200), default="")
