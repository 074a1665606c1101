"""A person agrees by writing a code from their own number, so that nobody agrees for somebody else's."""

from __future__ import annotations

import secrets

from sqlalchemy import update
from sqlalchemy.orm import Session

from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFound
from marketplace.kernel.policy import Actor
from marketplace.whatsapp.models import WhatsappContact
from marketplace.whatsapp.queries import contact_of
from marketplace.whatsapp.rules import CODE_LIFE

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def begin(session: Session, actor: Actor) -> WhatsappContact:
    """A fresh code for this person, good for a day; `NotFound` for who gets no leads."""
    if not actor.is_seller or actor.is_suspended:
        raise NotFound
    contact = contact_of(session, actor.user_id, is_locked=True)
    if contact is None:
        contact = WhatsappContact(user_id=actor.user_id)
        session.add(contact)
    contact.code = "".join(secrets.choice(_LETTERS) for _ in range(10))
    contact.code_until = now() + CODE_LIFE
    return contact


def end(session: Session, actor: Actor) -> None:
    """No more messages to this person; as good as the word STOP."""
    contact = contact_of(session, actor.user_id, is_locked=True)
    if contact is not None:
        stop(contact)


def agree(session: Session, contact: WhatsappContact, phone: str) -> None:
    """The code came from ``phone``: whose number it was before gets nothing any more."""
    others = WhatsappContact.phone == phone, WhatsappContact.id != contact.id
    session.execute(update(WhatsappContact).where(*others).values(phone=None, agreed_at=None))
    session.flush()  # the number must be free before it is taken
    contact.phone, contact.agreed_at, contact.stopped_at = phone, now(), None
    contact.code, contact.code_until = "", None


def stop(contact: WhatsappContact) -> None:
    """From now on nothing leaves for this person, not even what is queued."""
    contact.stopped_at = contact.stopped_at or now()
    contact.code, contact.code_until = "", None
