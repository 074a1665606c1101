"""Who agreed to messages on WhatsApp, what was sent to them, and what came back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Key, LongText, Model, Text20, Text40, reference
from marketplace.whatsapp.rules import MessageState, Outcome


class WhatsappContact(Model):
    """A person who agreed by writing from their own number; ``code`` is what they have to write."""

    __tablename__ = "whatsapp_contact"
    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)  # E.164; one person's at a time
    code: Mapped[Text20] = mapped_column(default="", index=True)
    code_until: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class WhatsappMessage(Model):
    """One message to one person: of a lead by a template, or words that answer theirs."""

    __tablename__ = "whatsapp_message"
    __table_args__ = (Index("ix_whatsapp_message_created_at", "created_at"),)
    id: Mapped[Key]
    contact_id: Mapped[int] = reference("whatsapp_contact.id", cascade=True)
    recipient_id: Mapped[int | None] = reference("rfq_recipient.id", nullable=True, cascade=True)
    text: Mapped[LongText] = mapped_column(default="")  # empty: the template of a new lead
    wamid: Mapped[str | None] = mapped_column(String(200), unique=True)  # WhatsApp's name of it
    state: Mapped[Text20] = mapped_column(default=MessageState.QUEUED)
    error: Mapped[Text40] = mapped_column(default="")
    created_at: Mapped[datetime]
    attempted_at: Mapped[datetime | None]


class WhatsappReceived(Model):
    """A message that came in, once. Of strangers nothing is kept; words go once they are filed."""

    __tablename__ = "whatsapp_received"
    id: Mapped[Key]
    wamid: Mapped[str] = mapped_column(String(200), unique=True)
    contact_id: Mapped[int | None] = reference("whatsapp_contact.id", nullable=True, cascade=True)
    answers: Mapped[str] = mapped_column(String(200), default="")  # WhatsApp's name of the message it replies to
    text: Mapped[LongText] = mapped_column(default="")
    choices: Mapped[list[str]]  # keys of the leads that were asked about
    outcome: Mapped[Text20] = mapped_column(default=Outcome.WAITING)
    sent_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)
