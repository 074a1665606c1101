"""What a seller may see and do with a lead; the reading rule has its twin in SQL."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, false

from marketplace.kernel.policy import ALLOWED, Actor, Decision, refused
from marketplace.rfqs.models import Recipient
from marketplace.rfqs.policies import is_opened
from marketplace.rfqs.rules import COMMITTED, LIVE, RecipientState, RfqState, is_answerable, talks
from marketplace.sellers.models import Seller


def readable_by(actor: Actor) -> ColumnElement[bool]:
    """Leads (Recipient joined with Rfq and Seller) of the actor's own selling organisation, once they were opened."""
    if not actor.is_seller or actor.organisation_id is None:
        return false()
    return (Seller.organisation_id == actor.organisation_id) & is_opened()


def may_read_lead(actor: Actor, recipient: Recipient) -> bool:
    """The twin of `readable_by` on a loaded lead with its request and seller."""
    if not actor.is_seller or actor.organisation_id is None:
        return False
    return recipient.seller.organisation_id == actor.organisation_id and recipient.rfq.opened_at is not None


def may_settle(recipient: Recipient) -> Decision:
    """Whether the lead still waits for a yes, a no or another hand."""
    if is_answerable(RfqState(recipient.rfq.state), RecipientState(recipient.state)):
        return ALLOWED
    return refused(_("This lead was answered or closed meanwhile. Open it to see how it stands now."))


def may_decline(recipient: Recipient) -> Decision:
    """A no is possible before the answer and after it, as long as the request lives."""
    if recipient.state == RecipientState.WILL_QUOTE and talks(RfqState(recipient.rfq.state), RecipientState.WILL_QUOTE):
        return ALLOWED
    return may_settle(recipient)


def may_quote(recipient: Recipient) -> bool:
    """Whether a quote may be written: while the request lives and the seller did not say no."""
    if RfqState(recipient.rfq.state) not in LIVE:
        return False
    state = RecipientState(recipient.state)
    return state in COMMITTED or is_answerable(RfqState(recipient.rfq.state), state)


def may_write(recipient: Recipient) -> Decision:
    """Whether the seller may still write to the buyer."""
    if talks(RfqState(recipient.rfq.state), RecipientState(recipient.state)):
        return ALLOWED
    return refused(_("This conversation is closed, so no message can be added."))
