"""Who reads samples, deals on their way and outcomes: the two sides act, mentor and market partner read."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true

from marketplace.fairs.models import Fair
from marketplace.fairs.policies import kept_by
from marketplace.kernel.policy import Actor
from marketplace.orders.models import Outcome, Sample
from marketplace.partners.models import Chapter
from marketplace.quotes.models import Deal
from marketplace.rfqs.models import Rfq
from marketplace.rfqs.rules import Side
from marketplace.sellers.models import Seller

DESK = "/console"


def side_of(actor: Actor) -> Side | None:
    """The side an actor's company stands on; None for staff and partners, who only read."""
    if actor.organisation_id is None:
        return None
    return Side.SELLER if actor.is_seller else Side.BUYER if actor.is_buyer else None


def root_for(actor: Actor) -> str:
    """What the local paths of samples, deals and papers begin with: the desk and mentors have their own."""
    return DESK if actor.is_staff else ""


def own_samples(actor: Actor) -> ColumnElement[bool]:
    """Samples (joined with Seller) of the actor's own company."""
    side = side_of(actor)
    if side is Side.SELLER:
        return Seller.organisation_id == actor.organisation_id
    return Sample.buyer_id == actor.organisation_id if side is Side.BUYER else false()


def own_deals(actor: Actor) -> ColumnElement[bool]:
    """Deals (joined with Seller) of the actor's own company."""
    side = side_of(actor)
    if side is Side.SELLER:
        return Seller.organisation_id == actor.organisation_id
    return Deal.buyer_id == actor.organisation_id if side is Side.BUYER else false()


def accompanies(actor: Actor) -> ColumnElement[bool]:
    """Trades (joined with Seller and Rfq) that a mentor of the seller, an operator or the chapter may read."""
    if actor.is_operator:
        return true()
    if actor.is_curator:
        return Seller.mentor_id == actor.user_id
    if actor.is_partner and actor.organisation_id is not None:
        return Rfq.chapter_id.in_(select(Chapter.id).where(Chapter.organisation_id == actor.organisation_id))
    return false()


def readable_samples(actor: Actor) -> ColumnElement[bool]:
    """Samples (joined with Seller and Rfq) the actor may read."""
    return or_(own_samples(actor), accompanies(actor))


def readable_deals(actor: Actor) -> ColumnElement[bool]:
    """Deals (joined with Seller and Rfq) the actor may read."""
    return or_(own_deals(actor), accompanies(actor))


def readable_outcomes(actor: Actor) -> ColumnElement[bool]:
    """Outcomes (joined with Seller): all for staff, a chapter's own, a pesantren's own."""
    if actor.is_staff:
        return true()
    if actor.is_partner and actor.organisation_id is not None:
        return Outcome.chapter_id.in_(select(Chapter.id).where(Chapter.organisation_id == actor.organisation_id))
    if actor.is_seller and actor.organisation_id is not None:
        return Seller.organisation_id == actor.organisation_id
    return false()


def readable_outcomes_of_fairs(actor: Actor) -> ColumnElement[bool]:
    """Outcomes of fairs (joined with Seller): a chapter those of its own fairs, whoever brought the buyer; a pesantren
    its own; staff all."""
    if actor.is_seller:
        return readable_outcomes(actor) & (Outcome.fair != "")
    return Outcome.fair.in_(select(Fair.code).where(kept_by(actor)))
