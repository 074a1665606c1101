"""Who may read and act on a quote. A seller knows of their own alone: neither rivals' quotes nor how many there are."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import aliased

from marketplace.kernel.policy import Actor
from marketplace.quotes.models import Quote, QuotePool, QuoteVersion
from marketplace.quotes.rules import UNSENT, QuoteState
from marketplace.rfqs.models import Recipient, Rfq
from marketplace.rfqs.policies import is_opened, owned_by
from marketplace.rfqs.rules import Side
from marketplace.sellers.models import Seller


def quoted_by(actor: Actor) -> ColumnElement[bool]:
    """Recipients (joined with Rfq and Seller) for whom the actor's organisation writes quotes."""
    if not actor.is_seller or actor.organisation_id is None:
        return false()
    return (Seller.organisation_id == actor.organisation_id) & is_opened()


def named_to_coordinate(actor: Actor) -> ColumnElement[bool]:
    """Pools for which their seller named the actor's chapter, whether it has agreed yet or not."""
    if not actor.is_partner or actor.organisation_id is None or actor.is_suspended:
        return false()
    return QuotePool.coordinator_id == actor.organisation_id


def coordinated_by(actor: Actor) -> ColumnElement[bool]:
    """Recipients (joined with Rfq) whose pool the actor's chapter coordinates: named by the seller, and agreed."""
    agreed = select(QuotePool.recipient_id).where(
        named_to_coordinate(actor), QuotePool.coordinator_agreed_at.is_not(None)
    )
    return Recipient.id.in_(agreed) & is_opened()


def written_by(actor: Actor) -> ColumnElement[bool]:
    """Recipients (joined with Rfq and Seller) whose pool and quote the actor may write: the seller's own people, and
    the chapter that coordinates. What binds the seller to a buyer's terms stays with `quoted_by`."""
    return coordinated_by(actor) if actor.is_partner else quoted_by(actor)


def rivals_of_coordinated(actor: Actor) -> ColumnElement[bool]:
    """Recipients of requests to which the actor's chapter was named to coordinate one seller's quote: it writes that
    seller's price, so the others' quotes are a rival's to it, also where it brought the buyer."""
    named = aliased(Recipient)
    requests = (
        select(named.rfq_id).join(QuotePool, QuotePool.recipient_id == named.id).where(named_to_coordinate(actor))
    )
    return Recipient.rfq_id.in_(requests)


def own_shares(actor: Actor) -> ColumnElement[bool]:
    """Shares of pools (joined with Seller) that were offered to the actor's organisation."""
    if not actor.is_seller or actor.organisation_id is None:
        return false()
    return Seller.organisation_id == actor.organisation_id


def readable_versions(side: Side) -> ColumnElement[bool]:
    """Versions one side of a quote may read: everything that was sent; the seller also their own unsent one."""
    was_sent = QuoteVersion.number.is_not(None)
    return was_sent if side is Side.BUYER else was_sent | (QuoteVersion.author_side == Side.SELLER)


def bought_by(actor: Actor) -> ColumnElement[bool]:
    """Requests whose quotes the actor's company may read and accept."""
    return owned_by(actor)


def mentored_by(actor: Actor) -> ColumnElement[bool]:
    """Sellers whose first quotes pass this person: their own charges; an operator steps in for any mentor."""
    if actor.is_operator:
        return Seller.mentor_id.is_not(None)
    if actor.is_curator:
        return Seller.mentor_id == actor.user_id
    return false()


def waits_for_mentor() -> ColumnElement[bool]:
    """Versions (joined with Quote) that a mentor has to look at."""
    return (QuoteVersion.state == QuoteState.MENTOR_REVIEW) & (QuoteVersion.quote_id == Quote.id)


def dealt_by(actor: Actor) -> ColumnElement[bool]:
    """Deals (joined with Rfq and Seller) in which the actor's organisation is a party."""
    if actor.organisation_id is None:
        return false()
    if actor.is_seller:
        return Seller.organisation_id == actor.organisation_id
    if actor.is_buyer:
        return Rfq.buyer_id == actor.organisation_id
    return false()


def is_unsent(version: QuoteVersion) -> bool:
    """Whether the seller may still write in it, or its mentor still reads it."""
    return QuoteState(version.state) in UNSENT
