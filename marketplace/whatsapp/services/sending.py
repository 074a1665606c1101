"""Messages are written with what they tell and leave after the commit, through the table of tasks as mails do.

WhatsApp takes the same message twice, so one whose sending broke off without an answer is not sent again: the notice
and its mail say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import User
from marketplace.i18n.locales import known
from marketplace.i18n.translations import speaking
from marketplace.kernel.clock import now
from marketplace.kernel.outbox import enqueue
from marketplace.kernel.outside import settings
from marketplace.notifications.handlers.rfqs import lead_of
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import in_language
from marketplace.notifications.wording import words
from marketplace.whatsapp.cloud import template_message, text_message
from marketplace.whatsapp.models import WhatsappContact, WhatsappMessage
from marketplace.whatsapp.queries import acting_seller
from marketplace.whatsapp.rules import MessageState

JOB = "whatsapp.send"


@dataclass(frozen=True)
class Leaving:
    """One message on its way."""

    message_id: int
    content: dict[str, Any]


def tell_of_lead(session: Session, recipient_id: int, user_ids: Iterable[int]) -> None:
    """Queue the template of a new lead for those of these people who agreed."""
    agreed = select(WhatsappContact.id).where(
        WhatsappContact.user_id.in_(list(user_ids)),
        WhatsappContact.phone.is_not(None),
        WhatsappContact.agreed_at.is_not(None),
        WhatsappContact.stopped_at.is_(None),
    )
    for contact_id in session.scalars(agreed.order_by(WhatsappContact.id)).all():
        _queue(session, WhatsappMessage(contact_id=contact_id, recipient_id=recipient_id, created_at=now()))


def reply(session: Session, contact: WhatsappContact, text: str) -> None:
    """Queue words that answer somebody's."""
    _queue(session, WhatsappMessage(contact_id=contact.id, text=text, created_at=now()))


def begin_sending(session: Session, message_id: int) -> Leaving | None:
    """What leaves now; None where nothing does. The attempt is written down before."""
    message = session.get(WhatsappMessage, message_id, with_for_update=True, populate_existing=True)
    if message is None or message.state != MessageState.QUEUED:
        return None
    if message.attempted_at is not None:  # whoever tried it died between
        message.state = MessageState.UNSURE
        return None
    contact = session.get_one(WhatsappContact, message.contact_id)
    # the one word that still goes to who said stop is that we heard it
    has_stopped = contact.stopped_at is not None and (
        message.recipient_id is not None or contact.stopped_at < message.created_at
    )
    # between the lead and now they may have left the seller, been suspended, or their number gone to somebody else
    is_theirs = (
        message.recipient_id is None or acting_seller(session, contact.user_id, message.recipient_id) is not None
    )
    is_agreed = contact.phone is not None and contact.agreed_at is not None and not has_stopped
    if contact.phone is None or not is_agreed or not is_theirs or not settings().whatsapp.is_on:
        message.state = MessageState.STOPPED
        return None
    message.attempted_at = now()
    if message.recipient_id is None:
        return Leaving(message.id, text_message(contact.phone, message.text))
    locale = known(session.get_one(User, contact.user_id).locale)
    lead = lead_of(session, message.recipient_id)
    line = said_of(session, message.recipient_id, locale).line
    return Leaving(
        message.id, template_message(settings().whatsapp, contact.phone, locale, line, f"leads/{lead.recipient.key}")
    )


def said_of(session: Session, recipient_id: int, locale: str) -> Any:
    """The words of a new lead's notice, in this language: goods, country and deadline, never the buyer's name."""
    with speaking(locale):
        return words(Kind.LEAD_NEW, in_language(lead_of(session, recipient_id).context, locale), locale)


def finish_sending(session: Session, message_id: int, state: MessageState, wamid: str = "", error: str = "") -> None:
    """Write down what became of it; back to `QUEUED` where it surely did not leave."""
    message = session.get(WhatsappMessage, message_id, with_for_update=True, populate_existing=True)
    if message is None:
        return
    message.state, message.wamid, message.error = state, wamid or None, error
    if state is MessageState.QUEUED:
        message.attempted_at = None


def _queue(session: Session, message: WhatsappMessage) -> None:
    session.add(message)
    session.flush()  # its task names it
    enqueue(session, JOB, message_id=message.id)
