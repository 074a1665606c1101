"""Offers of a lot and closed days: what their events tell people."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts.models import Organisation
from marketplace.accounts.queries import member_ids
from marketplace.catalogue.models import Product
from marketplace.closures.events import ClosedByMentor
from marketplace.closures.models import SellerClosure
from marketplace.kernel.events import on
from marketplace.notifications.rules import Kind
from marketplace.notifications.services import ByLanguage, notify
from marketplace.offers.events import OfferEnded, OfferMade
from marketplace.offers.models import SpotOffer
from marketplace.sellers.models import Seller


@on(OfferMade)
def say_offered(session: Session, event: OfferMade) -> None:
    """The people of the companies that a private offer names, and nobody else."""
    offer = session.get_one(SpotOffer, event.offer_id)
    words = {**_named(session, offer), "date": offer.closes_at.date().isoformat()}
    for organisation_id in event.organisation_ids:
        people = member_ids(session, organisation_id)
        notify(session, Kind.OFFER_FOR_YOU, f"offer:{offer.id}", people, words, f"/offers/{offer.key}")


@on(OfferEnded)
def say_ended(session: Session, event: OfferEnded) -> None:
    """The seller learns that an offer is over, once."""
    offer = session.get_one(SpotOffer, event.offer_id)
    seller = session.get_one(Seller, offer.seller_id)
    people = member_ids(session, seller.organisation_id)
    notify(session, Kind.OFFER_ENDED, f"offer:{offer.id}", people, _named(session, offer), "/selling/offers")


@on(ClosedByMentor)
def say_closed(session: Session, event: ClosedByMentor) -> None:
    """The seller learns of the days that their mentor entered for them."""
    row = session.get_one(SellerClosure, event.closure_id)
    seller = session.get_one(Seller, row.seller_id)
    words = {"begins": row.closed_from.isoformat(), "date": row.closed_to.isoformat()}
    people = member_ids(session, seller.organisation_id)
    notify(session, Kind.CLOSED_BY_MENTOR, f"closure:{row.id}", people, words, "/selling/closures")


def _named(session: Session, offer: SpotOffer) -> dict[str, Any]:
    product = session.get_one(Product, offer.product_id)
    seller = session.get_one(Seller, offer.seller_id)
    return {
        "product": ByLanguage(product.card_titles, product.original_language),
        "organisation": session.get_one(Organisation, seller.organisation_id).name,
    }
