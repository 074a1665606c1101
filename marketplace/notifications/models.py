"""Outgoing messages and who wants which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Key, Model, Text20, Text40, Text200, reference


class Notice(Model):
    """One notice to one person about one event: made in the event's transaction, delivered once by a job.

    ``dedupe_key`` makes a second notice about the same thing impossible. ``context`` holds codes and
    names for the wording; its link token, and ``address``, are emptied once the mail has left.
    """

    __tablename__ = "notice"
    id: Mapped[Key]
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    user_id: Mapped[int | None] = reference("user_account.id", nullable=True, cascade=True)  # none: invited by address
    kind: Mapped[Text40]
    channel: Mapped[Text20]  # mail | page (no e-mail address: shown in the account only)
    address: Mapped[Text200] = mapped_column(default="")  # when it differs from the account's
    locale: Mapped[Text20]
    context: Mapped[dict[str, Any]]
    href: Mapped[Text200] = mapped_column(default="")
    created_at: Mapped[datetime]
    attempted_at: Mapped[datetime | None]  # a delivery is under way, or broke off without an answer
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class Preference(Model):
    """A person's choice for one kind of notice; a missing row means the kind's default."""

    __tablename__ = "notification_preference"
    __table_args__ = (UniqueConstraint("user_id", "kind"),)
    id: Mapped[Key]
    user_id: Mapped[int] = reference("user_account.id", cascade=True)
    kind: Mapped[Text40]
    is_on: Mapped[bool]


class ReplyAddress(Model):
    """What makes the address under which one person may answer one conversation by mail.

    The address itself is signed and kept nowhere. It is good until ``expires_at``; deleting the row revokes it, and the
    next mail brings another one.
    """

    __tablename__ = "reply_address"
    __table_args__ = (UniqueConstraint("recipient_id", "user_id"),)
    id: Mapped[Key]
    recipient_id: Mapped[int] = reference("rfq_recipient.id", index=False, cascade=True)
    user_id: Mapped[int] = reference("user_account.id", cascade=True)
    nonce: Mapped[Text40]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ReceivedMail(Model):
    """A mail that was read for one reply address; ``key`` is a hash of its Message-ID, so that it counts once."""

    __tablename__ = "received_mail"
    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    outcome: Mapped[Text20]
    received_at: Mapped[datetime] = mapped_column(index=True)
