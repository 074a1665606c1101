"""What this domain keeps about a person: their number, if they agreed, and answers that wait to be filed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketplace.kernel.personal_data import PersonalData, register
from marketplace.whatsapp.models import WhatsappContact, WhatsappReceived


def export(session: Session, user_id: int) -> dict[str, Any]:
    """The number, since when, and what they wrote of which we asked to which lead it belongs."""
    contact = session.scalar(select(WhatsappContact).where(WhatsappContact.user_id == user_id))
    if contact is None:
        return {}
    held = session.scalars(
        select(WhatsappReceived.text).where(WhatsappReceived.contact_id == contact.id, WhatsappReceived.text != "")
    )
    return {
        "number": contact.phone or "",
        "agreed_at": contact.agreed_at.isoformat() if contact.agreed_at else "",
        "stopped_at": contact.stopped_at.isoformat() if contact.stopped_at else "",
        "waiting": list(held),
    }


def erase(session: Session, user_id: int) -> None:
    """The number goes, with every message to and from it."""
    session.execute(delete(WhatsappContact).where(WhatsappContact.user_id == user_id))
    session.expire_all()


register(PersonalData("whatsapp", export, erase))
