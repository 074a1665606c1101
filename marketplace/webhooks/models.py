"""Addresses that take events, and what was sent to each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Key, LongText, Model, Text20, Text40, Text200, Text500, reference
from marketplace.webhooks.rules import DeliveryState


class WebhookEndpoint(Model):
    """An address of an organisation's own system. Secrets are sealed (see `kernel.sealing`)."""

    __tablename__ = "webhook_endpoint"
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = reference("organisation.id")
    url: Mapped[Text500]
    kinds: Mapped[list[str]]
    secret: Mapped[Text500]
    former_secret: Mapped[Text500] = mapped_column(default="")
    former_until: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = reference("user_account.id", nullable=True, index=False)
    created_at: Mapped[datetime]
    off_at: Mapped[datetime | None]
    off_why: Mapped[Text20] = mapped_column(default="")
    failing_since: Mapped[datetime | None]  # the first failure after the last success
    silences: Mapped[int] = mapped_column(default=0)  # tries in a row without any answer
    rests_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}


class WebhookDelivery(Model):
    """One event for one endpoint. ``key`` and ``body`` stay the same however often it is sent."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_of_endpoint", "endpoint_id", "id"),
        Index("ix_webhook_delivery_created_at", "created_at"),
    )
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(40), unique=True)
    endpoint_id: Mapped[int] = reference("webhook_endpoint.id", cascade=True, index=False)
    kind: Mapped[Text40]
    body: Mapped[LongText]
    state: Mapped[Text20] = mapped_column(default=DeliveryState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]  # of the last answer
    fault: Mapped[Text20] = mapped_column(default="")  # why there was none, see `kernel.outlet`
    answer: Mapped[Text200] = mapped_column(default="")  # how it began
    milliseconds: Mapped[int | None]
    finished_at: Mapped[datetime | None]
