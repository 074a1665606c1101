"""New leads: who is told on WhatsApp."""

from __future__ import annotations

from sqlalchemy.orm import Session

from marketplace.kernel.events import on
from marketplace.kernel.outside import settings
from marketplace.notifications.handlers.rfqs import lead_of, seller_people
from marketplace.rfqs.events import RecipientInvited
from marketplace.whatsapp.services import tell_of_lead


@on(RecipientInvited)
def tell_new_lead(session: Session, event: RecipientInvited) -> None:
    """The seller's people who agreed to it; nothing where WhatsApp is not set up."""
    if settings().whatsapp.is_on:
        tell_of_lead(session, event.recipient_id, seller_people(session, lead_of(session, event.recipient_id)))
