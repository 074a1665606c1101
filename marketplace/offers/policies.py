"""Who may know of an offer. A private one is for the buyers it names and its seller: nobody else, staff included."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, false, or_, select

from marketplace.accounts.models import Organisation
from marketplace.catalogue.models import Product
from marketplace.catalogue.policies import is_public
from marketplace.kernel.policy import Actor
from marketplace.offers.models import OfferBuyer, SpotOffer
from marketplace.offers.rules import Visibility
from marketplace.sellers.models import Seller


def owned_by(actor: Actor) -> ColumnElement[bool]:
    """Offers of the actor's own organisation."""
    if not actor.is_seller or actor.organisation_id is None:
        return false()
    return SpotOffer.seller_id.in_(select(Seller.id).where(Seller.organisation_id == actor.organisation_id))


def named_to(organisation_id: int | None) -> ColumnElement[bool]:
    """Private offers that name a buying company."""
    if organisation_id is None:
        return false()
    return (SpotOffer.visibility == Visibility.PRIVATE) & exists().where(
        OfferBuyer.offer_id == SpotOffer.id, OfferBuyer.organisation_id == organisation_id
    )


def known_to_buyer(organisation_id: int | None) -> ColumnElement[bool]:
    """Offers a buying company (None: a visitor) may know of: of goods on the market, public or naming it."""
    return is_of_listed_goods() & or_(SpotOffer.visibility == Visibility.PUBLIC, named_to(organisation_id))


def readable_by(actor: Actor | None) -> ColumnElement[bool]:
    """Offers that this person may read."""
    if actor is None:
        return known_to_buyer(None)
    buyer = actor.organisation_id if actor.is_buyer and not actor.is_suspended else None
    return or_(known_to_buyer(buyer), owned_by(actor))


def is_of_listed_goods() -> ColumnElement[bool]:
    """Offers whose product everybody may see."""
    return SpotOffer.product_id.in_(
        select(Product.id)
        .join(Seller, Seller.id == Product.seller_id)
        .join(Organisation, Organisation.id == Seller.organisation_id)
        .where(is_public())
    )
